"""Crossing points X and Y, and the end e of a route (requirements 4.4, steps 2 and 4)."""

from typing import NamedTuple

from service.domain.organisations import tree
from service.domain.organisations.organisations import Chain, Organisation, OrgType, Scope
from service.domain.profile import Profile
from service.domain.routes.cases import RouteCase
from service.domain.routes.varieties import Variety

_SCOPES = {Variety.INTRA_COUNTY: Scope.COUNTY, Variety.IN_PROVINCE: Scope.PROVINCE}


class Crossing(NamedTuple):
    """Where the home leg ends and the receiving leg begins; `entry` is None for a transfer outside.

    `turns` tells that both are one organisation, the turning organisation.
    """

    exit: Organisation
    entry: Organisation | None

    @property
    def turns(self) -> bool:
        """Whether X = Y."""
        return self.entry is not None and self.exit.code == self.entry.code


def crossing(case: RouteCase, variety: Variety, profile: Profile) -> Crossing:
    """Find X and Y, then lift them to the starter where he stands above X (step 2); refuses E_ROUTE_NO_AUTHORITY."""
    found = _crossing(case, variety, profile)
    starter = case.starting[0]
    keeps = profile.choice("start.below_initiator") == "keep"
    if keeps or not _lies_above(case.home, starter, found.exit):
        return found
    return Crossing(starter, starter if found.turns else found.entry)


def end_of_route(case: RouteCase, variety: Variety, profile: Profile) -> Organisation:
    """Find e, the end of the receiving leg (step 4); refuses E_ROUTE_NO_AUTHORITY."""
    assert case.target is not None
    receives = profile.choice("receive.by")
    if receives == "county_scope_holder":
        return tree.holder(case.target, Scope.COUNTY, able=True)
    plain_branch = case.target[0].org_type is OrgType.BRANCH
    if receives == "committee" and variety is not Variety.INTERNAL and plain_branch:
        return tree.committee(case.target, profile.choice("route.committee_by"), able=True)
    return case.target[0]


def _crossing(case: RouteCase, variety: Variety, profile: Profile) -> Crossing:
    if variety is Variety.OUT_OF_PROVINCE:
        return Crossing(_terminal(case, profile), None)
    if case.target is None:
        return Crossing(tree.holder(case.starting, _SCOPES[variety], able=True), None)
    if variety is Variety.INTERNAL:
        turn = _internal_turn(case, case.target, profile)
        return Crossing(turn, turn)
    return _between_units(case, case.target, variety, profile)


def _terminal(case: RouteCase, profile: Profile) -> Organisation:
    if profile.choice("route.outside_terminal") == "county_level":
        return tree.outside_level(case.home, able=True)
    return tree.holder(case.starting, Scope.NATIONAL, able=True)


def _internal_turn(case: RouteCase, target: Chain, profile: Profile) -> Organisation:
    kind = profile.choice("route.internal_turn")
    if kind == "initiator":
        return case.starting[0]
    if kind == "committee":
        return tree.committee(case.home, profile.choice("route.committee_by"), able=True)
    return tree.able_superior(tree.lca_chain(case.home, target))


def _between_units(case: RouteCase, target: Chain, variety: Variety, profile: Profile) -> Crossing:
    key = "route.county_mode" if variety is Variety.INTRA_COUNTY else "route.province_mode"
    mode = profile.choice(key)
    if mode == "common_superior":
        turn = tree.able_superior(tree.lca_chain(case.home, target))
        return Crossing(turn, turn)
    if mode == "committees":
        by = profile.choice("route.committee_by")
        return Crossing(tree.committee(case.home, by, able=True), tree.committee(target, by, able=True))
    scope = _SCOPES[variety]
    pair = Crossing(tree.holder(case.starting, scope, able=True), tree.holder(target, scope, able=True))
    if pair.turns:
        turn = tree.able_superior(tree.lca_chain(case.home, target))
        return Crossing(turn, turn)
    return pair


def _lies_above(chain: Chain, upper: Organisation, lower: Organisation) -> bool:
    codes = [org.code for org in chain]
    return upper.code in codes and codes.index(upper.code) > codes.index(lower.code)
