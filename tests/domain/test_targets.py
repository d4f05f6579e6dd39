"""Which target is allowed, in the tree and off it (R-008, R-009, R-067–R-071)."""

from dataclasses import replace

import pytest

from service.definitions.profiles import profile
from service.domain.applying import targets
from service.domain.applying.targets import Named
from service.domain.errors import Refused
from service.domain.organisations.organisations import OrgStatus
from service.domain.routes.cases import RouteCase
from service.domain.routes.varieties import DestinationKind, Variety
from tests.domain.test_eligibility import TREES, changed, code_of, refusal
from tests.reference.trees import T1, T2, T3, chains

T1_CHAINS, T2_CHAINS, T3_CHAINS = chains(T1), chains(T2), chains(T3)

TARGETS = [
    ("shandong", "A1-T1-B1", "A1-T1-B1", "E_SAME_BRANCH"),
    ("shandong", "A1-T1-B1", "A1-T1", "E_TARGET_IS_SUPERIOR"),
    ("shandong", "A1-T1-B1", "A1", "E_TARGET_IS_SUPERIOR"),
    ("shandong", "A1-T1-B1", "H-O", "E_TARGET_NOT_ALLOWED"),
    ("shandong", "A1-T1-B1", "A1-T2", None),
    ("fujian", "A1-T1-B1", "A1-T2", "E_TARGET_PRECISION"),
    ("fujian", "A1-T1-B1", "A1-T2-B1", None),
    ("beijing", "XU-C1-B1", "XA-S1-B1", "E_TARGET_PRECISION"),
    ("beijing", "XU-C1-B1", "XA", "E_TARGET_PRECISION"),
    ("beijing", "XU-C1-B1", "XM", "E_TARGET_IS_SUPERIOR"),
    ("beijing", "XU-C1-B1", "XU-G1", None),
    ("beijing", "XA-S1-B1", "XU-DB", "E_TARGET_PRECISION"),
    ("beijing", "XU-C1-B1", "XA-S1", None),
    ("beijing", "XU-C1-B1", "XU-C2", None),
    ("beijing", "XU-C1-B1", "XU-C2-B1", "E_TARGET_PRECISION"),
    ("beijing", "XU-C1-B1", "XU-C1-B2", None),
    ("fujian", "A1-T1-B1", "A1-T1", "E_TARGET_IS_SUPERIOR"),
    ("fujian", "A1-T1-B1", "A1-T2-G", "E_TARGET_PRECISION"),
    ("default", "A1-T1-B1", "A1-T2-G", None),
    ("national", "GU-1-B1", "GU-2", None),
    ("national", "GU-1-B1", "RC1-T-B1", None),
]


@pytest.mark.requirement("R-067")
@pytest.mark.requirement("R-068")
@pytest.mark.requirement("R-069")
@pytest.mark.scenario("S-16")
@pytest.mark.scenario("S-59")
@pytest.mark.parametrize(("name", "origin", "target", "expected"), TARGETS)
def test_which_target_is_allowed(name: str, origin: str, target: str, expected: str | None) -> None:
    tree = TREES.get(name, T1_CHAINS)
    starter = {"shandong": tree[origin], "national": tree[origin][1:]}.get(name)
    assert refusal(RouteCase(tree[origin], tree[target], starter, has_cities=name != "beijing"), name) == expected


@pytest.mark.requirement("R-069")
@pytest.mark.parametrize(
    "values", [{"is_functional": True}, {"status": OrgStatus.DISSOLVED}], ids=["functional", "dissolved"]
)
def test_a_functional_or_dissolved_branch_is_no_target(values: dict[str, object]) -> None:
    target = changed(T1_CHAINS["A1-T1-B2"], **values)
    assert refusal(RouteCase(T1_CHAINS["A1-T1-B1"], target, None), "fujian") == "E_TARGET_NOT_ALLOWED"


@pytest.mark.requirement("R-069")
def test_a_target_that_nobody_above_may_hand_on_to_is_no_target() -> None:
    lame = tuple(replace(org, can_transfer=False) for org in T1_CHAINS["A2-T1-B1"])
    assert refusal(RouteCase(T1_CHAINS["A1-T1-B1"], lame, None), "fujian") == "E_TARGET_NOT_ALLOWED"


@pytest.mark.requirement("R-071")
def test_outside_the_target_is_typed() -> None:
    case = RouteCase(T1_CHAINS["A1-T1-B1"], T1_CHAINS["A2-T1-B1"], None, destination_kind=DestinationKind.MILITARY)
    assert refusal(case, "fujian") == "E_TARGET_MUST_BE_TEXT"


@pytest.mark.requirement("R-067")
def test_precision_is_judged_by_the_variety_the_user_chose() -> None:
    # In-city wants a committee, internal a branch: the same branch is right for one and wrong for the other.
    case = RouteCase(T2_CHAINS["XU-C1-B1"], T2_CHAINS["XU-C1-B2"], None, has_cities=False)
    rules = profile("beijing")
    assert code_of(lambda: targets.check_target(replace(case, variety=Variety.INTERNAL), rules)) is None
    in_city = replace(case, variety=Variety.IN_PROVINCE)
    assert code_of(lambda: targets.check_target(in_city, rules)) == "E_TARGET_PRECISION"


@pytest.mark.requirement("R-067")
def test_a_general_branch_is_precise_enough_only_below_a_committee_above_the_member() -> None:
    own = RouteCase(T2_CHAINS["XU-C1-B1"], T2_CHAINS["XU-G1"], None, has_cities=False)
    assert code_of(lambda: targets.check_target(own, profile("beijing"))) is None
    foreign = replace(own, origin=T2_CHAINS["XA-S1-B1"])
    assert code_of(lambda: targets.check_target(foreign, profile("beijing"))) == "E_TARGET_PRECISION"


@pytest.mark.requirement("R-227")
@pytest.mark.requirement("R-069")
def test_the_checks_of_a_target_speak_in_their_order() -> None:
    # Everything at once: the own branch, functional, off the level asked for; each correction lets the next speak.
    rules, home = profile("fujian"), T1_CHAINS["A1-T1-B1"]
    own = changed(home, is_functional=True)
    above = changed(home[1:], is_functional=True)
    elsewhere = changed(T1_CHAINS["A1-T2"], is_functional=True)
    codes = [
        code_of(lambda at=at: targets.check_target(RouteCase(home, at, None), rules))
        for at in (own, above, elsewhere, T1_CHAINS["A1-T2"], T1_CHAINS["A1-T2-B1"])
    ]
    assert codes == ["E_SAME_BRANCH", "E_TARGET_IS_SUPERIOR", "E_TARGET_NOT_ALLOWED", "E_TARGET_PRECISION", None]


TYPED = [
    ({"by_code": "A1-T2-B1"}, "A1-T2-B1"),
    ({"by_name": ["A1-T2-B1"]}, "A1-T2-B1"),
    ({"by_name": ["A1-T2-B1", "A1-T1-B1"]}, "E_ORG_NOT_FOUND"),
    ({}, "E_OFF_TREE_FLAG_REQUIRED"),
    ({"text": "A9-T9"}, "E_ORG_NOT_FOUND"),
    ({"may_leave": False}, "E_ORG_NOT_FOUND"),
    ({"is_off_tree": True}, None),
    ({"is_nationwide": True}, None),
    ({"is_nationwide": True, "is_off_tree": True}, None),
    ({"is_nationwide": True, "is_off_tree": False}, "E_OFF_TREE_LOCKED"),
    ({"is_nationwide": True, "by_name": ["A1-T2-B1"]}, None),
    ({"text": "", "is_off_tree": False}, None),
]


@pytest.mark.requirement("R-008")
@pytest.mark.requirement("R-070")
@pytest.mark.scenario("S-79")
@pytest.mark.scenario("S-52")
@pytest.mark.parametrize(("values", "expected"), TYPED)
def test_what_a_target_field_means(values: dict[str, object], expected: str | None) -> None:
    found = {"text": "白塔村党支部", **values}
    found["by_code"] = T1_CHAINS[found["by_code"]] if "by_code" in found else ()
    found["by_name"] = [T1_CHAINS[code] for code in found.get("by_name", ())]
    try:
        chain = targets.resolve(Named(**found))
    except Refused as refused:
        assert refused.code == expected
        return
    assert (chain[0].code if chain else None) == expected


@pytest.mark.requirement("R-070")
@pytest.mark.parametrize(("length", "is_wrong"), [(1, True), (2, False), (100, False), (101, True)])
def test_a_typed_target_has_two_to_a_hundred_characters(length: int, *, is_wrong: bool) -> None:
    assert targets.is_too_short_or_long("党" * length) is is_wrong


@pytest.mark.requirement("R-070")
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("national", None),
        ("default", None),
        ("fujian", "E_TARGET_NOT_ALLOWED"),
        ("shandong", "E_TARGET_NOT_ALLOWED"),
        ("beijing", "E_TARGET_NOT_ALLOWED"),
    ],
)
def test_off_the_tree_inside_the_province_where_the_profile_allows_it(name: str, expected: str | None) -> None:
    case = RouteCase(T1_CHAINS["A1-T1-B1"], None, None, variety=Variety.IN_PROVINCE, off_tree=True)
    assert code_of(lambda: targets.check_target(case, profile(name))) == expected


@pytest.mark.requirement("R-071")
@pytest.mark.parametrize(
    "values", [{"destination_kind": DestinationKind.ABROAD}, {"variety": Variety.OUT_OF_PROVINCE}, {"off_tree": True}]
)
def test_no_target_of_the_tree_for_a_transfer_that_leaves_it(values: dict[str, object]) -> None:
    case = RouteCase(T1_CHAINS["A1-T1-B1"], T1_CHAINS["A1-T1-B1"], None, **values)
    assert code_of(lambda: targets.check_target(case, profile("default"))) == "E_TARGET_MUST_BE_TEXT"


@pytest.mark.requirement("R-009")
@pytest.mark.requirement("R-145")
@pytest.mark.parametrize("code", ["H-U", "H-O", "H-T"])
def test_nobody_is_sent_to_a_holding_node(code: str) -> None:
    for origin in (T1_CHAINS["A1-T1-B1"], None):
        case = RouteCase(origin, T1_CHAINS[code], T1_CHAINS["A1"])
        assert code_of(lambda at=case: targets.check_target(at, profile("fujian"))) == "E_TARGET_NOT_ALLOWED"
