"""Start and complete: what runs, what is recorded, what is refused, and what an exception does."""

from dataclasses import dataclass, replace

import pytest

from service.domain.errors import Refused
from service.domain.transfers.functions import Function, Outcome
from service.engine.progress import OpenTask
from service.engine.runner import Engine
from tests.engine import tiny

ENGINE = Engine()
DIAGRAM = tiny.load(tiny.LOOP)
TO_APPLY = tiny.Scripted(answers=({"step": "apply"},))


def with_function(diagram, name, call, **changes):
    """The diagram with one function's body replaced."""
    changed = replace(diagram.functions[name], call=call, **changes)
    return replace(diagram, functions={**diagram.functions, name: changed})


def test_start_runs_to_the_first_wait():
    progress = ENGINE.start(DIAGRAM, facts={}, context=TO_APPLY)
    assert progress.open_tasks == (OpenTask("apply", "BRANCH_ADMIN"),)
    assert progress.facts == {"step": "apply"}
    assert not progress.ended
    assert progress.path == (
        "begin", "begin_plan", "plan", "plan_turn", "turn", "turn_resolve",
        "resolve", "resolve_step_kind", "step_kind", "step_kind_apply",
    )  # fmt: skip


def test_calls_are_recorded_with_the_context_before_them():
    progress = ENGINE.start(DIAGRAM, facts={}, context=TO_APPLY)
    plan, resolve = progress.calls
    assert (plan.name, plan.arguments, plan.facts, plan.effects) == ("plan", {}, {}, (tiny.Letter(0),))
    assert (resolve.name, resolve.facts, resolve.effects) == ("resolve", {"step": "apply"}, (tiny.Letter(1),))
    assert plan.context_digest == TO_APPLY.digest()
    assert resolve.context_digest == TO_APPLY.after(plan.effects).digest()
    assert progress.context == TO_APPLY.after(plan.effects).after(resolve.effects)


def test_complete_goes_round_and_ends():
    first = ENGINE.start(DIAGRAM, facts={}, context=TO_APPLY)
    due = tiny.Scripted(answers=({"step": "receive", "due": True},))
    second = ENGINE.complete(DIAGRAM, state=first.state, element="apply", facts={"decision": "approve"}, context=due)
    assert [task.element for task in second.open_tasks] == ["receive"]
    assert [call.name for call in second.calls] == ["accept", "letter", "resolve"]
    assert second.facts == {"decision": "approve", "due": True, "stays": False, "step": "receive"}
    assert second.path[0] == "apply"
    assert second.path[-1] == "step_kind_receive"
    ending = tiny.Scripted(answers=({"step": "finish"},))
    third = ENGINE.complete(
        DIAGRAM, state=second.state, element="receive", facts={"decision": "reject"}, context=ending
    )
    assert third.ended
    assert third.open_tasks == ()
    assert [call.name for call in third.calls] == ["resolve", "finish"]
    assert third.path[-1] == "done"
    assert ENGINE.open_tasks(DIAGRAM, state=third.state) == ()


@pytest.mark.parametrize("element", ["receive", "plan", "nobody", "", "Start", "begin", "decided"])
def test_refuses_a_task_that_is_not_open(element):
    state = ENGINE.start(DIAGRAM, facts={}, context=TO_APPLY).state
    with pytest.raises(Refused) as refusal:
        ENGINE.complete(DIAGRAM, state=state, element=element, facts={"decision": "approve"}, context=TO_APPLY)
    assert refusal.value.code == "E_ACTION_NOT_ALLOWED"


def test_refuses_to_go_on_after_the_end():
    ended = ENGINE.start(DIAGRAM, facts={}, context=tiny.Scripted(answers=({"step": "finish"},)))
    assert ended.ended
    with pytest.raises(Refused) as refusal:
        ENGINE.complete(DIAGRAM, state=ended.state, element="apply", facts={"decision": "approve"}, context=TO_APPLY)
    assert refusal.value.code == "E_ACTION_NOT_ALLOWED"


@pytest.mark.parametrize(
    "facts", [{}, {"decision": 1}, {"decision": "a", "step": "finish"}, {"step": "finish"}, {"len": "x"}]
)
def test_only_a_decision_comes_in(facts):
    state = ENGINE.start(DIAGRAM, facts={}, context=TO_APPLY).state
    with pytest.raises(ValueError, match="decision"):
        ENGINE.complete(DIAGRAM, state=state, element="apply", facts=facts, context=TO_APPLY)


def test_facts_at_the_start_are_those_of_the_diagram():
    diagram = tiny.load(tiny.LOOP, given={"kind": str})
    progress = ENGINE.start(diagram, facts={"kind": "甲"}, context=TO_APPLY)
    assert progress.facts == {"kind": "甲", "step": "apply"}
    for facts, fault in (({}, ValueError), ({"kind": 1}, TypeError), ({"kind": "a", "b": 1}, ValueError)):
        with pytest.raises(fault):
            ENGINE.start(diagram, facts=facts, context=TO_APPLY)


def test_open_tasks_reads_without_running():
    progress = ENGINE.start(DIAGRAM, facts={}, context=TO_APPLY)
    assert ENGINE.open_tasks(DIAGRAM, state=progress.state) == progress.open_tasks


def test_arguments_are_facts_and_literals():
    asked = []

    def weigh(context, **arguments):
        asked.append(arguments)
        return Outcome({"weight": 3})

    heavy = Function("weigh", weigh, {"weight": int}, (), {"text": str, "number": int}, frozenset({"text"}))
    xml = tiny.bpmn(
        'start begin\nuser apply\nscript w result = weigh(text=decision); weigh(text="甲", number=-1)\nend done',
        "begin apply\napply w\nw done",
    )
    diagram = tiny.diagrams.load(xml, functions={"weigh": heavy})
    first = ENGINE.start(diagram, facts={}, context=TO_APPLY)
    last = ENGINE.complete(diagram, state=first.state, element="apply", facts={"decision": "yes"}, context=TO_APPLY)
    assert asked == [{"text": "yes"}, {"text": "甲", "number": -1}]
    assert last.facts == {"decision": "yes", "result": 3, "weight": 3}
    assert last.calls[0].facts == {"weight": 3}


@dataclass(frozen=True, slots=True)
class Odd:
    """A value that refuses to be made."""

    number: int

    def __post_init__(self):
        raise Refused("E_ACTION_NOT_ALLOWED", field="number", detail_en="odd")


def _in_post_init(context):
    return Outcome({"step": "apply"}, (Odd(1),))


REFUSAL = Refused("E_SCOPE_REQUIRED", detail_en="x")


def _refusing(context):
    raise REFUSAL


def test_a_refusal_arrives_as_the_same_object():
    diagram = with_function(DIAGRAM, "resolve", _refusing)
    with pytest.raises(Refused) as caught:
        ENGINE.start(diagram, facts={}, context=TO_APPLY)
    assert caught.value is REFUSAL


def test_a_refusal_of_a_value_arrives():
    with pytest.raises(Refused) as caught:
        ENGINE.start(with_function(DIAGRAM, "resolve", _in_post_init), facts={}, context=TO_APPLY)
    assert caught.value.detail_en == "odd"


@pytest.mark.parametrize(
    "fault", [ValueError(), KeyError(1), TypeError(3), SyntaxError("x"), RecursionError("deep"), StopIteration()]
)
def test_a_fault_arrives_as_the_same_object_and_says_where(fault):
    """The stock engine makes an IndexError or TypeError of some of these."""

    def failing(context):
        raise fault

    with pytest.raises(type(fault)) as caught:
        ENGINE.start(with_function(DIAGRAM, "resolve", failing), facts={}, context=TO_APPLY)
    assert caught.value is fault
    assert any("resolve" in note and "tiny" in note for note in caught.value.__notes__)


@pytest.mark.parametrize(
    "outcome",
    [
        Outcome({}),
        Outcome({"step": "a", "other": 1}),
        Outcome({"step": 1}),
        Outcome({"step": None}),
        Outcome({"step": ["a"]}),
        Outcome({"step": "a" * 1001}),
        Outcome({"step": "apply"}, ("effect",)),
        {"step": "apply"},
        None,
    ],
)
def test_a_function_keeps_its_declaration(outcome):
    with pytest.raises(TypeError):
        ENGINE.start(with_function(DIAGRAM, "resolve", lambda _: outcome), facts={}, context=TO_APPLY)


def test_a_bool_is_no_integer():
    diagram = with_function(DIAGRAM, "resolve", lambda _: Outcome({"step": True}), gives={"step": int})
    with pytest.raises(TypeError):
        ENGINE.start(diagram, facts={}, context=TO_APPLY)


def test_after_a_refusal_the_state_before_still_goes_on():
    """Nothing of a failed step is kept anywhere."""
    first = ENGINE.start(DIAGRAM, facts={}, context=TO_APPLY)
    step = {"state": first.state, "element": "apply", "facts": {"decision": "approve"}, "context": TO_APPLY}
    with pytest.raises(Refused):
        ENGINE.complete(with_function(DIAGRAM, "resolve", _refusing), **step)
    assert ENGINE.complete(DIAGRAM, **step) == ENGINE.complete(DIAGRAM, **step)
