"""May this actor take this action on this transfer now? The refusals of R-089, R-102, R-111 and 4.6."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from service.domain.accounts.actors import Actor
from service.domain.applying import targets
from service.domain.errors import Refused
from service.domain.letters.letters import LetterState
from service.domain.organisations import tree
from service.domain.routes import classification
from service.domain.routes.cases import RouteCase
from service.domain.routes.hops import APPLICATION
from service.domain.routes.varieties import Variety
from service.domain.transfers import bystanders, offers, receiving, refusing
from service.domain.transfers.actions import APPROVALS, CITY_APPROVALS, Action, offered_to_holder
from service.domain.transfers.context import Context
from service.domain.transfers.transfers import Transfer


def offered(context: Context, actor: Actor, *, is_barred: bool = False) -> tuple[Action, ...]:
    """List the actions this actor may take now, in the order in which they are shown.

    `is_barred`: he would decide on his own transfer although another administrator could (R-100).
    """
    if context.transfer.state.is_final:
        return ()
    own = _holder_actions(context) if is_holder(context, actor) else ()
    others = bystanders.offered_to_others(context, actor)
    possible = (*own, *(action for action in others if action not in own))
    return tuple(action for action in possible if not (is_barred and _decides_hop(action, own)))


def require_offered(context: Context, actor: Actor, *, is_barred: bool = False) -> None:
    """Refuse unless the actor may take the action of the decision now.

    Refuses E_TRANSFER_FINISHED, E_NOT_CURRENT_HOP, E_ACTION_NOT_ALLOWED, E_FORBIDDEN, and what `refusing` names.
    """
    possible = offered(context, actor, is_barred=is_barred)
    if context.decision.action in possible:
        return
    if is_barred and context.decision.action in offered(context, actor):
        raise Refused(
            "E_FORBIDDEN",
            detail_zh="本人的转接由本组织其他管理员办理",
            detail_en="another administrator of the organisation decides on his own transfer",
        )
    raise refusing.refusal(context, actor, holds=is_holder(context, actor), offered=possible)


def decides_own(context: Context, actor: Actor) -> bool:
    """Whether he would decide on the transfer of himself, on its hop or from the not-reported list (R-100)."""
    transfer = context.transfer
    is_own = actor.member_id is not None and actor.member_id == transfer.member_id
    if not is_own or not actor.decides_for_org or transfer.hop.role in APPLICATION:
        return False
    return is_holder(context, actor) or bystanders.may_report_in(context, actor)


def judge_answers(context: Context, facts: Mapping[str, object], *, known: Mapping[str, object], today: date) -> None:
    """Refuse an answer that the action does not allow; `known` are the values that stand already.

    Refuses E_VARIETY_MISMATCH, E_OUT_TYPE_MISMATCH, E_TARGET_*, E_SAME_BRANCH, E_ADJUST_BEFORE_RECEIVE, then as
    `offers.judge`.
    """
    _check_city_approval(context)
    if changes_target(context):
        check_new_target(context)
    if context.decision.action is Action.RECEIVE:
        _check_receivable(context)
    offers.judge(facts, context, known=known, today=today)


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


def check_new_target(context: Context) -> None:
    """Refuse a new target that is not allowed (R-113, R-114).

    Refuses E_TARGET_MUST_BE_TEXT, E_REQUIRED_FIELD, E_TARGET_NOT_SUBORDINATE, then as `targets.check_target`.
    """
    decision, transfer = context.decision, context.transfer
    if transfer.is_outside:
        if decision.target is not None:
            raise Refused("E_TARGET_MUST_BE_TEXT", field="target")
        if not decision.target_text.strip():
            raise Refused("E_REQUIRED_FIELD", field="target")
        return
    if decision.target is None:
        raise Refused("E_REQUIRED_FIELD", field="target")
    case = _case_with_new_target(context)
    if decision.action is Action.ADJUST_RECEIVER:
        assert context.holder is not None
        if not tree.contains(decision.target[1:], context.holder):
            raise Refused("E_TARGET_NOT_SUBORDINATE", field="target")
    targets.check_target(case, context.profile)


def _case_with_new_target(context: Context) -> RouteCase:
    # Who applies anew keeps his variety; an approver chooses in-city, which his precision is judged by.
    variety = None if context.transfer.variety is Variety.INCOMING else Variety.IN_PROVINCE
    if context.transfer.at_application:
        variety = context.case.variety
    return replace(context.case, target=context.decision.target, variety=variety, out_type=None, off_tree=False)


def _holder_actions(context: Context) -> tuple[Action, ...]:
    transfer = context.transfer
    primary = receiving.primary_committee(context)
    return offered_to_holder(transfer, context.holder, primary, context.profile)


def _decides_hop(action: Action, own: Sequence[Action]) -> bool:
    return action in own or action in bystanders.FROM_THE_LIST


def _is_returned(transfer: Transfer) -> bool:
    return transfer.letter is not None and transfer.letter.state is LetterState.RETURNED


def _check_city_approval(context: Context) -> None:
    action = context.decision.action
    leaves = context.transfer.variety is Variety.OUT_OF_PROVINCE
    if action is Action.APPROVE_OUT_OF_CITY and not leaves:
        raise Refused("E_VARIETY_MISMATCH", field="decision")
    if action is Action.APPROVE_IN_CITY and leaves:
        raise Refused("E_VARIETY_MISMATCH", field="decision")
    if action in CITY_APPROVALS and context.decision.out_type is not None:
        classification.check_category(context.decision.out_type, leaves=leaves)


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
    # A branch that is not named is a missing field, named with the others.
    if context.decision.branch is not None or not receiving.needs_branch(context):
        receiving.settle_branch(context)


def changes_target(context: Context) -> bool:
    """Whether the decision brings a new target: made for it, with an approval, or with a new submission."""
    if context.decision.action in (Action.CHANGE_TARGET, Action.ADJUST_RECEIVER):
        return True
    return _changes_at_approval(context) or _changes_at_application(context)
