"""The page of a member: the whole record, how complete it is, how he came, what was changed (R-040, R-208, R-038)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from service.domain.accounts.actors import Actor
from service.domain.members import identity_numbers, member_details, member_keeping
from service.domain.members.member_details import Details
from service.domain.members.members import Member
from service.domain.organisations.organisations import Chain
from service.storage import audit
from service.storage.audit import Entry, Subject
from service.storage.db import reading, transaction
from service.storage.members import member_details as stored_details
from service.storage.members import member_moves
from service.storage.members.member_moves import RecordedMove
from service.use_cases.deployment import Deployment
from service.use_cases.members.keeping import is_authorised, seen


@dataclass(frozen=True, slots=True)
class MemberView:
    """A record; the identity number is masked, `version` is that of the record looked at."""

    member: Member
    id_number: str
    details: Details
    version: int
    chain: Chain
    completeness: int
    missing: tuple[str, ...]
    moves: Sequence[RecordedMove]
    may_edit: bool


def show_member(member_id: int, *, actor: Actor, deployment: Deployment) -> MemberView:
    """The whole record; refuses E_FORBIDDEN, E_NOT_FOUND for who is not below the acting organisation."""
    with reading():
        person, chain = seen(member_id, actor, deployment)
        details, version = stored_details.of_member(person, deployment.vault)
        member = person.member
        return MemberView(
            member=member,
            id_number=identity_numbers.masked(member.id_number),
            details=details,
            version=version,
            chain=chain,
            completeness=member_details.percent(member_details.filled(member, details), member.kind),
            missing=member_details.missing(member, details),
            moves=member_moves.of_member(member_id),
            may_edit=not member.status.is_historical
            and member_keeping.may_edit(actor, is_authorised=is_authorised(actor)),
        )


def reveal_number(member_id: int, *, actor: Actor, now: datetime, deployment: Deployment) -> str:
    """The identity number in full; who looked at it is logged (R-038). Refuses as `show_member`."""
    with transaction():
        person, chain = seen(member_id, actor, deployment)
        audit.append("show_id_number", subject=subject(person.member, chain), actor=actor, now=now)
        return person.member.id_number


def show_log(member_id: int, *, actor: Actor, deployment: Deployment, limit: int = 20) -> tuple[Entry, ...]:
    """What was changed about him, the newest first; refuses as `show_member`."""
    with reading():
        person, chain = seen(member_id, actor, deployment)
        return tuple(audit.of_subject(subject(person.member, chain), limit=limit))


def subject(member: Member, chain: Chain = ()) -> Subject:
    """The member as the log names him."""
    return Subject("member", str(member.id), chain[0].id if chain else member.branch_id)
