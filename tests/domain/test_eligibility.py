"""Who may start and which target is allowed, each refusal in the order of R-227."""

from dataclasses import replace

import pytest

from service.definitions.profiles import profile
from service.domain.cases import RouteCase
from service.domain.errors import Refused
from service.domain.organisations import Chain, OrgStatus
from service.domain.routes import preview_route
from service.domain.varieties import DestinationKind
from tests.reference.trees import T1, T2, T3, chains

T1_CHAINS, T2_CHAINS, T3_CHAINS = chains(T1), chains(T2), chains(T3)


def changed(chain: Chain, **values: object) -> Chain:
    """The chain with its first organisation changed."""
    return (replace(chain[0], **values), *chain[1:])


def refusal(case: RouteCase, name: str) -> str | None:
    try:
        preview_route(case, profile(name))
    except Refused as refused:
        return refused.code
    return None


STARTS = [
    ("shandong", "A1-T1-B1", "A1-T1-B2", "", "R-050", "E_START_NOT_ALLOWED"),
    ("shandong", "A1-T1-B1", "A1-T1-B2", "A1", "R-050", "E_START_NOT_ALLOWED"),
    ("shandong", "A1-T1-G-B1", "A1-T1-B1", "A1-T1-G", "R-014", "E_NO_TRANSFER_PERMISSION"),
    ("shandong", "A1-T1-B1", "A1-T1-B2", "A1-T2", "R-056", "E_NOT_SUBORDINATE"),
    ("shandong", "A1-T1-B1", "A2-T1-B1", "A1-T1", "R-050", None),
    ("fujian", "A1-T1-B1", "A1-T1-B2", "A1", "R-050", None),
    ("fujian", "A1-T1-B1", "A1-T1-B2", "H-O", "R-009", "E_START_NOT_ALLOWED"),
    ("beijing", "XU-C1-B1", "XU-C1-B2", "XU-C1", "R-050", "E_START_NOT_ALLOWED"),
    ("national", "GU-1-B1", "GU-2-B1", "GU", "R-054", "E_NOT_SUBORDINATE"),
    ("national", "GU-3-B1", "GU-2-B1", "GU", "R-054", "E_NOT_SUBORDINATE"),
    ("national", "GU-1-B1", "GU-2-B1", "GU-1-B1", "R-050", "E_START_NOT_ALLOWED"),
]
TREES = {"beijing": T2_CHAINS, "national": T3_CHAINS}


@pytest.mark.requirement("R-050")
@pytest.mark.requirement("R-054")
@pytest.mark.requirement("R-014")
@pytest.mark.parametrize(("name", "origin", "target", "starter", "rule", "expected"), STARTS)
def test_who_may_start(name: str, origin: str, target: str, starter: str, rule: str, expected: str | None) -> None:
    tree = TREES.get(name, T1_CHAINS)
    case = RouteCase(tree[origin], tree[target], tree[starter] if starter else None)
    assert refusal(case, name) == expected, rule


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
]


@pytest.mark.requirement("R-067")
@pytest.mark.requirement("R-068")
@pytest.mark.requirement("R-069")
@pytest.mark.scenario("S-16")
@pytest.mark.scenario("S-59")
@pytest.mark.parametrize(("name", "origin", "target", "expected"), TARGETS)
def test_which_target_is_allowed(name: str, origin: str, target: str, expected: str | None) -> None:
    tree = TREES.get(name, T1_CHAINS)
    starter = tree[origin] if name == "shandong" else None
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


INCOMING = [
    ("shandong", "A1", None), ("shandong", "A1-T1", "E_START_NOT_ALLOWED"), ("fujian", "A1", None),
    ("fujian", "PD1", "E_START_NOT_ALLOWED"), ("national", "GU-3", None), ("national", "GU-1-B1", "E_START_NOT_ALLOWED"),
]  # fmt: skip


@pytest.mark.requirement("R-137")
@pytest.mark.parametrize(("name", "starter", "expected"), INCOMING)
def test_who_may_let_somebody_in(name: str, starter: str, expected: str | None) -> None:
    tree = TREES.get(name, T1_CHAINS)
    target = tree["GU-3-B1" if name == "national" else "A1-T1-B1"]
    assert refusal(RouteCase(None, target, tree[starter]), name) == expected


@pytest.mark.requirement("R-227")
def test_the_checks_stop_at_the_first_group_that_fails() -> None:
    # Everything is wrong here; what is put right lets the next group speak.
    everything = RouteCase(T1_CHAINS["A1-T1-G-B1"], T1_CHAINS["A1-T1-G"], changed(T1_CHAINS["A1"], can_transfer=False))
    assert refusal(everything, "shandong") == "E_START_NOT_ALLOWED"
    assert refusal(replace(everything, starter=T1_CHAINS["A1-T1-G"]), "shandong") == "E_NO_TRANSFER_PERMISSION"
    assert refusal(replace(everything, starter=T1_CHAINS["A1-T2"]), "shandong") == "E_NOT_SUBORDINATE"
    assert refusal(replace(everything, starter=T1_CHAINS["A1-T1"]), "shandong") == "E_TARGET_IS_SUPERIOR"


@pytest.mark.scenario("S-49")
@pytest.mark.requirement("R-013")
def test_a_strict_profile_asks_the_starter_himself_for_the_scope() -> None:
    case = RouteCase(T3_CHAINS["GU-3-B1"], T3_CHAINS["RC1-T-B1"], T3_CHAINS["GU-3"])
    assert refusal(case, "national") == "E_SCOPE_REQUIRED"
    inside = replace(case, target=T3_CHAINS["GU-2-B1"])
    assert refusal(inside, "national") is None


@pytest.mark.requirement("R-007")
@pytest.mark.scenario("S-77")
def test_without_authority_up_to_the_root_there_is_no_route() -> None:
    bare = tuple(replace(org, level=None) for org in T1_CHAINS["A2-T2-B1"])
    assert refusal(RouteCase(bare, None, None), "fujian") == "E_ROUTE_NO_AUTHORITY"
