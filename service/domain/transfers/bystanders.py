"""What others than the holder of the current hop may do to a transfer (R-077, R-097, R-111, R-123, R-134)."""

from collections.abc import Callable

from service.domain.accounts.actors import Actor
from service.domain.letters.letter_editing import has_draft
from service.domain.letters.letters import LetterState
from service.domain.organisations import tree
from service.domain.routes.hops import APPLICATION, HANDLED, HopRole, HopState, Side
from service.domain.transfers import returns
from service.domain.transfers.actions import Action
from service.domain.transfers.context import Context
from service.domain.transfers.transfers import Transfer

FROM_THE_LIST = frozenset({Action.REPORT_IN, Action.RETURN_UNREPORTED})
"""What is decided about the last hop from the list of those who have not reported in (R-110, R-123)."""


def offered_to_others(context: Context, actor: Actor) -> tuple[Action, ...]:
    """List what this actor may do without holding the current hop."""
    return tuple(action for action, allowed in _OTHERS.items() if allowed(context, actor))


def is_applicant(transfer: Transfer, actor: Actor) -> bool:
    """Whether this actor applied: the member himself, or an administrator of the starting organisation."""
    if transfer.starter is None:
        return actor.member_id == transfer.member_id
    return actor.decides_for_org and actor.org is not None and actor.org.code == transfer.starter.code


def has_handled(transfer: Transfer, actor: Actor) -> bool:
    """Whether the actor's organisation has decided a hop of the transfer itself (R-111, R-175)."""
    return actor.org is not None and any(hop.code == actor.org.code and hop.state in HANDLED for hop in transfer.hops)


def _may_withdraw_application(context: Context, actor: Actor) -> bool:
    transfer = context.transfer
    return (
        context.profile.choice("withdraw.application") == "until_first_decision"
        and not transfer.at_application
        and transfer.hop.role not in APPLICATION
        and is_applicant(transfer, actor)
        and not _has_been_decided(transfer)
    )


def _may_withdraw_approval(context: Context, actor: Actor) -> bool:
    transfer = context.transfer
    if not context.profile.flag("withdraw.approval") or actor.org is None:
        return False
    last = returns.last_decided_by_person(transfer)
    return (
        last >= 0
        and actor.decides_for_org
        and transfer.hops[last].code == actor.org.code
        and transfer.hops[last].role is not HopRole.APPLY
        and transfer.hop.state is HopState.PENDING
        and not _came_back(transfer)
        and transfer.hops[last].state in _revocable(context)
    )


def _came_back(transfer: Transfer) -> bool:
    # The next hop has acted, even where what it handed on was returned to it.
    return transfer.letter is not None and transfer.letter.state is LetterState.RETURNED


def _revocable(context: Context) -> tuple[HopState, ...]:
    # A receipt can be taken back only while it has not moved the membership.
    moves_later = context.profile.choice("membership.moves_at") == "report_in"
    return (HopState.APPROVED, HopState.RECEIVED) if moves_later else (HopState.APPROVED,)


def _may_revoke(context: Context, actor: Actor) -> bool:
    who = context.profile.choice("revoke.who")
    if who == "none":
        return False
    if is_applicant(context.transfer, actor):
        return True
    return who == "handler" and actor.decides_for_org and has_handled(context.transfer, actor)


def _may_recall(context: Context, actor: Actor) -> bool:
    transfer = context.transfer
    if not context.profile.flag("outside.recall") or actor.org is None:
        return False
    if transfer.hop.role is not HopRole.RECORD_RECEIPT or not actor.decides_for_org:
        return False
    terminal = [hop for hop in transfer.hops if hop.side is Side.HOME][-1]
    return terminal.code == actor.org.code


def may_report_in(context: Context, actor: Actor) -> bool:
    """Whether the actor may report the member in: the branch, and from the not-reported list all above it (R-123)."""
    hop = context.transfer.hop
    if hop.role is not HopRole.REPORT_IN or hop.org is None or actor.org is None:
        return False
    chain = context.lineage.chain(hop.org.code)
    return actor.decides_for_org and tree.contains(chain, actor.org)


def _may_return_unreported(context: Context, actor: Actor) -> bool:
    hop = context.transfer.hop
    is_superior = actor.org is not None and hop.code != actor.org.code
    return is_superior and may_report_in(context, actor)


_OTHERS: dict[Action, Callable[[Context, Actor], bool]] = {
    Action.REPORT_IN: may_report_in,
    Action.RETURN_UNREPORTED: _may_return_unreported,
    Action.WITHDRAW_APPLICATION: _may_withdraw_application,
    Action.WITHDRAW_APPROVAL: _may_withdraw_approval,
    Action.RECALL_LETTER: _may_recall,
    Action.REVOKE: _may_revoke,
}


def _has_been_decided(transfer: Transfer) -> bool:
    # The applicant's own step and what the system filled in do not count as a first decision; a letter that was
    # opened for completion does.
    return has_draft(transfer) or any(
        hop.state in (HopState.APPROVED, HopState.RETURNED, HopState.RECEIVED)
        for hop in transfer.hops
        if hop.role not in APPLICATION
    )
