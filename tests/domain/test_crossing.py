"""Where the way up ends and the way down begins, in trees that no worked example has (4.4 step 2, C-05)."""

from dataclasses import replace

import pytest

from service.definitions.profiles import profile
from service.domain.errors import Refused
from service.domain.organisations.organisations import Chain, Scope
from service.domain.routes.cases import RouteCase
from service.domain.routes.routes import preview_route
from tests.reference.notation import written_hop
from tests.reference.trees import T1, T3, chains


def scoped(tree: str, **scopes: Scope) -> dict[str, Chain]:
    """A reference tree in which some organisations have another scope; `_` stands for `-`."""
    wanted = {code.replace("_", "-"): scope for code, scope in scopes.items()}
    return {
        code: tuple(replace(org, scope=wanted.get(org.code, org.scope)) for org in chain)
        for code, chain in chains(tree).items()
    }


def route(name: str, case: RouteCase) -> str:
    return " > ".join(written_hop(hop) for hop in preview_route(case, profile(name)).hops)


@pytest.mark.requirement("R-082")
def test_two_holders_that_are_one_organisation_give_way_to_the_lowest_common_superior() -> None:
    """Nobody below the province has the scope; still it need not go there, as the city lies above both."""
    tree = scoped(T1, A1=Scope.COUNTY, A2=Scope.COUNTY, CA=Scope.COUNTY, CB=Scope.COUNTY, B1=Scope.COUNTY)
    home = tree["A1-T1-B1"]
    same_city = RouteCase(home, tree["A2-T1-B1"], home)
    other_city = RouteCase(home, tree["B1-S1-B1"], home)
    assert route("shandong", same_city) == "A1-T1-B1[S] > A1-T1 > A1 > CA > A2 > A2-T1 > A2-T1-B1[R]"
    assert route("shandong", other_city) == "A1-T1-B1[S] > A1-T1 > A1 > CA > P > CB > B1 > B1-S1 > B1-S1-B1[R]"


@pytest.mark.requirement("R-082")
def test_where_the_scope_must_be_the_starters_own_no_superior_lends_his() -> None:
    """In the national system; elsewhere the route climbs to whoever has the scope."""
    tree = scoped(T3, GU_1=Scope.COUNTY)
    case = RouteCase(tree["GU-1-B1"], tree["RC1-T-B1"], tree["GU-1"])
    with pytest.raises(Refused, match="E_SCOPE_REQUIRED"):
        preview_route(case, profile("national"))
    assert preview_route(replace(case, starter=chains(T3)["GU-1"]), profile("national"))
    tree = scoped(T1, A1_T1=Scope.NONE)
    home = tree["A1-T1-B1"]
    assert preview_route(RouteCase(home, tree["A2-T1-B1"], home), profile("shandong"))
