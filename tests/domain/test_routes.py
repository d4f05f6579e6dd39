"""The 56 worked examples and those that need no event, as routes (requirements 4.4, 4.5, R-082)."""

import pytest

from service.definitions.profiles import profile
from service.domain.errors import Refused
from service.domain.routes.cases import RouteCase
from service.domain.routes.routes import preview_route
from tests.reference.examples import EXAMPLES, Example
from tests.reference.notation import case_of, written
from tests.reference.trees import TREE_OF_PROFILE, TREES, chains


@pytest.mark.requirement("R-082")
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.number)
def test_worked_example(example: Example) -> None:
    tree = chains(TREES[TREE_OF_PROFILE[example.profile]])
    case = case_of(example, tree)
    rules = profile(example.profile)
    if "refused" in example.expected:
        with pytest.raises(Refused) as refusal:
            preview_route(case, rules)
        assert refusal.value.code in example.expected
        return
    assert written(preview_route(case, rules)) == example.expected


INCOMING = [
    ("shandong", "A1-T1-B1", "A1", "INCOMING: A1[S] > A1-T1 > A1-T1-B1[R]"),
    ("shandong", "A1-T1-B1", "CA", "INCOMING: CA[S] > A1 > A1-T1 > A1-T1-B1[R]"),
    ("shandong", "A1-T1-B1", "A2", "INCOMING: A2[S] > A1 > A1-T1 > A1-T1-B1[R]"),
    ("fujian", "A1-T1-B1", "A1", "INCOMING: A1[A] > A1 > A1-T1 > A1-T1-B1[R] > A1-T1-B1[C]"),
    ("national", "GU-1", "GU", "INCOMING: GU[S] > GU-1[R] > chosen branch[I]"),
]


@pytest.mark.requirement("R-146")
@pytest.mark.parametrize(("name", "target", "starter", "expected"), INCOMING)
def test_incoming_example(name: str, target: str, starter: str, expected: str) -> None:
    tree = chains(TREES[TREE_OF_PROFILE[name]])
    case = RouteCase(origin=None, target=tree[target], starter=tree[starter])
    assert written(preview_route(case, profile(name))) == expected
