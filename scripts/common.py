"""What the script tasks of every diagram may call; each function returns facts and effects, and does nothing.

The rules themselves stand in `service.domain`; these functions only give them the names that a diagram uses.
"""

from service.domain.letters import issuing
from service.domain.routes import routes
from service.domain.transfers import progress, receiving, rerouting, returns
from service.domain.transfers.context import Context
from service.domain.transfers.effects import (
    BranchChosen,
    HopDecided,
    HopOpened,
    LetterIssued,
    LetterPassed,
    LetterReturned,
    LetterStateSet,
    MembershipLeft,
    MembershipMoved,
    MembershipReturned,
    NoticeWanted,
    RouteSet,
    StateSet,
    TargetSet,
)
from service.domain.transfers.functions import Outcome, declare
from service.domain.transfers.judging import changes_target

_LETTERS = (LetterIssued, LetterPassed, LetterStateSet)
_OPENING = (HopOpened, StateSet, NoticeWanted)


@declare(effects=(RouteSet, StateSet, HopDecided, *_LETTERS))
def plan_route(context: Context) -> Outcome:
    """Plan the whole route and decide what the submission itself decides (R-082, 4.4)."""
    route = routes.plan_route(context.case, context.profile)
    return Outcome(effects=progress.begin(context, route).effects)


@declare(gives={"step": str}, effects=(HopDecided, *_LETTERS, *_OPENING))
def resolve_next_organisation(context: Context) -> Outcome:
    """Find the next organisation that has to act, passing automatic and filled-in hops (R-155)."""
    step, advance = progress.next_hop(context)
    return Outcome({"step": step}, advance.effects)


@declare(
    gives={"stays": bool, "membership_due": bool},
    effects=(RouteSet, TargetSet, HopDecided, BranchChosen, *_LETTERS),
)
def accept_step(context: Context) -> Outcome:
    """Take down an affirmative decision; where a letter is opened or only saved the item stays (R-094, R-096)."""
    if issuing.saves_in_place(context):
        return Outcome({"stays": True, "membership_due": False}, issuing.save(context))
    advance = progress.Advance(context)
    if changes_target(context):
        advance.add(*rerouting.retarget(context).effects)
    advance.add(*rerouting.categorise(advance.context))
    if issuing.opens_draft(context):
        advance.add(*issuing.draft(advance.context))
        return Outcome({"stays": True, "membership_due": False}, advance.effects)
    advance.add(*receiving.accept(advance.context).effects)
    due = receiving.is_membership_due(advance.context)
    return Outcome({"stays": False, "membership_due": due}, advance.effects)


@declare(effects=(HopDecided, *_LETTERS))
def issue_letter(context: Context) -> Outcome:
    """Write or pass on the letter of the step just decided, and fill in the steps below a receiver."""
    advance = progress.Advance(context)
    advance.add(*issuing.issue(context, context.transfer.position))
    receiving.fill_in_below(advance)
    return Outcome(effects=advance.effects)


@declare(effects=(MembershipMoved, MembershipLeft))
def move_membership(context: Context) -> Outcome:
    """Move the membership to the branch, or out of the system (R-047, R-127)."""
    return Outcome(effects=(receiving.move(context),))


@declare(
    gives={"step": str},
    effects=(RouteSet, HopDecided, MembershipMoved, MembershipReturned, LetterReturned, *_LETTERS, *_OPENING),
)
def return_transfer(context: Context) -> Outcome:
    """Take the transfer back: reject, return, unwind, object, withdraw, recall (2.8)."""
    advance = returns.go_back(context)
    return Outcome({"step": advance.context.transfer.hop.step}, advance.effects)


@declare(gives={"step": str}, effects=(RouteSet, TargetSet, LetterPassed, LetterStateSet))
def replan_route(context: Context) -> Outcome:
    """Plan the route anew from the current organisation to a new target (R-113, R-114)."""
    advance = rerouting.retarget(context)
    return Outcome({"step": advance.context.transfer.hop.step}, advance.effects)


@declare(effects=(HopDecided, StateSet, NoticeWanted, *_LETTERS))
def stop_transfer(context: Context) -> Outcome:
    """End the transfer for good without moving anybody: void or revoke (R-078, R-107, R-111)."""
    return Outcome(effects=progress.stop(context))


@declare(effects=(StateSet, LetterStateSet, NoticeWanted))
def finish(context: Context) -> Outcome:
    """End the transfer: every hop is decided (R-049)."""
    return Outcome(effects=progress.complete(context))
