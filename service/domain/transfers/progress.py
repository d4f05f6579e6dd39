"""Moving a transfer forward: the start, the decided hop, the next hop, the end (requirements 4.4, R-091, R-155).

One call of `next_hop` passes every automatic and filled-in hop, so that no loop of a diagram runs
without a person in it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from service.domain.letters import issuing
from service.domain.letters.letters import LetterState
from service.domain.organisations.organisations import OrgRef, OrgType
from service.domain.routes.hops import APPLICATION, Fill, HopRole, HopState
from service.domain.routes.routes import Route
from service.domain.transfers.actions import Action
from service.domain.transfers.context import Context
from service.domain.transfers.effects import (
    Effect,
    HopDecided,
    HopOpened,
    LetterStateSet,
    NoticeWanted,
    RouteSet,
    StateSet,
)
from service.domain.transfers.transfers import STATE_OF_ROLE, TransferState

_WITHOUT_PAPER = frozenset({OrgType.GENERAL_BRANCH, OrgType.DIRECT_BRANCH})
WAITING = frozenset({HopState.PENDING, HopState.RETURNED})
_STATE_WHEN_DONE = {
    HopRole.RECEIVE: HopState.RECEIVED,
    HopRole.CONFIRM_REPORT_IN: HopState.REPORTED_IN,
    HopRole.REPORT_IN: HopState.REPORTED_IN,
}
FINISH = "finish"
"""What the fact `step` holds when no hop is left."""


@dataclass(slots=True)
class Advance:
    """Collects effects while the context follows them."""

    context: Context
    effects: tuple[Effect, ...] = ()

    def add(self, *caused: Effect) -> None:
        """Let these effects happen."""
        self.effects += caused
        self.context = self.context.after(caused)


def begin(context: Context, route: Route) -> Advance:
    """Set the planned route and decide what the submission itself decides (4.4 step 6, R-120)."""
    advance = Advance(context)
    advance.add(RouteSet(0, route.hops), StateSet(TransferState.IN_PROGRESS))
    for position, hop in enumerate(route.hops):
        if hop.fill is Fill.AUTO_FILLED:
            decide(advance, position, HopState.AUTO_FILLED, is_automatic=True)
        elif hop.role in APPLICATION:
            decide(advance, position, HopState.APPROVED)
            break
    return advance


def decide(advance: Advance, position: int, state: HopState, *, is_automatic: bool = False) -> None:
    """Mark a hop as decided and write its letter."""
    advance.add(HopDecided(position, state))
    advance.add(*issuing.issue(advance.context, position, is_automatic=is_automatic))


def done_state(role: HopRole) -> HopState:
    """State of a hop of this role once a person has taken it."""
    return _STATE_WHEN_DONE.get(role, HopState.APPROVED)


def next_hop(context: Context) -> tuple[str, Advance]:
    """Find the next hop that waits for a person; return its user task, or "finish" (R-155–R-158)."""
    advance = Advance(context)
    for position, hop in enumerate(context.transfer.hops):
        if hop.state not in WAITING:
            continue
        if position == context.transfer.position:
            # It stays where it is, its letter opened or saved: nobody needs to be told again.
            return hop.step, advance
        if hop.fill is Fill.AUTO:
            decide(advance, position, HopState.AUTO_APPROVED, is_automatic=True)
            continue
        open_hop(advance, position)
        return hop.step, advance
    return FINISH, advance


def open_hop(advance: Advance, position: int) -> None:
    """Put the transfer before the organisation of this hop."""
    advance.add(HopOpened(position))
    transfer = advance.context.transfer
    state = STATE_OF_ROLE.get(transfer.hop.role, TransferState.IN_PROGRESS)
    if (transfer.state, transfer.cause) != (state, None):
        advance.add(StateSet(state))
    advance.add(NoticeWanted("hop_opened", transfer.hop.org))
    if issuing.lacks_seal_for_approval(advance.context):
        advance.add(NoticeWanted("seal_missing", transfer.hop.org))
    for told in _waiting_for_paper(advance.context):
        advance.add(NoticeWanted("letter_ready", told))


def _waiting_for_paper(context: Context) -> Iterator[OrgRef]:
    # Who has no letter of its own for outside is told when the committee above has made it out.
    transfer = context.transfer
    if transfer.hop.role is not HopRole.RECORD_RECEIPT:
        return
    if context.profile.choice("outside.closing") != "receipt_by_terminal_committee":
        return
    for hop in transfer.hops:
        if hop.org is not None and context.organisation(hop.org).org_type in _WITHOUT_PAPER:
            yield hop.org


def complete(context: Context) -> tuple[Effect, ...]:
    """End a transfer whose hops are all decided."""
    ended: tuple[Effect, ...] = (StateSet(TransferState.COMPLETED),)
    letter = context.transfer.letter
    is_receipted = any(hop.role is HopRole.RECORD_RECEIPT for hop in context.transfer.hops)
    if letter is not None and is_receipted:
        ended += (LetterStateSet(LetterState.RECEIPTED),)
    return (*ended, NoticeWanted("completed"))


def stop(context: Context) -> tuple[Effect, ...]:
    """End a transfer for good without moving anybody: void or revoke (R-078, R-107, R-111)."""
    transfer = context.transfer
    voids = context.decision.action is Action.VOID
    ahead = range(transfer.position, len(transfer.hops))
    return (
        *(HopDecided(each, HopState.SKIPPED) for each in ahead if transfer.hops[each].state is HopState.PENDING),
        *issuing.retire(context, LetterState.VOID),
        StateSet(TransferState.VOIDED if voids else TransferState.REVOKED),
        NoticeWanted("voided" if voids else "revoked"),
    )
