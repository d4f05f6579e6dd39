"""A new target on the way: change of target and adjustment of the receiver (R-113–R-116, 4.4 step 11)."""

from dataclasses import replace

from service.domain.errors import Refused
from service.domain.letters import issuing
from service.domain.organisations import tree
from service.domain.routes import classification
from service.domain.routes.cases import RouteCase
from service.domain.routes.crossing import Crossing, end_of_route
from service.domain.routes.hops import APPLICATION, Hop, HopRole, MadeBy, Side
from service.domain.routes.routes import outgoing_hops, plan_route, receiving_leg, report_in
from service.domain.routes.varieties import OutType, Variety
from service.domain.transfers.actions import CITY_APPROVALS, Action
from service.domain.transfers.context import Context
from service.domain.transfers.effects import Effect, RouteSet, TargetSet
from service.domain.transfers.progress import Advance
from service.domain.transfers.transfers import Target


def retarget(context: Context) -> Advance:
    """Set the new target and the route from the current hop on; the hops already done stay.

    Refuses E_VARIETY_MISMATCH, E_TARGET_NOT_SUBORDINATE, and what planning a route refuses.
    """
    advance = Advance(context)
    if context.transfer.at_application and context.decision.action is not Action.ADJUST_RECEIVER:
        return _applied_anew(advance)
    if context.decision.action is Action.ADJUST_RECEIVER:
        hops, out_type = _adjusted(context), context.transfer.out_type
    else:
        hops, out_type = _rerouted(context)
    chosen = context.decision.target
    target = Target(chosen[0].ref if chosen else None, context.decision.target_text)
    here = context.transfer.position
    marked = tuple(replace(hop, made_by=MadeBy.RE_ROUTED) for hop in hops[1:])
    advance.add(TargetSet(target, out_type), RouteSet(here, (hops[0], *marked)))
    advance.add(*issuing.retarget(context, advance.context))
    return advance


def categorise(context: Context) -> tuple[Effect, ...]:
    """Replace the type by the category that was chosen with the approval (4.3, R-093)."""
    chosen, transfer = context.decision.out_type, context.transfer
    if context.decision.action not in CITY_APPROVALS or chosen in (None, transfer.out_type):
        return ()
    return (TargetSet(transfer.target, chosen),)


def _applied_anew(advance: Advance) -> Advance:
    # The applicant corrects his target: the whole route is planned again, on the same diagram.
    context = advance.context
    decision, transfer = context.decision, context.transfer
    case = replace(context.case, target=decision.target, out_type=None, off_tree=decision.target is None)
    route = plan_route(case, context.profile)
    target = Target(decision.target[0].ref if decision.target else None, decision.target_text)
    done = tuple(
        replace(hop, state=known.state)
        for hop, known in zip(route.hops[: transfer.position], transfer.hops, strict=False)
    )
    advance.add(TargetSet(target, route.out_type), RouteSet(0, done + route.hops[transfer.position :]))
    advance.add(*issuing.retarget(context, advance.context))
    return advance


def _rerouted(context: Context) -> tuple[tuple[Hop, ...], OutType | None]:
    here = context.transfer.hop
    assert here.org is not None
    chain = context.lineage.chain(here.org.code)
    case = RouteCase(
        origin=chain,
        target=context.decision.target,
        starter=chain,
        has_cities=context.lineage.has_cities,
    )
    if case.target is None:
        return _same_leg_outside(context), context.transfer.out_type
    variety = classification.derive_variety(case, context.profile)
    planned = outgoing_hops(case, variety, context.profile)
    # c itself has not decided yet: the plan goes on behind its hop.
    rest = planned[next(i for i, hop in enumerate(planned) if hop.code == here.code) + 1 :]
    receives = not any(hop.role is HopRole.RECEIVE for hop in rest)
    role = HopRole.RECEIVE if receives else HopRole.APPROVE
    if rest and rest[0].code == here.code and rest[0].role is HopRole.RECEIVE:
        role, rest = HopRole.RECEIVE, rest[1:]
    if context.transfer.variety is Variety.INCOMING:
        # Who comes in has left his former side outside: whoever he passes now is on the way to his branch.
        rest = tuple(replace(hop, side=Side.RECEIVING) if hop.side is Side.HOME else hop for hop in rest)
    return (Hop(here.org, role, here.side), *rest), _type_of_move(context)


def _type_of_move(context: Context) -> OutType | None:
    # The way goes on from here, but the member still moves from his own branch.
    if context.transfer.variety is Variety.INCOMING:
        return None
    case = replace(context.case, target=context.decision.target, variety=None, out_type=None, off_tree=False)
    return classification.derive_out_type(case, classification.derive_variety(case, context.profile), context.profile)


def _same_leg_outside(context: Context) -> tuple[Hop, ...]:
    # Another name outside: the way up to the terminal stays as it is.
    if not context.transfer.is_outside:
        raise Refused("E_VARIETY_MISMATCH", field="target")
    return context.transfer.hops[context.transfer.position :]


def _adjusted(context: Context) -> tuple[Hop, ...]:
    transfer, chosen = context.transfer, context.decision.target
    assert chosen is not None
    here = transfer.hop
    assert here.org is not None
    below = tree.onwards(chosen, start=context.organisation(here.org))
    if not below or chosen[0].code == here.code:
        raise Refused("E_TARGET_NOT_SUBORDINATE", field="target")
    case = RouteCase(origin=None, target=chosen, starter=chosen)
    end = end_of_route(case, Variety.INCOMING, context.profile)
    turning = below[0]
    leg = receiving_leg(chosen, Crossing(turning, turning), end, context.profile)
    role = here.role if here.role in APPLICATION else HopRole.APPROVE
    first = Hop(here.org, role, Side.RECEIVING)
    return (first, *leg, *report_in(chosen, end, context.profile))
