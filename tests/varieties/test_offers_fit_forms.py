"""Whatever an action asks for stands in the form of its step, in every profile; and every diagram knows every action."""

import pytest

from service.definitions import forms
from service.domain.transfers import judging, offers
from tests.reference.examples import EXAMPLES, Example
from tests.reference.notation import case_of
from tests.reference.trees import TREE_OF_PROFILE, TREES, chains
from tests.varieties.walker import Walk, begun, walk_of

PLAIN = [example for example in EXAMPLES if "refused" not in example.expected]
INCOMING = [
    ("shandong", "A1-T1-B1", "A1"),
    ("fujian", "A1-T1-B1", "A1"),
    ("national", "GU-1", "GU"),
    ("default", "A1-T1-B1", "CA"),
]


def look_at_every_stop(walk: Walk) -> None:
    for _ in range(60):
        if walk.transfer.state.is_final:
            return
        form = forms.form(walk.transfer.variety.process_id, walk.step)
        known = {field.name for field in form.fields}
        for code in walk.chains:
            for action in judging.offered(walk.context, walk.admin(code)):
                asked = offers.offer(action, walk.context)
                assert {*asked.fields, *asked.required, *asked.boxes} <= known, (walk.step, action)
                assert action.value in form.decisions, (walk.step, action)
        walk.forward()


@pytest.mark.requirement("R-223")
@pytest.mark.parametrize("example", PLAIN, ids=lambda example: example.number)
def test_every_field_that_is_asked_for_can_be_filled_in(example: Example) -> None:
    tree = chains(TREES[TREE_OF_PROFILE[example.profile]])
    look_at_every_stop(walk_of(case_of(example, tree), example.profile, tree))


@pytest.mark.requirement("R-223")
@pytest.mark.parametrize(("name", "target", "starter"), INCOMING)
def test_also_for_those_who_come_in(name: str, target: str, starter: str) -> None:
    look_at_every_stop(begun(name, "", target, by=starter))
