"""What each rule of the route procedure does to a route, and what a route would be without it (R-082–R-088)."""

from dataclasses import replace

import pytest

from service.definitions.profiles import profile
from service.domain.organisations.organisations import Chain
from service.domain.routes.cases import RouteCase
from service.domain.routes.routes import preview_route
from tests.reference.notation import written_hop
from tests.reference.trees import T1, T2, T3, chains

TREE = {**chains(T1), **chains(T2), **chains(T3)}


def route(name: str, origin: Chain, target: Chain | None, starter: Chain | None = None, **values: object) -> str:
    case = RouteCase(origin, target, starter, **values)
    return " > ".join(written_hop(hop) for hop in preview_route(case, profile(name)).hops)


def changed(code: str, **values: object) -> Chain:
    """up(code), its first organisation changed."""
    return (replace(TREE[code][0], **values), *TREE[code][1:])


def with_superior(code: str, superior: str, **values: object) -> Chain:
    """up(code), one of its superiors changed."""
    return tuple(replace(org, **values) if org.code == superior else org for org in TREE[code])


@pytest.mark.requirement("R-082")
def test_the_same_input_yields_the_same_route() -> None:
    case = RouteCase(TREE["A1-T1-B1"], TREE["B1-S1-B1"], None)
    assert len({preview_route(case, profile("fujian")) for _ in range(5)}) == 1


@pytest.mark.requirement("R-083")
def test_who_may_not_transfer_is_no_hop() -> None:
    home, lame = TREE["U-G1-B1"], with_superior("U-G1-B1", "U-G1", can_transfer=False)
    target = TREE["A1-T1-B1"]
    assert route("fujian", home, target) == ("applicant[A] > U-G1-B1 > U-G1 > U > A1-T1 > A1-T1-B1[R] > A1-T1-B1[C]")
    assert route("fujian", lame, target) == "applicant[A] > U-G1-B1 > U > A1-T1 > A1-T1-B1[R] > A1-T1-B1[C]"
    # On the receiving side as on the home side.
    assert route("shandong", target, TREE["U-G2-B1"], target).endswith("A1 > U > U-G2-B1[R]")


@pytest.mark.requirement("R-083")
def test_the_end_of_the_route_receives_all_the_same() -> None:
    target = changed("A1-T2-B1", can_transfer=False)
    assert route("fujian", TREE["A2-T1-B1"], target).endswith("> A1-T2 > A1-T2-B1[R] > A1-T2-B1[C]")
    # A branch whose member applies is passed over.
    origin = changed("A2-T1-B1", can_transfer=False)
    assert route("fujian", origin, TREE["A1-T2-B1"]).startswith("applicant[A] > A2-T1 > A1-T2")


@pytest.mark.requirement("R-083")
def test_a_crossing_point_without_permission_is_looked_for_above() -> None:
    lame = with_superior("A2-T1-B1", "A2-T1", can_transfer=False)
    assert route("fujian", lame, TREE["A1-T2-B1"]).startswith("applicant[A] > A2-T1-B1 > A2 > A1-T2")
    assert route("shandong", TREE["U-G2-B1"], TREE["U-G2-B2"], TREE["U-G2-B1"]) == "U-G2-B1[S] > U > U-G2-B2[R]"


@pytest.mark.requirement("R-084")
@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("A1-T2-B1", "A1-T2 > A1-T2-B1[R] > A1-T2-B1[C]"),
        ("A1-T2-G-B1", "A1-T2 > A1-T2-G > A1-T2-G-B1[R] > A1-T2-G-B1[C]"),
    ],
)
def test_a_general_branch_is_a_hop_where_there_is_one(target: str, expected: str) -> None:
    assert route("fujian", TREE["A2-T1-B1"], TREE[target]) == f"applicant[A] > A2-T1-B1 > A2-T1 > {expected}"


@pytest.mark.requirement("R-085")
def test_levels_decide_in_fujian_and_scopes_elsewhere() -> None:
    def both(home: Chain) -> tuple[str, str]:
        target = TREE["B1-S1-B1"]
        return route("fujian", home, target), route("shandong", home, target, home)

    fujian, shandong = both(TREE["A1-T1-B1"])
    assert "A1-T1 > B1-S1" in fujian
    assert "A1-T1 > A1 > B1 > B1-S1" in shandong
    # Another level moves the route of one, another scope that of the other.
    levelled, scoped = with_superior("A1-T1-B1", "A1-T1", level=None), with_superior("A1-T1-B1", "A1-T1", scope=3)
    assert "A1-T1 > A1 > B1-S1" in both(levelled)[0]
    assert both(levelled)[1] == shandong
    assert both(scoped)[0] == fujian
    assert "A1-T1-B1[S] > A1-T1 > B1 > B1-S1" in both(scoped)[1]


@pytest.mark.requirement("R-085")
def test_national_crosses_at_the_holders_of_scopes() -> None:
    college = TREE["GU-1"]
    assert route("national", TREE["GU-1-B1"], TREE["RC1-T-B1"], college) == "GU-1[S] > RC1 > RC1-T[R] > RC1-T-B1[I]"
    wider = with_superior("RC1-T-B1", "RC1-T", scope=2)
    assert route("national", TREE["GU-1-B1"], wider, college) == "GU-1[S] > RC1-T[R] > RC1-T-B1[I]"


@pytest.mark.requirement("R-086")
@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        ("PD1-C-B1", "applicant[A] > PD1-C-B1 > PD1-C > PD1 > PD1[C]"),
        ("U-G1-B1", "applicant[A] > U-G1-B1 > U-G1 > U > PD2 > PD2[C]"),
        ("CA-D-C-B1", "applicant[A] > CA-D-C-B1 > CA-D-C > CA-D > CA > CA[C]"),
        ("A1-D-B1", "applicant[A] > A1-D-B1 > A1-D > A1 > A1[C]"),
        ("A2-T2-B1", "applicant[A] > A2-T2-B1 > A2-T2 > A2 > A2[C]"),
    ],
)
def test_who_lets_a_member_out_of_the_province(origin: str, expected: str) -> None:
    assert route("fujian", TREE[origin], None) == expected


@pytest.mark.requirement("R-088")
def test_a_starter_at_the_end_has_a_step_of_its_own() -> None:
    university = TREE["GU"]
    direct = (replace(TREE["GU-3-B1"][0], code="GU-DB"), *university)
    assert route("national", direct, None, university) == "GU[S] > GU[close]"
    # It receives in a step of its own, too.
    branch = TREE["A1-T1-B1"]
    assert route("shandong", branch, TREE["A1-T2"], branch).endswith("A1[AUTO] > A1-T2[R]")
    assert route("fujian", None, TREE["A1-T1-B1"], TREE["A1"]).startswith("A1[A] > A1 > A1-T1")  # type: ignore[arg-type]
    # Who only applied approves in a step of his own.
    assert route("fujian", TREE["A2-T1-B1"], TREE["A1-T2-B1"], TREE["A2-T1"]) == (
        "applicant[A] > A2-T1-B1 > A2-T1 > A1-T2 > A1-T2-B1[R] > A1-T2-B1[C]"
    )
