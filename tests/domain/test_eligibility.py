"""Who may start, and for whose branches (R-050, R-054, R-056, R-137, C-05)."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from service.definitions.profiles import profile
from service.domain.applying import eligibility
from service.domain.errors import Refused
from service.domain.organisations.organisations import Chain, OrgType, Scope
from service.domain.routes.cases import RouteCase
from service.domain.routes.routes import preview_route
from tests.reference.trees import T1, T2, T3, TREE_OF_PROFILE, chains

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


def code_of(check: Callable[[], object]) -> str | None:
    try:
        check()
    except Refused as refused:
        return refused.code
    return None


KINDS = {
    "the member": "", "a branch": "A1-T1-B1", "a direct branch": "XU-DB", "a general branch": "U-G1",
    "a primary committee": "A1-T1", "a second-level committee": "XU-C1", "a sub-district": "B1-S1",
    "a local committee": "A1", "a working committee of a city": "CA-D", "a holding node": "H-O",
}  # fmt: skip
_ALL_BRANCHES = {"a branch", "a direct branch"}
_LOW = {*_ALL_BRANCHES, "a general branch", "a primary committee", "a second-level committee", "a sub-district"}
_WITH_SCOPE = {
    "a primary committee", "a second-level committee", "a sub-district", "a local committee",
    "a working committee of a city",
}  # fmt: skip
STARTERS = {
    "beijing": {"the member", *_ALL_BRANCHES},
    "beijing-cuc": {"the member", *_ALL_BRANCHES},
    "shandong": _LOW,
    "default": {"the member", *_LOW},
    "fujian": set(KINDS) - {"a holding node"},
    "national": _WITH_SCOPE,
}
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


@pytest.mark.requirement("R-054")
@pytest.mark.parametrize(
    ("origin", "expected"), [("GU-3-B1", None), ("GU-1-B1", "E_NOT_SUBORDINATE"), ("GU-DB", None), ("GU", None)]
)
def test_a_scope_alone_starts_for_its_own_branches(origin: str, expected: str | None) -> None:
    # The library is a general branch without county scope here, so that the university moves its members itself.
    library = replace(T3_CHAINS["GU-3"][0], scope=Scope.NONE)
    homes = {
        "GU-3-B1": (T3_CHAINS["GU-3-B1"][0], library, *T3_CHAINS["GU"]),
        "GU-1-B1": T3_CHAINS["GU-1-B1"],
        "GU-DB": (replace(T3_CHAINS["GU-3-B1"][0], code="GU-DB", org_type=OrgType.DIRECT_BRANCH), *T3_CHAINS["GU"]),
        "GU": T3_CHAINS["GU"],
    }
    assert (
        code_of(lambda: eligibility.check_subordinate(homes[origin], T3_CHAINS["GU"], profile("national"))) == expected
    )


@pytest.mark.requirement("R-050")
@pytest.mark.parametrize("name", sorted(TREE_OF_PROFILE))
def test_each_kind_of_starter_as_the_profile_says(name: str) -> None:
    allowed = STARTERS[name]
    rules, tree = profile(name), {**T1_CHAINS, **T2_CHAINS, **T3_CHAINS}
    for word, code in KINDS.items():
        starting = tree[code] if code else None
        expected = None if word in allowed else "E_START_NOT_ALLOWED"
        assert code_of(lambda at=starting: eligibility.check_start_right(at, rules)) == expected, (name, word)


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
