"""May this actor take this action on this transfer now? The refusals of R-089, R-102, R-111 and 4.6."""

from datetime import date

from service.domain import bystanders, eligibility, receiving, tree
from service.domain.actions import (
    APPROVALS,
    NEGATIVE,
    Action,
    offered_to_holder,
)
from service.domain.actors import Actor
from service.domain.cases import RouteCase
from service.domain.context import Context
from service.domain.errors import Refused
from service.domain.hops import APPLICATION, HopRole
from service.domain.letters import LetterState
from service.domain.transfers import Transfer
from service.domain.varieties import Variety


def offered(context: Context, actor: Actor) -> tuple[Action, ...]:
    """List the actions this actor may take now, in the order in which they are shown."""
    if context.transfer.state.is_final:
        return ()
    own = _holder_actions(context) if is_holder(context, actor) else ()
    others = bystanders.offered_to_others(context, actor)
    return (*own, *(action for action in others if action not in own))


def require_offered(context: Context, actor: Actor) -> None:
    """Refuse unless the actor may take the action of the decision now.

    Refuses E_TRANSFER_FINISHED, E_NOT_CURRENT_HOP, E_ACTION_NOT_ALLOWED, E_WITHDRAW_TOO_LATE,
    E_VOID_NOT_ALLOWED, E_REVOKE_NOT_ALLOWED, E_RECALL_NOT_ALLOWED.
    """
    if context.transfer.state.is_final:
        raise Refused("E_TRANSFER_FINISHED")
    if context.decision.action not in offered(context, actor):
        raise _not_offered(context, actor)


def judge_answers(context: Context, *, reason: str, attested: bool) -> None:
    """Refuse an answer that the action does not allow.

    Refuses E_VARIETY_MISMATCH, E_REQUIRED_FIELD, E_TARGET_*, E_SAME_BRANCH, E_ADJUST_BEFORE_RECEIVE,
    E_REASON_REQUIRED, E_ATTESTATION_REQUIRED.
    """
    action = context.decision.action
    _check_city_approval(context)
    if changes_target(context):
        check_new_target(context)
    if action is Action.RECEIVE:
        _check_receivable(context)
    if needs_reason(action, context) and not reason.strip():
        raise Refused("E_REASON_REQUIRED", field="reason")
    if needs_attestation(action, context) and not attested:
        raise Refused("E_ATTESTATION_REQUIRED", field="attestation")


def check_expiry(context: Context, *, valid_until: date | None, today: date) -> None:
    """Refuse E_LETTER_EXPIRED where an expired letter blocks approving and receiving (R-125)."""
    blocks = context.profile.choice("letter.on_expiry") == "block"
    moves_on = context.decision.action in (*APPROVALS, Action.RECEIVE)
    waits_for_new = context.transfer.hop.role in APPLICATION or _is_returned(context.transfer)
    if blocks and moves_on and not waits_for_new and valid_until is not None and valid_until < today:
        raise Refused(
            "E_LETTER_EXPIRED",
            detail_zh=f"有效期至 {valid_until}",
            detail_en=f"valid until {valid_until}",
        )


def is_holder(context: Context, actor: Actor) -> bool:
    """Whether the current hop is this actor's to decide."""
    transfer = context.transfer
    if transfer.hop.role in APPLICATION:
        return bystanders.is_applicant(transfer, actor)
    return actor.decides_for_org and actor.org is not None and transfer.hop.code == actor.org.code


def needs_reason(action: Action, context: Context) -> bool:
    """Whether the action needs a reason (R-102, C-22, C-27)."""
    if action in NEGATIVE:
        return context.profile.flag("reject.reason_required")
    return action is Action.VOID and context.profile.flag("void.reason_required")


def needs_attestation(action: Action, context: Context) -> bool:
    """Whether the box "data reviewed" must be ticked (R-091, R-117)."""
    asks = context.profile.flag("approve.attestation")
    return asks and (action in APPROVALS or action is Action.RECEIVE)


def check_new_target(context: Context) -> None:
    """Refuse a new target that is not allowed (R-113, R-114).

    Refuses E_TARGET_MUST_BE_TEXT, E_REQUIRED_FIELD, E_TARGET_NOT_SUBORDINATE, then as `eligibility.check_target`.
    """
    decision, transfer, lineage = context.decision, context.transfer, context.lineage
    if transfer.is_outside:
        if decision.target is not None:
            raise Refused("E_TARGET_MUST_BE_TEXT", field="target")
        if not decision.target_text.strip():
            raise Refused("E_REQUIRED_FIELD", field="target")
        return
    if decision.target is None:
        raise Refused("E_REQUIRED_FIELD", field="target")
    variety = None if transfer.variety is Variety.INCOMING else Variety.IN_PROVINCE
    case = RouteCase(lineage.origin, decision.target, lineage.starter, variety=variety)
    if decision.action is Action.ADJUST_RECEIVER:
        here = transfer.hop.org
        assert here is not None
        if not tree.contains(decision.target[1:], lineage.organisation(here)):
            raise Refused("E_TARGET_NOT_SUBORDINATE", field="target")
    eligibility.check_target(case, context.profile)


def _holder_actions(context: Context) -> tuple[Action, ...]:
    transfer = context.transfer
    ref = transfer.hop.org
    org = context.lineage.organisation(ref) if ref else None
    primary = receiving.primary_committee(context)
    return offered_to_holder(transfer, org, primary, context.profile)


_TOO_LATE = {
    Action.WITHDRAW_APPLICATION: "E_WITHDRAW_TOO_LATE",
    Action.WITHDRAW_APPROVAL: "E_WITHDRAW_TOO_LATE",
    Action.RECALL_LETTER: "E_RECALL_NOT_ALLOWED",
}


def _not_offered(context: Context, actor: Actor) -> Refused:
    action, transfer = context.decision.action, context.transfer
    holds = is_holder(context, actor)
    expected = ", ".join(offered(context, actor)) or "-"
    if action is Action.REVOKE:
        return Refused("E_REVOKE_NOT_ALLOWED")
    if action in _TOO_LATE and _was_involved(transfer, actor):
        return Refused(_TOO_LATE[action] if _is_known_here(context, action) else "E_ACTION_NOT_ALLOWED")
    if action is Action.VOID and bystanders.is_applicant(transfer, actor) and not holds:
        return Refused("E_VOID_NOT_ALLOWED")
    if holds or expected != "-":
        return Refused(
            "E_ACTION_NOT_ALLOWED",
            detail_zh=f"可办理：{expected}，所选：{action}",
            detail_en=f"possible: {expected}, found {action}",
        )
    return Refused(
        "E_NOT_CURRENT_HOP",
        detail_zh=f"当前由“{_holder_name(transfer)}”办理",
        detail_en=f"the current step is that of {transfer.hop.code or 'the applicant'}",
    )


def _is_known_here(context: Context, action: Action) -> bool:
    # "Too late" is said only where the profile knows the action at all.
    profile = context.profile
    if action is Action.WITHDRAW_APPLICATION:
        return profile.choice("withdraw.application") != "false"
    if action is Action.WITHDRAW_APPROVAL:
        return profile.flag("withdraw.approval")
    return action is Action.RECALL_LETTER and profile.flag("outside.recall")


def _was_involved(transfer: Transfer, actor: Actor) -> bool:
    return bystanders.is_applicant(transfer, actor) or bystanders.has_handled(transfer, actor)


def _is_returned(transfer: Transfer) -> bool:
    return transfer.letter is not None and transfer.letter.state is LetterState.RETURNED


def _holder_name(transfer: Transfer) -> str:
    return transfer.hop.org.name if transfer.hop.org else "申请人"


def _check_city_approval(context: Context) -> None:
    action = context.decision.action
    leaves = context.transfer.variety is Variety.OUT_OF_PROVINCE
    if action is Action.APPROVE_OUT_OF_CITY and not leaves:
        raise Refused("E_VARIETY_MISMATCH", field="decision")
    if action is Action.APPROVE_IN_CITY and leaves:
        raise Refused("E_VARIETY_MISMATCH", field="decision")


def _changes_at_application(context: Context) -> bool:
    # Who gets his application back may correct the target before he submits it again.
    decision, transfer = context.decision, context.transfer
    if decision.action not in (Action.SUBMIT, Action.APPROVE_AND_ISSUE) or not transfer.at_application:
        return False
    if decision.target is None:
        return transfer.is_outside and decision.target_text not in ("", transfer.target.text)
    return transfer.target.org is None or transfer.target.org.code != decision.target[0].code


def _changes_at_approval(context: Context) -> bool:
    decision = context.decision
    if decision.action is not Action.APPROVE_IN_CITY or decision.target is None:
        return False
    mode = context.profile.choice("change_target.mode")
    known = context.transfer.target.org
    differs = known is None or known.code != decision.target[0].code
    return differs and mode == "at_committee_approval"


def _check_receivable(context: Context) -> None:
    if context.transfer.hop.role is HopRole.RECEIVE:
        receiving.settle_branch(context)
        return
    target = context.lineage.target
    if target is None or not target[0].is_branch:
        raise Refused("E_ADJUST_BEFORE_RECEIVE")


def changes_target(context: Context) -> bool:
    """Whether the decision brings a new target: made for it, with an approval, or with a new submission."""
    if context.decision.action in (Action.CHANGE_TARGET, Action.ADJUST_RECEIVER):
        return True
    return _changes_at_approval(context) or _changes_at_application(context)
