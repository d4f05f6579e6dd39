"""The lean engine and stock SpiffWorkflow go the same ways: random decisions, every order of parallel branches."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.stock_engine import StockEngine
from service.engine.runner import Engine
from tests.engine import tiny

LOOP = tiny.load(tiny.LOOP)
PARALLEL = tiny.load(tiny.PARALLEL)
NESTED = tiny.load(
    tiny.bpmn(
        """
        start begin
        parallel split
        user apply
        parallel inner
        user decide_home
        user decide_receiving
        script letter letter()
        parallel met
        send send letter()
        user receive
        parallel join
        user close
        end done
        """,
        """
        begin split
        split apply
        apply inner
        inner decide_home
        inner decide_receiving
        decide_receiving letter
        decide_home met
        letter met
        met send
        send join
        split receive
        receive join
        join close
        close done
        """,
    )
)
SCRIPT_ONLY = tiny.load(
    tiny.bpmn(
        "start begin\nparallel split\nscript a plan()\nscript b letter()\nparallel join\nscript c finish()\nend done",
        "begin split\nsplit a\nsplit b\na join\nb join\njoin c\nc done",
    )
)


def same(ours, stock):
    """Both stand at the same place."""
    assert sorted(task.element for task in ours.open_tasks) == sorted(stock.open_tasks)
    assert dict(ours.facts) == dict(stock.facts)
    assert ours.ended == stock.ended
    assert ours.context.seen == stock.context.seen


def both(diagram, walk):
    """Walk both engines along (choice of open task, decision, answers); return our last progress."""
    ours, stock = Engine(), StockEngine()
    context = tiny.Scripted(answers=({"step": "apply"},))
    a = ours.start(diagram, facts={}, context=context)
    b = stock.start(diagram, facts={}, context=context)
    same(a, b)
    for choice, decision, answers in walk:
        if a.ended:
            break
        names = sorted(task.element for task in a.open_tasks)
        element = names[choice % len(names)]
        context = tiny.Scripted(answers=(answers,))
        facts = {"decision": decision}
        a = ours.complete(diagram, state=a.state, element=element, facts=facts, context=context)
        b = stock.complete(diagram, state=b.state, element=element, facts=facts, context=context)
        same(a, b)
        assert [call.name for call in a.calls] == list(b.calls)
    return a


WALKS = st.lists(
    st.tuples(
        st.integers(0, 5),
        st.sampled_from(["approve", "reject", "return", "other"]),
        st.fixed_dictionaries(
            {"step": st.sampled_from(["apply", "decide_home", "receive", "finish"]), "due": st.booleans()}
        ),
    ),
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(WALKS)
def test_loop_walks_like_stock(walk):
    both(LOOP, walk)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([PARALLEL, NESTED]),
    st.lists(st.tuples(st.integers(0, 5), st.sampled_from(["approve", "x"]), st.just({})), min_size=8, max_size=8),
)
def test_parallel_walks_like_stock(diagram, walk):
    assert both(diagram, walk).ended


def test_every_order_of_nested_branches_meets():
    for order in itertools.product(range(3), repeat=4):
        walk = [(choice, "approve", {}) for choice in order]
        assert both(NESTED, [*walk, (0, "a", {})]).ended


def test_branches_without_people_meet_at_once():
    progress = both(SCRIPT_ONLY, [])
    assert progress.ended
    assert [call.name for call in progress.calls] == ["plan", "letter", "finish"]
    assert progress.path.count("join") == 1


def test_an_end_says_so():
    assert both(LOOP, [(0, "approve", {"step": "finish"})]).ended


@pytest.mark.parametrize("diagram", [LOOP, PARALLEL, NESTED, SCRIPT_ONLY])
def test_paths_follow_the_flows(diagram):
    """Each flow in a path leaves a node that the path has passed, and each node was led to."""
    engine = Engine()
    progress = engine.start(diagram, facts={}, context=tiny.Scripted(answers=({"step": "apply"},)))
    led = {node.id for node in diagram.nodes.values() if node.kind == "start"}
    for _ in range(8):
        passed = set()
        for item in progress.path:
            if item in diagram.flows:
                assert diagram.flows[item].source in passed
                led.add(diagram.flows[item].target)
            else:
                assert item in led
                passed.add(item)
        assert {task.element for task in progress.open_tasks} <= led
        if progress.ended:
            break
        progress = engine.complete(
            diagram,
            state=progress.state,
            element=progress.open_tasks[0].element,
            facts={"decision": "approve"},
            context=tiny.Scripted(answers=({"step": "receive"},)),
        )
