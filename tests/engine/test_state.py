"""State bytes: small, flat, bound to their diagram, and refused when a single bit differs."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.errors import Refused
from service.engine import state as states
from service.engine.environment import WordsEngine, WordsEnvironment
from service.engine.runner import Engine
from service.engine.specs import specs_of
from service.engine.workflow import LeanWorkflow
from tests.engine import tiny

ENGINE = Engine()
LOOP = tiny.load(tiny.LOOP)
PARALLEL = tiny.load(tiny.PARALLEL)
STEPS = ("apply", "decide_home", "receive")


def complete(diagram, progress, element, decision="approve", context=None):
    """One step with a decision."""
    return ENGINE.complete(
        diagram, state=progress.state, element=element, facts={"decision": decision}, context=context or tiny.Scripted()
    )


def again(state, diagram):
    """Read state bytes and write them."""
    specs = specs_of(diagram)
    workflow = LeanWorkflow(specs, script_engine=WordsEngine(WordsEnvironment(diagram, context=None)))
    states.load(state, diagram=diagram, specs=specs, workflow=workflow)
    return states.dump(workflow, diagram=diagram, specs=specs)


def all_states():
    """States of both diagrams: waiting, between branches, ended."""
    loop = ENGINE.start(LOOP, facts={}, context=tiny.Scripted(answers=({"step": "apply"},)))
    yield LOOP, loop.state
    yield LOOP, complete(LOOP, loop, "apply").state
    for order in itertools.permutations(STEPS):
        progress = ENGINE.start(PARALLEL, facts={}, context=tiny.Scripted())
        for element in (*order, "close"):
            yield PARALLEL, progress.state
            progress = complete(PARALLEL, progress, element)
        yield PARALLEL, progress.state


@pytest.mark.parametrize(("diagram", "state"), list(all_states()))
def test_reading_and_writing_is_the_identity(diagram, state):
    assert again(state, diagram) == state


@given(
    st.lists(
        st.tuples(st.sampled_from(STEPS), st.booleans(), st.sampled_from(["approve", "reject", "甲", ""])), max_size=8
    )
)
def test_reading_and_writing_is_the_identity_on_walks(walk):
    progress = ENGINE.start(LOOP, facts={}, context=tiny.Scripted(answers=({"step": "apply"},)))
    for step, due, decision in walk:
        context = tiny.Scripted(answers=({"step": step, "due": due},))
        progress = complete(LOOP, progress, progress.open_tasks[0].element, decision, context)
        assert again(progress.state, LOOP) == progress.state
        assert ENGINE.open_tasks(LOOP, state=progress.state) == progress.open_tasks


@pytest.mark.parametrize(("diagram", "state"), [next(all_states()), list(all_states())[4]])
def test_every_changed_byte_is_refused(diagram, state):
    for place in range(len(state)):
        for bit in range(8):
            changed = bytearray(state)
            changed[place] ^= 1 << bit
            with pytest.raises(Refused) as refusal:
                ENGINE.open_tasks(diagram, state=bytes(changed))
            assert refusal.value.code == "E_STATE_FORMAT"


@settings(max_examples=200)
@given(st.binary(max_size=120))
def test_foreign_bytes_are_refused(state):
    for sent in (state, b"\x01" + state):
        with pytest.raises(Refused) as refusal:
            ENGINE.complete(LOOP, state=sent, element="apply", facts={"decision": "a"}, context=tiny.Scripted())
        assert refusal.value.code == "E_STATE_FORMAT"


def test_cut_and_lengthened_states_are_refused():
    state = next(all_states())[1]
    for changed in [*(state[:end] for end in range(len(state))), state + b" ", state + b"\0"]:
        with pytest.raises(Refused) as refusal:
            ENGINE.open_tasks(LOOP, state=changed)
        assert refusal.value.code == "E_STATE_FORMAT"


def test_another_format_version_says_so():
    state = next(all_states())[1]
    with pytest.raises(Refused, match="format version 02"):
        ENGINE.open_tasks(LOOP, state=b"\x02" + state[1:])


def test_a_state_never_meets_another_diagram():
    other = tiny.load(tiny.LOOP.replace(b"</bpmn:definitions>", b"</bpmn:definitions>\n"))
    with pytest.raises(Refused, match="another version of the diagram"):
        ENGINE.open_tasks(other, state=next(all_states())[1])


def test_bytes_are_flat_from_hop_1_to_50():
    """Hop 50 at most 1.2 times hop 1, and at most 2 KB; the target is 200 bytes."""
    context = tiny.Scripted(answers=({"step": "apply", "due": True},))
    progress = ENGINE.start(LOOP, facts={}, context=context)
    sizes = []
    for _ in range(400):
        progress = complete(LOOP, progress, "apply", context=context)
        sizes.append(len(progress.state))
    assert sizes[49] <= 1.2 * sizes[0]
    assert max(sizes) <= 200
    # SpiffWorkflow's own iterators stop at a depth of 1000: a stock instance would have vanished by now.
    assert [task.element for task in progress.open_tasks] == ["apply"]


def test_branches_stay_small():
    assert max(len(state) for _, state in all_states()) <= 400
