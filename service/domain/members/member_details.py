"""What the information set of a member holds besides what transfers need, and how complete it is (R-040, R-208).

Twenty fields count; duty and graduation stand in other sets of the same person and do not.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from operator import attrgetter
from typing import Any

from service.domain import contacts
from service.domain.errors import FieldError
from service.domain.members import member_records
from service.domain.members.member_records import Record
from service.domain.members.members import Member, MemberKind
from service.domain.names import invisible, normalised, private

NONE_WORDS = frozenset({"无", "无。", "没有", "none", "n/a"})
_MAY_BE_NONE = "social_stratum"
_ALWAYS_FILLED = 9
"""Name, identity number, sex, birth date, kind, branch, and three marks that are yes or no."""
_COUNTED_OF_MEMBER = ("ethnicity", "joined_on", "mobile")
_COUNTED_OF_DETAILS = (
    "native_place", "education", "work_post", "professional_title", "social_stratum", "other_contact", "home_address",
)  # fmt: skip
COUNTED_FULL = _ALWAYS_FILLED + len(_COUNTED_OF_MEMBER) + len(_COUNTED_OF_DETAILS) + 1
"""Of a full member, who has a date on which he became one; of a probationary member one less."""
_TEXTS = (*_COUNTED_OF_DETAILS, "floating_to", "duty")


@dataclass(frozen=True, slots=True)
class Details:
    """The further fields of a member; stored sealed under his own key."""

    native_place: str = ""
    education: str = ""
    work_post: str = ""
    professional_title: str = ""
    social_stratum: str = ""
    other_contact: str = ""
    home_address: str = ""
    is_lost_contact: bool = False
    lost_on: date | None = None
    is_floating: bool = False
    floating_to: str = ""
    duty: str = ""
    is_migrant_worker: bool = False


NO_DETAILS = Details()
_own, _further = attrgetter(*_COUNTED_OF_MEMBER), attrgetter(*_COUNTED_OF_DETAILS)
DETAIL_FIELDS = tuple(each.name for each in fields(Details))


def details_of(facts: Mapping[str, Any]) -> Details:
    """The details among clean facts; dates may be written as text."""
    given = {name: facts[name] for name in DETAIL_FIELDS if facts.get(name) is not None}
    given |= {name: normalised(str(given[name])) for name in _TEXTS if name in given}
    if isinstance(given.get("lost_on"), str):
        given["lost_on"] = date.fromisoformat(given["lost_on"]) if given["lost_on"] else None
    return Details(**given)


def plain_of(details: Details) -> dict[str, Any]:
    """The details as plain JSON values."""
    values = asdict(details)
    values["lost_on"] = details.lost_on.isoformat() if details.lost_on else None
    return values


def counted(kind: MemberKind) -> int:
    """How many fields count."""
    return COUNTED_FULL if kind is MemberKind.FULL else COUNTED_FULL - 1


def filled(member: Member, details: Details) -> int:
    """How many of the counted fields are filled in."""
    dated = member.kind is MemberKind.FULL and member.full_on is not None
    own = sum(map(bool, _own(member)))
    further = 0 if details is NO_DETAILS else sum(map(bool, _further(details)))
    return _ALWAYS_FILLED + own + further + dated


def percent(number: int, kind: MemberKind) -> int:
    """Completeness in whole per cent; 100 only when nothing is missing."""
    return number * 100 // counted(kind)


def missing(member: Member, details: Details) -> tuple[str, ...]:
    """The counted fields that are empty, mandatory and other ones alike."""
    own = (*_COUNTED_OF_MEMBER, *(("full_on",) if member.kind is MemberKind.FULL else ()))
    return (
        *(name for name in own if not getattr(member, name)),
        *(name for name in _COUNTED_OF_DETAILS if not getattr(details, name)),
    )


def faults(record: Record, details: Details, kind: MemberKind, today: date) -> Iterator[FieldError]:
    """All that is wrong at once.

    E_REQUIRED_FIELD, E_DATE_FUTURE, E_DATE_ORDER, E_PHONE_FORMAT, E_FIELD_INVALID for "none" where only the stratum
    may be none.
    """
    yield from member_records.faults(record, kind, today)
    if details.is_lost_contact and details.lost_on is None:
        yield FieldError("E_REQUIRED_FIELD", "lost_on")
    if details.lost_on is not None and details.lost_on > today:
        yield FieldError("E_DATE_FUTURE", "lost_on")
    if details.is_floating and not details.floating_to:
        yield FieldError("E_REQUIRED_FIELD", "floating_to")
    if details.other_contact and not contacts.is_telephone(details.other_contact):
        yield FieldError("E_PHONE_FORMAT", "other_contact")
    for name in _COUNTED_OF_DETAILS:
        if name != _MAY_BE_NONE and getattr(details, name).lower() in NONE_WORDS:
            yield FieldError("E_FIELD_INVALID", name, zh="不能填“无”", en="it cannot be none")


def name_faults(field: str, text: str) -> Iterator[FieldError]:
    """E_FIELD_INVALID for a character that nobody can see, or that only the sender can read; it is named."""
    if bad := invisible(text) or private(text):
        yield FieldError(
            "E_FIELD_INVALID", field, zh=f"含有无法识别的字符 {bad}", en=f"it holds {bad}, which others cannot read"
        )
