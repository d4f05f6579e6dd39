"""Another superior: a unit applies, the organisation above both decides, or makes it so by itself (R-203)."""

from dataclasses import dataclass
from datetime import datetime

from service.domain.accounts.actors import Actor
from service.domain.deadlines.notices import NoticeKind
from service.domain.errors import Refused
from service.domain.organisations import organisation_changes, permissions, tree
from service.domain.organisations.organisation_changes import ChangeStatus
from service.domain.organisations.organisations import Chain
from service.domain.profile import Profile
from service.storage import audit
from service.storage.audit import Subject
from service.storage.db import transaction
from service.storage.organisations import organisation_moves, superior_changes
from service.storage.organisations.organisation_records import OrganisationRecord
from service.storage.organisations.superior_changes import NewChange, SuperiorChange
from service.storage.transfers import pending_transfers
from service.use_cases.deployment import Deployment
from service.use_cases.notices.tell_organisation import tell_organisation
from service.use_cases.organisations.chains import require_chain, require_record
from service.use_cases.organisations.edit_organisation import NAMED


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which organisation shall stand below which, and why."""

    code: str
    superior: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the organisation above decides; `as_a_whole`: it has made sure that the unit moves with all its members."""

    approves: bool
    as_a_whole: bool = False
    opinion: str = ""


def apply_for_superior(wanted: Wanted, *, actor: Actor, now: datetime, deployment: Deployment) -> int:
    """Store an application and return its key.

    Refuses E_ORG_NOT_FOUND, E_FORBIDDEN, E_ORG_OUT_OF_SCOPE, E_REASON_REQUIRED, what `check_superior` refuses,
    E_LEVEL_ABOVE_SUPERIOR, E_ORG_HAS_PENDING_TRANSFERS, E_ACTION_NOT_ALLOWED while another one is open.
    """
    with transaction():
        record, chain = require_record(wanted.code), require_chain(wanted.code)
        organisation_changes.require_may_apply(actor, chain)
        if not wanted.reason.strip():
            raise Refused("E_REASON_REQUIRED", field="reason")
        above = require_chain(wanted.superior, field="superior")
        _check(record, chain, above, deployment.profile)
        assert actor.org is not None  # noqa: S101 - whoever may apply acts for an organisation
        decider_id = organisation_changes.decider(chain[1:], above)[0].id
        change_id = superior_changes.add(
            NewChange(
                org_id=record.id,
                from_id=chain[1].id,
                to_id=above[0].id,
                decider_id=decider_id,
                applicant_id=actor.org.id,
                reason=wanted.reason.strip(),
                applied_by=actor.account_id,
            ),
            now=now,
        )
        after = {"change": change_id, "superior": wanted.superior, "reason": wanted.reason.strip()}
        subject = Subject("organisation", wanted.code, record.id)
        audit.append("apply_superior", subject=subject, actor=actor, now=now, after=after)
        tell_organisation(decider_id, NoticeKind.SUPERIOR_APPLIED, about=_about(change_id), now=now)
    return change_id


def decide_superior(
    change_id: int, verdict: Verdict, *, actor: Actor, now: datetime, deployment: Deployment
) -> ChangeStatus:
    """Decide an application; approved, the unit moves at once with everything below it.

    Refuses E_NOT_FOUND, E_FORBIDDEN to all but the organisation that decides, E_ALREADY_DECIDED, E_REASON_REQUIRED to
    refuse without one, E_ATTESTATION_REQUIRED, and, as the tree may have changed since, what applying refuses.
    """
    with transaction():
        change = _require_open(change_id, actor)
        _require_decider(change, actor)
        if verdict.approves:
            _move(Wanted(change.org.code, change.wanted.code), verdict, actor, now, deployment)
        elif not verdict.opinion.strip():
            raise Refused("E_REASON_REQUIRED", field="opinion")
        status = ChangeStatus.APPROVED if verdict.approves else ChangeStatus.REFUSED
        _settle(change, status, verdict.opinion.strip(), actor, now)
        kind = NoticeKind.SUPERIOR_APPROVED if verdict.approves else NoticeKind.SUPERIOR_REFUSED
        applicant = require_chain(change.applicant.code)[0]
        tell_organisation(applicant.id, kind, about=_about(change_id), now=now)
    return status


def _about(change_id: int) -> str:
    return f"superior_change:{change_id}"


def withdraw_superior(change_id: int, *, actor: Actor, now: datetime) -> ChangeStatus:
    """Take an application back; refuses E_NOT_FOUND, E_FORBIDDEN to all but the applicant, E_ALREADY_DECIDED."""
    with transaction():
        change = _require_open(change_id, actor)
        if not actor.decides_for_org or actor.org is None or actor.org.code != change.applicant.code:
            raise Refused("E_FORBIDDEN")
        _settle(change, ChangeStatus.WITHDRAWN, "", actor, now)
    return ChangeStatus.WITHDRAWN


def move_organisation(wanted: Wanted, verdict: Verdict, *, actor: Actor, now: datetime, deployment: Deployment) -> None:
    """Make it so without an application; for the organisation above both superiors, or one above that.

    Refuses as deciding does.
    """
    with transaction():
        _move(wanted, verdict, actor, now, deployment)


def _move(wanted: Wanted, verdict: Verdict, actor: Actor, now: datetime, deployment: Deployment) -> None:
    organisation_moves.claim_structure()
    record, chain = require_record(wanted.code), require_chain(wanted.code)
    to, above = require_record(wanted.superior), require_chain(wanted.superior, field="superior")
    organisation_changes.require_in_reach(actor, chain)
    organisation_changes.require_active(chain[0])
    if len(chain) > 1:
        organisation_changes.require_may_move(actor, chain[1:], above)
    _check(record, chain, above, deployment.profile)
    if not verdict.as_a_whole:
        raise Refused("E_ATTESTATION_REQUIRED", field="as_a_whole")
    moved = organisation_moves.move(record, to_id=to.id, to_path=to.path)
    audit.append(
        "change_superior",
        subject=Subject("organisation", wanted.code, record.id),
        actor=actor,
        now=now,
        before={"superior": chain[1].code},
        after={"superior": wanted.superior, "organisations": moved},
    )


def _check(record: OrganisationRecord, chain: Chain, above: Chain, profile: Profile) -> None:
    organisation_changes.check_superior(chain, above)
    _check_levels(record, chain, above)
    if profile.flag("org.lock_on_pending"):
        organisation_changes.refuse_pending(pending_transfers.of_subtree(record.path, limit=NAMED))


def _check_levels(record: OrganisationRecord, chain: Chain, above: Chain) -> None:
    """Refuse E_LEVEL_ABOVE_SUPERIOR when anything that moves would outrank the new superior (R-006)."""
    permissions.check_level(chain[0].level, above)
    highest = organisation_changes.ceiling(above)
    if chain[0].level is None and highest is not None:
        higher = organisation_moves.outranking(record.path, highest)
        if higher:
            raise Refused("E_LEVEL_ABOVE_SUPERIOR", field="superior", detail_zh=higher, detail_en=higher)


def _require_open(change_id: int, actor: Actor) -> SuperiorChange:
    change = superior_changes.lock(change_id)
    if change is None or not is_seen(change, actor):
        raise Refused("E_NOT_FOUND")
    if change.status is not ChangeStatus.OPEN:
        raise Refused("E_ALREADY_DECIDED", detail_zh=change.status.value, detail_en=change.status.value)
    return change


def is_seen(change: SuperiorChange, actor: Actor) -> bool:
    """Whether the actor may know of it: who applied, who decides, the unit itself and its superiors."""
    if not actor.decides_for_org or actor.org is None:
        return False
    if actor.org.code in (change.applicant.code, change.decider.code):
        return True
    return tree.contains(require_chain(change.org.code), actor.org)


def _require_decider(change: SuperiorChange, actor: Actor) -> None:
    if actor.org is None or actor.org.code != change.decider.code:
        name = change.decider.name
        raise Refused("E_FORBIDDEN", detail_zh=f"应由“{name}”审批", detail_en=f"{change.decider.code} decides it")


def _settle(change: SuperiorChange, status: ChangeStatus, opinion: str, actor: Actor, now: datetime) -> None:
    superior_changes.settle(change.id, status, account_id=actor.account_id, opinion=opinion, now=now)
    audit.append(
        "decide_superior" if status is not ChangeStatus.WITHDRAWN else "withdraw_superior",
        subject=Subject("organisation", change.org.code, change.org_id),
        actor=actor,
        now=now,
        before={"change": change.id, "status": ChangeStatus.OPEN.value},
        after={"change": change.id, "status": status.value, "opinion": opinion},
    )
