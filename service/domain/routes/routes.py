"""The route procedure: from origin, target, tree, levels, permissions and profile to the hops (R-082).

Source: requirements 4.4; the numbers in the comments are its steps. The same input always yields the
same route: nothing but the arguments is read.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from service.domain.applying import eligibility, starts, targets
from service.domain.letters.letters import may_sign
from service.domain.organisations import tree
from service.domain.organisations.organisations import Chain, Organisation, Scope
from service.domain.profile import Profile
from service.domain.routes.cases import RouteCase
from service.domain.routes.crossing import Crossing, crossing, end_of_route
from service.domain.routes.hops import Fill, Hop, HopRole, HopState, MadeBy, Side
from service.domain.routes.varieties import OutType, Variety


@dataclass(frozen=True, slots=True)
class Route:
    """A planned route: variety, outgoing type (None for incoming) and the hops in order."""

    variety: Variety
    out_type: OutType | None
    hops: tuple[Hop, ...]


def preview_route(case: RouteCase, profile: Profile) -> Route:
    """Make every check that tree and profile allow, in the order of R-227, and plan the route.

    Refuses E_START_NOT_ALLOWED, E_NO_TRANSFER_PERMISSION, E_NOT_SUBORDINATE, E_TARGET_*, E_SAME_BRANCH,
    E_VARIETY_MISMATCH, E_SCOPE_REQUIRED, E_OUT_TYPE_MISMATCH, E_ROUTE_NO_AUTHORITY.
    """
    starts.check_right(case.starter, profile, is_incoming=case.is_incoming)
    if not case.is_incoming:
        eligibility.check_subordinate(case.home, case.starter, profile)
    targets.check_target(case, profile)
    return plan_route(case, profile)


def plan_route(case: RouteCase, profile: Profile) -> Route:
    """Classify and plan; for a case whose start and target have been checked.

    Refuses E_VARIETY_MISMATCH, E_SCOPE_REQUIRED, E_OUT_TYPE_MISMATCH, E_ROUTE_NO_AUTHORITY.
    """
    variety, out_type = starts.classify(case, profile)
    if variety is Variety.INCOMING:
        return Route(variety, None, incoming_hops(case, profile))
    return Route(variety, out_type, outgoing_hops(case, variety, profile))


def outgoing_hops(case: RouteCase, variety: Variety, profile: Profile) -> tuple[Hop, ...]:
    """Plan the hops of a transfer that has an origin (steps 2–9)."""
    points = crossing(case, variety, profile)
    home = _home_leg(case, points, profile)
    home = _mark_turning(home, case, variety, points, profile)
    if points.entry is None:
        return _start(home, case, profile, tail=_tail(case, variety, points, profile))
    assert case.target is not None
    end = end_of_route(case, variety, profile)
    initiator_turns = variety is Variety.INTERNAL and profile.choice("route.internal_turn") == "initiator"
    receiving = receiving_leg(case.target, points, end, profile, second_hop=not initiator_turns)
    return _start(home, case, profile, tail=receiving + report_in(case.target, end, profile))


def incoming_hops(case: RouteCase, profile: Profile) -> tuple[Hop, ...]:
    """Plan the hops of an incoming transfer (step 10)."""
    assert case.target is not None
    starter = case.starting[0]
    end = end_of_route(case, Variety.INCOMING, profile)
    top = starter if tree.contains(case.target, starter) else tree.holder(case.target, Scope.PROVINCE, able=True)
    leg = [org for org in _downwards(case.target, top, end) if org.code != starter.code]
    leg = _skip(leg, end, profile)
    hops = [_incoming_start(starter, profile)]
    if profile.flag("incoming.double_step"):
        hops.append(_hop(starter, Side.RECEIVING))
    # A leg that is empty means e = s: the starter receives in a second hop.
    hops += _receive_last([_hop(org, Side.RECEIVING) for org in leg or [starter]])
    return (*hops, *report_in(case.target, end, profile))


def receiving_leg(
    target: Chain, points: Crossing, end: Organisation, profile: Profile, *, second_hop: bool = True
) -> tuple[Hop, ...]:
    """Plan the hops from Y down to e, the last one receiving (steps 4, 5, 8)."""
    assert points.entry is not None
    organisations = _downwards(target, points.entry, end)
    if points.turns:
        organisations = [org for org in organisations if org.code != points.exit.code]
    organisations = _skip(organisations, end, profile)
    hops = [_hop(org, Side.RECEIVING) for org in organisations]
    if not hops and second_hop:
        hops = [_hop(points.exit, Side.RECEIVING)]
    return tuple(_receive_last(hops))


def report_in(target: Chain, end: Organisation, profile: Profile) -> tuple[Hop, ...]:
    """Plan what follows the receipt: nothing, a confirmation, or the report-in list (step 8)."""
    mode = profile.choice("report_in.mode")
    if mode == "step":
        return (Hop(end.ref, HopRole.CONFIRM_REPORT_IN, Side.RECEIVING),)
    if mode == "list":
        branch = target[0].ref if target[0].is_branch else None
        return (Hop(branch, HopRole.REPORT_IN, Side.RECEIVING),)
    return ()


def _home_leg(case: RouteCase, points: Crossing, profile: Profile) -> list[Hop]:
    # Steps 3, 5 and 6: from o up to X, without those that cannot transfer, below s as the profile says.
    starter = case.starting[0]
    organisations = list(tree.upwards(case.home, to=points.exit))
    below_starter = {org.code for org in tree.upwards(case.home, to=starter) if org.code != starter.code}
    mode = profile.choice("start.below_initiator")
    hops = []
    for org in _skip(organisations, None, profile):
        if org.code not in below_starter or mode == "keep":
            hops.append(_hop(org, Side.HOME))
        elif mode == "auto_fill":
            hops.append(Hop(org.ref, HopRole.APPROVE, Side.HOME, Fill.AUTO_FILLED, MadeBy.AUTO_FILLED))
    return hops


def _mark_turning(home: list[Hop], case: RouteCase, variety: Variety, points: Crossing, profile: Profile) -> list[Hop]:
    # Step 7: the turning organisation approves by itself, unless it is the starter. Without the permission or a seal
    # it decides by hand, among the letters that it receives.
    if not _turns_between_subordinates(case, variety, points, profile):
        return home
    is_automatic = points.exit.auto_approve_children and may_sign(points.exit, profile)
    turned = {"fill": Fill.AUTO} if is_automatic else {"side": Side.RECEIVING}
    return [replace(hop, **turned) if hop.code == points.exit.code and hop.fill is Fill.NORMAL else hop for hop in home]


def _turns_between_subordinates(case: RouteCase, variety: Variety, points: Crossing, profile: Profile) -> bool:
    # The permission is one between direct subordinates; below one and the same of them only if it is passed over.
    turn = points.exit
    inside = variety in (Variety.INTERNAL, Variety.INTRA_COUNTY) and points.turns
    if not inside or not profile.flag("auto_approve.enabled") or turn.code == case.starting[0].code:
        return False
    legs = [tree.upwards(chain, to=turn)[:-1] for chain in (case.home, case.target or ())]
    below = {leg[-1].code: leg[-1] for leg in legs if leg}
    return len(below) != 1 or not next(iter(below.values())).can_transfer


def _start(home: list[Hop], case: RouteCase, profile: Profile, *, tail: tuple[Hop, ...]) -> tuple[Hop, ...]:
    # Step 6: either the starter's own hop is the start, or the applicant's step stands in front.
    if not counts_as_approval(profile, by_member=case.starter is None):
        return (Hop(None, HopRole.APPLY, Side.HOME), *_close_last(home, tail))
    starter = case.starting[0].code
    started = [replace(hop, role=HopRole.START) if hop.code == starter else hop for hop in home]
    return tuple(_close_last(started, tail))


def counts_as_approval(profile: Profile, *, by_member: bool) -> bool:
    """Does the starting organisation's own step count as its approval (C-03)?"""
    rule = profile.choice("start.counts_as_approval")
    return rule == "always" or (rule == "when_admin_starts" and not by_member)


def _tail(case: RouteCase, variety: Variety, points: Crossing, profile: Profile) -> tuple[Hop, ...]:
    # Step 9: how a transfer outside ends; an off-tree target inside the province is always closed.
    closing = profile.choice("outside.closing")
    if variety is not Variety.OUT_OF_PROVINCE or closing == "close_by_terminal":
        return (Hop(points.exit.ref, HopRole.CLOSE, Side.TAIL),)
    if closing == "receipt_by_origin_committee":
        recorder = tree.committee(case.home, "type", able=True)
        return (Hop(recorder.ref, HopRole.RECORD_RECEIPT, Side.TAIL),)
    if closing == "confirm_by_terminal_with_attachment":
        return (Hop(points.exit.ref, HopRole.CONFIRM_OUTSIDE, Side.TAIL),)
    return (Hop(points.exit.ref, HopRole.RECORD_RECEIPT, Side.TAIL),)


def _close_last(home: list[Hop], tail: tuple[Hop, ...]) -> Iterable[Hop]:
    # The last home hop itself closes; only a START is followed by a second hop.
    closes = bool(tail) and tail[0].role is HopRole.CLOSE
    if closes and home and home[-1].role is not HopRole.START:
        return (*home[:-1], *tail)
    return (*home, *tail)


def _incoming_start(starter: Organisation, profile: Profile) -> Hop:
    role = HopRole.APPLY if profile.flag("incoming.double_step") else HopRole.START
    return Hop(starter.ref, role, Side.RECEIVING)


def _downwards(chain: Chain, top: Organisation, end: Organisation) -> list[Organisation]:
    leg = tree.upwards(tree.onwards(chain, start=end), to=top)
    return list(reversed(leg)) if leg else [end]


def _skip(organisations: Iterable[Organisation], end: Organisation | None, profile: Profile) -> list[Organisation]:
    # Step 5: without permission no hop, except e.
    if not profile.flag("route.skip_without_permission"):
        return list(organisations)
    return [org for org in organisations if org.can_transfer or (end and org.code == end.code)]


def _receive_last(hops: list[Hop]) -> list[Hop]:
    return [*hops[:-1], replace(hops[-1], role=HopRole.RECEIVE)] if hops else hops


def _hop(org: Organisation, side: Side) -> Hop:
    return Hop(org.ref, HopRole.APPROVE, side, state=HopState.PENDING)
