"""What a member's record must hold, and who completes it after he has come in (R-045, R-150, R-196)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from service.domain import contacts
from service.domain.accounts.actors import Actor
from service.domain.errors import FieldError, refuse_fields
from service.domain.members.member_keeping import require_may_edit, require_seen
from service.domain.members.members import Member, MemberKind
from service.domain.organisations.organisations import Chain

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


def missing(record: Record, kind: MemberKind) -> tuple[str, ...]:
    """What is missing in a record (R-150)."""
    needed = (name for name in FIELDS if name != "full_on" or kind is MemberKind.FULL)
    return tuple(name for name in needed if not getattr(record, name))


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


def filled_in(known: Record, given: Record) -> Record:
    """The record with what was given where nothing stood; refuses E_FIELD_READONLY where something else stands.

    To change what stands there is to edit the record (R-210), not to complete it.
    """
    stands = [name for name in FIELDS if getattr(known, name) and getattr(given, name)]
    wrong = [name for name in stands if getattr(known, name) != getattr(given, name)]
    refuse_fields([FieldError("E_FIELD_READONLY", name) for name in wrong])
    return Record(**{name: getattr(known, name) or getattr(given, name) for name in FIELDS})


def require_completing(actor: Actor, home: Chain, *, is_authorised: bool, came_in: bool) -> None:
    """Who received a member completes his record, else who keeps it; refuses as `require_may_edit`."""
    require_seen(actor, home)
    if not came_in:
        require_may_edit(actor, home, is_authorised=is_authorised)


def is_himself(actor: Actor, member_id: int) -> bool:
    """Whether this is the member; he sees and sends his own picture (R-196)."""
    return actor.member_id is not None and actor.member_id == member_id
