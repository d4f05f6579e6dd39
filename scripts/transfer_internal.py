"""What the internal diagram does otherwise: where the initiator turns the route, the start is the receipt."""

from scripts import common
from service.domain.transfers import receiving
from service.domain.transfers.context import Context
from service.domain.transfers.effects import (
    BranchChosen,
    HopDecided,
    LetterIssued,
    LetterPassed,
    LetterStateSet,
    MembershipMoved,
    RouteSet,
    StateSet,
)
from service.domain.transfers.functions import Outcome, declare


@declare(
    effects=(
        RouteSet,
        StateSet,
        HopDecided,
        LetterIssued,
        LetterPassed,
        LetterStateSet,
        BranchChosen,
        MembershipMoved,
    )
)
def plan_route(context: Context) -> Outcome:
    """Plan the route; with `route.internal_turn` initiator also place the member (R-154, A-22).

    Refuses E_TARGET_PRECISION when then the target is no branch.
    """
    planned = common.plan_route(context)
    after = context.after(planned.effects)
    if not receiving.start_receives(after):
        return planned
    return Outcome(effects=(*planned.effects, *receiving.place_at_start(after)))
