"""The administrator who took a member in completes his record (R-150)."""

from dataclasses import dataclass
from datetime import datetime

from service.domain import member_records
from service.domain.actors import Actor
from service.domain.clock import local_date
from service.domain.errors import Refused, refuse_fields
from service.domain.member_records import Record
from service.domain.members import MemberKind
from service.storage import attachments, audit, member_details, members, organisations
from service.storage import member_records as stored_records
from service.storage.audit import Subject
from service.storage.db import reading, transaction
from service.storage.members import Person
from service.use_cases.deployment import Deployment


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
    """Show the record of a member below the acting organisation; refuses E_FORBIDDEN, E_NOT_FOUND."""
    with reading():
        return _view(_kept(member_id, actor, deployment))


def complete_record(
    member_id: int, record: Record, *, actor: Actor, now: datetime, deployment: Deployment
) -> RecordView:
    """Save what was entered; refuses E_FORBIDDEN, E_NOT_FOUND, and all fields at fault as `member_records.faults`."""
    with transaction():
        person = _kept(member_id, actor, deployment)
        refuse_fields([*member_records.faults(record, person.member.kind, local_date(now))])
        vault = deployment.vault
        before = member_records.record_of(person.member)
        stored_records.save(member_id, record, person_key=person.person_key, vault=vault)
        kept = _kept(member_id, actor, deployment)
        member_details.recount(kept, vault)
        audit.append(
            "complete_record",
            subject=Subject("member", str(member_id), actor.org.id if actor.org else None),
            actor=actor,
            now=now,
            before={"missing": list(member_records.missing(before, person.member.kind))},
            after={"missing": []},
            sealed=vault.seal(person.person_key, {name: str(getattr(record, name)) for name in member_records.FIELDS}),
        )
        return _view(kept)


def _kept(member_id: int, actor: Actor, deployment: Deployment) -> Person:
    person = members.by_id(member_id, deployment.vault)
    if person is None or person.branch_code is None or person.member.status.is_historical:
        if not actor.decides_for_org:
            raise Refused("E_FORBIDDEN")
        raise Refused("E_NOT_FOUND")
    member_records.require_keeper(actor, organisations.chain(person.branch_code))
    return person


def _view(person: Person) -> RecordView:
    record = member_records.record_of(person.member)
    return RecordView(
        member_id=person.member.id,
        member_name=person.member.name,
        kind=person.member.kind,
        record=record,
        missing=member_records.missing(record, person.member.kind),
        has_portrait=attachments.of_member(person.member.id) is not None,
    )
