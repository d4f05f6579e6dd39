"""Moving a transfer back: reject, return, unwind, object, withdraw, recall (R-102–R-110, R-077, R-097, R-134)."""

from dataclasses import replace

from service.domain.letters import issuing
from service.domain.letters.letter_editing import has_draft
from service.domain.letters.letters import LetterState
from service.domain.routes.hops import APPLICATION, DONE_BY_SYSTEM, Fill, HopRole, HopState, Side
from service.domain.transfers import receiving
from service.domain.transfers.actions import Action
from service.domain.transfers.context import Context
from service.domain.transfers.effects import (
    HopDecided,
    HopOpened,
    LetterReturned,
    MembershipMoved,
    MembershipReturned,
    NoticeWanted,
    RouteSet,
    StateSet,
)
from service.domain.transfers.progress import Advance, open_hop
from service.domain.transfers.transfers import Cause, Transfer, TransferState

_AFTER_RECEIPT = frozenset({Action.RETURN_UNREPORTED, Action.OBJECT, Action.WITHDRAW_APPLICATION})
"""What may come after the membership has moved; of an application, where its start was the receipt already (R-154)."""
_WITHDRAWALS = frozenset({Action.WITHDRAW_APPLICATION, Action.WITHDRAW_APPROVAL})


def go_back(context: Context) -> Advance:
    """Take the transfer back as the action of the decision says, and open the hop it goes to."""
    action = context.decision.action
    transfer = context.transfer
    goal = destination(transfer, action)
    advance = Advance(context)
    if action not in (*_WITHDRAWALS, Action.RECALL_LETTER):
        for position in _passed(transfer, goal):
            advance.add(HopDecided(position, HopState.RETURNED))
    if action in _AFTER_RECEIPT and receiving.has_moved(context):
        # Received but not placed: until then the origin stays responsible.
        advance.add(MembershipMoved(transfer.origin) if transfer.origin else MembershipReturned())
    _retire_letter(advance, action, goal)
    _reopen(advance, goal, action)
    return advance


def destination(transfer: Transfer, action: Action) -> int:
    """Index of the hop to which the action takes the transfer."""
    if action in (Action.DISAPPROVE, Action.WITHDRAW_APPLICATION):
        return _application(transfer)
    if action is Action.OBJECT:
        return _previous_other(transfer)
    if action is Action.RECALL_LETTER:
        return max(i for i, hop in enumerate(transfer.hops) if hop.side is Side.HOME)
    if action is Action.RETURN_UNREPORTED:
        return _receipt(transfer)
    if action is Action.WITHDRAW_APPROVAL:
        return last_decided_by_person(transfer)
    return previous(transfer)


def previous(transfer: Transfer) -> int:
    """Index of the hop before, passing over steps that were filled in (R-104, R-108)."""
    for position in range(transfer.position - 1, -1, -1):
        if transfer.hops[position].fill is not Fill.AUTO_FILLED:
            return position
    return 0


def last_decided_by_person(transfer: Transfer) -> int:
    """Index of the last hop before the current one that a person decided, -1 when there is none."""
    for position in range(transfer.position - 1, -1, -1):
        if transfer.hops[position].state not in DONE_BY_SYSTEM:
            return position
    return -1


def _application(transfer: Transfer) -> int:
    return next(i for i, hop in enumerate(transfer.hops) if hop.role in APPLICATION)


def _previous_other(transfer: Transfer) -> int:
    here = transfer.hop.code
    for position in range(transfer.position - 1, -1, -1):
        hop = transfer.hops[position]
        if hop.fill is not Fill.AUTO_FILLED and hop.code != here:
            return position
    return 0


def _receipt(transfer: Transfer) -> int:
    received = [i for i, hop in enumerate(transfer.hops) if hop.role is HopRole.RECEIVE]
    return received[-1] if received else _application(transfer)


def _passed(transfer: Transfer, goal: int) -> list[int]:
    # The hop that says no, and those through which the transfer only passes on its way back.
    return [
        position
        for position in range(transfer.position, goal, -1)
        if transfer.hops[position].fill is not Fill.AUTO_FILLED
    ]


def _retire_letter(advance: Advance, action: Action, goal: int) -> None:
    if has_draft(advance.context.transfer):
        # It was never sent: there is nobody from whom it could come back.
        advance.add(*issuing.retire(advance.context, LetterState.VOID))
    elif action is Action.RECALL_LETTER:
        advance.add(*issuing.retire(advance.context, LetterState.RECALLED))
    elif action in _WITHDRAWALS:
        is_single = advance.context.profile.choice("letter.per_hop") == "single"
        if not is_single:
            advance.add(*issuing.retire(advance.context, LetterState.SUPERSEDED))
    elif _lies_with_another(advance.context, goal):
        # Sent on further: who gets it back now has his own letter before him, not that of the organisation between.
        hop = advance.context.transfer.hops[goal]
        assert hop.org is not None
        advance.add(LetterReturned(goal, hop.org, issuing.next_addressee(advance.context.transfer, goal)))
    else:
        advance.add(*issuing.retire(advance.context, LetterState.RETURNED))


def _lies_with_another(context: Context, goal: int) -> bool:
    letter = context.transfer.letter
    one_travels = context.profile.choice("letter.per_hop") == "single"
    came_back = letter is not None and letter.state is LetterState.RETURNED and letter.position > goal
    return came_back and not one_travels and issuing.writes_letter(context.transfer, goal)


def _reopen(advance: Advance, goal: int, action: Action) -> None:
    hop = advance.context.transfer.hops[goal]
    if hop.fill is Fill.AUTO:
        # A letter that comes back is decided by hand.
        later = advance.context.transfer.hops[goal + 1 :]
        advance.add(RouteSet(goal, (replace(hop, fill=Fill.NORMAL), *later)))
    if hop.role not in APPLICATION or action is Action.RECALL_LETTER:
        open_hop(advance, goal)
        return
    cause = Cause.WITHDRAWN if action in _WITHDRAWALS else Cause.REJECTED
    advance.add(HopOpened(goal), StateSet(TransferState.RETURNED_TO_APPLICANT, cause))
    advance.add(NoticeWanted("returned", hop.org))
