"""The administrator who took a member in completes his record (R-150)."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime

from service.domain.accounts.actors import Actor
from service.domain.clock import local_date
from service.domain.errors import Refused, refuse_fields
from service.domain.members import member_records
from service.domain.members.member_records import Record
from service.domain.members.members import MemberKind
from service.storage import audit
from service.storage.db import reading, transaction
from service.storage.members import member_details, newcomers
from service.storage.members.members import Person
from service.storage.transfers import attachments
from service.use_cases.deployment import Deployment
from service.use_cases.members.keeping import is_authorised, seen
from service.use_cases.members.show_member import subject


@dataclass(frozen=True, slots=True)
class RecordView:
    """What stands in a record, and what is missing in it."""

    member_id: int
    member_name: str
    kind: MemberKind
    record: Record
    missing: tuple[str, ...]
    has_portrait: bool


def show_record(member_id: int, *, actor: Actor, deployment: Deployment) -> RecordView:
    """Show the record of a member to whoever completes it; refuses E_FORBIDDEN, E_NOT_FOUND."""
    with reading():
        return _view(completed(member_id, actor, deployment))


def complete_record(
    member_id: int, given: Record, *, actor: Actor, now: datetime, deployment: Deployment
) -> RecordView:
    """Fill in what was missing.

    Refuses E_FORBIDDEN, E_NOT_FOUND, E_FIELD_READONLY as `member_records.filled_in`, and all fields at fault as
    `member_records.faults`.
    """
    with transaction():
        person = completed(member_id, actor, deployment)
        before = member_records.record_of(person.member)
        record = member_records.filled_in(before, given)
        refuse_fields([*member_records.faults(record, person.member.kind, local_date(now))])
        if record != before:
            _save(person, record, actor=actor, now=now, deployment=deployment)
        return _view(completed(member_id, actor, deployment))


def completed(member_id: int, actor: Actor, deployment: Deployment) -> Person:
    """A present member whose record the actor completes; refuses E_FORBIDDEN, E_NOT_FOUND."""
    person, chain = seen(member_id, actor, deployment)
    if person.member.status.is_historical:
        raise Refused("E_NOT_FOUND")
    came_in = newcomers.came_into(member_id, chain[0].id)
    member_records.require_completing(actor, chain, is_authorised=is_authorised(actor), came_in=came_in)
    return person


def _save(person: Person, record: Record, *, actor: Actor, now: datetime, deployment: Deployment) -> None:
    vault, key = deployment.vault, person.person_key
    new = replace(person.member, **asdict(record))
    details, version = member_details.of_member(person, vault)
    member_details.save(new, details, person_key=key, version=version, now=now, vault=vault)
    before = member_records.record_of(person.member)
    audit.append(
        "complete_record",
        subject=subject(new),
        actor=actor,
        now=now,
        before={"missing": list(member_records.missing(before, new.kind))},
        after={"missing": list(member_records.missing(record, new.kind))},
        sealed=vault.seal(key, {name: str(getattr(record, name)) for name in member_records.FIELDS}),
    )


def _view(person: Person) -> RecordView:
    member = person.member
    record = member_records.record_of(member)
    return RecordView(
        member_id=member.id,
        member_name=member.name,
        kind=member.kind,
        record=record,
        missing=member_records.missing(record, member.kind),
        has_portrait=attachments.of_member(member.id) is not None,
    )
