"""Variety and outgoing type (requirements 4.3, R-072, R-073)."""

from dataclasses import replace

import pytest

from service.definitions.profiles import profile
from service.domain.errors import Refused
from service.domain.routes import classification
from service.domain.routes.cases import RouteCase
from service.domain.routes.routes import preview_route
from service.domain.routes.varieties import DestinationKind, OutType, Variety
from tests.reference.trees import T1, T2, T3, chains

TREE = chains(T1)
CAPITAL = chains(T2)
REGION = chains(T3)

TYPES = [
    ("A1-T1-B1", "B1-S1-B1", OutType.OTHER_CITY),
    ("A1-T1-B1", "PD1-C-B1", OutType.PROVINCE_DIRECT_UNIT),
    ("A1-T1-B1", "A2-T1-B1", OutType.OTHER_COUNTY_SAME_CITY),
    ("A1-T1-B1", "CA-D-C-B1", OutType.CITY_DIRECT_UNIT),
    ("A1-T1-B1", "A1-T2-B1", OutType.OTHER_TOWNSHIP_SAME_COUNTY),
    ("A1-T1-B1", "A1-D-B1", OutType.COUNTY_DIRECT_UNIT),
    ("U-G1-B1", "U-G1-B2", OutType.SAME_SYSTEM),
    ("A1-T1-B1", "A1-T1-B2", OutType.TOWNSHIP_DIRECT_UNIT),
    ("PD1-C-B1", "A1-T1-B1", OutType.OTHER_CITY),
    ("PD1-C-B1", "U-G1-B1", OutType.PROVINCE_DIRECT_UNIT),
]


@pytest.mark.requirement("R-072")
@pytest.mark.parametrize(("origin", "target", "expected"), TYPES)
def test_the_outgoing_type_follows_from_origin_and_target(origin: str, target: str, expected: OutType) -> None:
    case = RouteCase(TREE[origin], TREE[target], TREE[origin])
    assert preview_route(case, profile("shandong")).out_type is expected


@pytest.mark.requirement("R-072")
def test_in_a_municipality_the_root_counts_as_the_city() -> None:
    case = RouteCase(CAPITAL["XU-C1-B1"], CAPITAL["XA-S1"], None, has_cities=False)
    assert preview_route(case, profile("beijing")).out_type is OutType.OTHER_COUNTY_SAME_CITY
    elsewhere = replace(case, target=CAPITAL["XU-C2"])
    assert preview_route(elsewhere, profile("beijing")).out_type is OutType.CITY_DIRECT_UNIT


@pytest.mark.requirement("R-072")
@pytest.mark.parametrize(
    ("target", "chosen", "allowed"),
    [
        ("A1-T1-B2", OutType.SAME_SYSTEM, True),
        ("A1-T2-B1", OutType.COUNTY_DIRECT_UNIT, True),
        ("A1-T1-B2", OutType.COUNTY_DIRECT_UNIT, False),
        ("A2-T1-B1", OutType.OTHER_CITY, False),
    ],
)
def test_the_user_may_switch_within_two_pairs_only(target: str, chosen: OutType, *, allowed: bool) -> None:
    case = RouteCase(TREE["A1-T1-B1"], TREE[target], TREE["A1-T1-B1"], out_type=chosen)
    if allowed:
        assert preview_route(case, profile("shandong")).out_type is chosen
        return
    with pytest.raises(Refused, match="E_OUT_TYPE_MISMATCH"):
        preview_route(case, profile("shandong"))


@pytest.mark.requirement("R-072")
@pytest.mark.parametrize("kind", list(DestinationKind))
def test_outside_the_kind_of_destination_is_the_type(kind: DestinationKind) -> None:
    case = RouteCase(TREE["A1-T1-B1"], None, None, destination_kind=kind)
    route = preview_route(case, profile("fujian"))
    assert route.variety is Variety.OUT_OF_PROVINCE
    expected = None if kind is DestinationKind.SPECIAL_ORG else OutType(kind.value)
    assert route.out_type is expected


@pytest.mark.requirement("R-073")
def test_a_variety_that_does_not_fit_is_refused() -> None:
    case = RouteCase(TREE["A1-T1-B1"], TREE["A2-T1-B1"], TREE["A1-T1-B1"], variety=Variety.INTERNAL)
    with pytest.raises(Refused, match="E_VARIETY_MISMATCH"):
        preview_route(case, profile("shandong"))


@pytest.mark.requirement("R-153")
def test_a_graduate_who_works_in_his_own_college_moves_in_city() -> None:
    case = RouteCase(CAPITAL["XU-C1-B2"], CAPITAL["XU-C1"], None, is_graduate=True, has_cities=False)
    route = preview_route(case, profile("beijing"))
    assert route.variety is Variety.IN_PROVINCE
    assert [hop.code for hop in route.hops] == [None, "XU-C1-B2", "XU-C1", "XU-C1"]
    with pytest.raises(Refused, match="E_TARGET_IS_SUPERIOR"):
        preview_route(replace(case, is_graduate=False), profile("beijing"))


@pytest.mark.scenario("S-79")
def test_an_off_tree_target_inside_the_province_is_closed_by_the_holder() -> None:
    case = RouteCase(REGION["GU-1-B1"], None, REGION["GU-1"], variety=Variety.IN_PROVINCE, off_tree=True)
    route = preview_route(case, profile("national"))
    assert [(hop.code, hop.role) for hop in route.hops] == [("GU-1", "START"), ("GU-1", "CLOSE")]
    assert route.out_type is None
    with pytest.raises(Refused, match="E_TARGET_NOT_ALLOWED"):
        preview_route(replace(case, starter=None, origin=TREE["A1-T1-B1"]), profile("fujian"))


def test_off_tree_without_a_variety_is_refused() -> None:
    case = RouteCase(REGION["GU-1-B1"], None, REGION["GU-1"], off_tree=True)
    with pytest.raises(Refused, match="E_VARIETY_MISMATCH"):
        classification.derive_variety(case, profile("national"))
