"""A probationary member becomes full; a membership is suspended, resumed or ended (R-045, R-046)."""

from dataclasses import replace
from datetime import date, datetime

from service.domain.accounts.actors import Actor
from service.domain.clock import local_date
from service.domain.errors import Refused
from service.domain.members import member_keeping
from service.domain.members.members import MemberKind, MemberStatus
from service.storage import audit
from service.storage.db import transaction
from service.storage.members import member_details, member_moves
from service.storage.transfers import transfers
from service.use_cases.deployment import Deployment
from service.use_cases.members.keeping import kept
from service.use_cases.members.show_member import subject


def become_full(member_id: int, full_on: date | None, *, actor: Actor, now: datetime, deployment: Deployment) -> None:
    """Record the day on which a probationary member became full.

    Refuses E_FORBIDDEN, E_NOT_FOUND and as `member_keeping.check_full`.
    """
    with transaction():
        person = kept(member_id, actor, deployment)
        member_keeping.check_full(person.member, full_on, local_date(now))
        details, version = member_details.of_member(person, deployment.vault)
        changed = replace(person.member, kind=MemberKind.FULL, full_on=full_on)
        member_details.save(
            changed, details, person_key=person.person_key, version=version, now=now, vault=deployment.vault
        )
        audit.append(
            "become_full",
            subject=subject(person.member),
            actor=actor,
            now=now,
            before={"kind": MemberKind.PROBATIONARY.value},
            after={"kind": MemberKind.FULL.value, "full_on": str(full_on)},
        )


def change_status(
    member_id: int, wanted: MemberStatus, *, on: date, actor: Actor, now: datetime, deployment: Deployment
) -> None:
    """Suspend, resume or end a membership; who has died or was expelled gets a decrease record.

    Refuses E_FORBIDDEN, E_NOT_FOUND, as `member_keeping.check_status`, and E_TRANSFER_IN_PROGRESS.
    """
    with transaction():
        member = kept(member_id, actor, deployment).member
        member_keeping.check_status(member, wanted, on, local_date(now))
        if transfers.unfinished_of(member_id) is not None:
            raise Refused("E_TRANSFER_IN_PROGRESS", member=member.name)
        member_moves.set_status(member_id, wanted)
        if wanted.is_historical and member.branch_id is not None:
            cause = wanted.name.removeprefix("HIST_")
            member_moves.lose(member_id, org_id=member.branch_id, on=on, cause=cause)
        audit.append(
            "change_membership",
            subject=subject(member),
            actor=actor,
            now=now,
            before={"status": member.status.value},
            after={"status": wanted.value, "on": on.isoformat()},
        )
