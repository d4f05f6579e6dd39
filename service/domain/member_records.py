"""What a member's record must hold, and who completes it after he has come in (R-045, R-150, R-196)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from service.domain import contacts, tree
from service.domain.actors import Actor
from service.domain.errors import FieldError, Refused
from service.domain.members import Member, MemberKind
from service.domain.organisations import Chain

FIELDS = ("ethnicity", "joined_on", "full_on", "mobile")
"""What a registration does not ask for and a record needs; `full_on` of full members only."""


@dataclass(frozen=True, slots=True)
class Record:
    """What somebody enters into a record."""

    ethnicity: str = ""
    joined_on: date | None = None
    full_on: date | None = None
    mobile: str = ""


def record_of(member: Member) -> Record:
    """What stands in the record now."""
    return Record(member.ethnicity, member.joined_on, member.full_on, member.mobile)


def needed_of(kind: MemberKind) -> tuple[str, ...]:
    """What the record of such a member must hold."""
    return tuple(name for name in FIELDS if name != "full_on" or kind is MemberKind.FULL)


def missing(record: Record, kind: MemberKind) -> tuple[str, ...]:
    """What is missing in a record (R-150)."""
    return tuple(name for name in needed_of(kind) if not getattr(record, name))


def faults(record: Record, kind: MemberKind, today: date) -> Iterator[FieldError]:
    """E_REQUIRED_FIELD, E_DATE_FUTURE, E_DATE_ORDER, E_PHONE_FORMAT; all that is wrong at once."""
    yield from (FieldError("E_REQUIRED_FIELD", name) for name in missing(record, kind))
    for name in ("joined_on", "full_on"):
        given = getattr(record, name)
        if given is not None and given > today:
            yield FieldError("E_DATE_FUTURE", name)
    if record.joined_on and record.full_on and record.full_on <= record.joined_on:
        yield FieldError("E_DATE_ORDER", "full_on", zh="应晚于入党日期", en="it lies after the joining date")
    if record.mobile and not contacts.is_telephone(record.mobile):
        yield FieldError("E_PHONE_FORMAT", "mobile")


def require_keeper(actor: Actor, home: Chain) -> None:
    """Refuse E_FORBIDDEN to whoever decides for nobody, E_NOT_FOUND where the member is none of his."""
    if not actor.decides_for_org or actor.org is None:
        raise Refused("E_FORBIDDEN")
    if not tree.contains(home, actor.org):
        raise Refused("E_NOT_FOUND")


def require_portrayed(actor: Actor, home: Chain, member_id: int) -> None:
    """As `require_keeper`; the member himself may too."""
    if actor.member_id is None or actor.member_id != member_id:
        require_keeper(actor, home)
