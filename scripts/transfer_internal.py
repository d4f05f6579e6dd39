"""What the internal diagram does otherwise: where the initiator turns the route, the start is the receipt."""

from scripts import common
from service.domain.context import Context
from service.domain.effects import (
    BranchChosen,
    HopDecided,
    LetterIssued,
    LetterPassed,
    LetterStateSet,
    MembershipMoved,
    RouteSet,
    StateSet,
)
from service.domain.errors import Refused
from service.domain.functions import Outcome, declare
from service.domain.hops import HopRole


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
    if any(hop.role is HopRole.RECEIVE for hop in after.transfer.hops):
        return planned
    target = context.lineage.target
    if target is None or not target[0].is_branch:
        raise Refused("E_TARGET_PRECISION", field="target")
    branch = target[0].ref
    return Outcome(effects=(*planned.effects, BranchChosen(branch), MembershipMoved(branch)))
