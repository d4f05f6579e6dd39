"""The five diagrams of the house on the engine: like stock SpiffWorkflow, flat, every node covered."""

import random
import statistics
import time
from importlib import resources

import pytest

import scripts
from bench.stock_engine import StockEngine
from service.definitions import diagrams
from service.domain.routes.varieties import Variety
from service.engine.runner import Engine
from tests.engine import tiny

PROCESSES = [variety.process_id for variety in Variety]
GO_ON = ["approve", "submit", "receive", "report_in"]
BACK = ["reject", "return", "withdraw_application", "recall_letter"]
STOP = ["void", "revoke"]


def shipped(process_id):
    """The diagram with the declarations of its real functions, whose answers come from the test's context."""
    declared = scripts.functions(process_id)
    functions = {name: tiny.function(name, gives=function.gives) for name, function in declared.items()}
    return diagrams.load(resources.files("bpmn").joinpath(f"{process_id}.bpmn").read_bytes(), functions=functions)


def walk(diagram, seed, engines, hops):
    """Take random decisions on all engines alike; yield their progresses."""
    dice = random.Random(seed)
    context = tiny.Scripted(answers=({"step": "apply"},))
    progresses = [engine.start(diagram, facts={}, context=context) for engine in engines]
    yield progresses
    for _ in range(hops):
        if progresses[0].ended:
            return
        decision = dice.choice([*GO_ON, *BACK, "change_target", *(STOP if dice.random() < 0.1 else [])])
        answers = {
            "step": dice.choice([*diagram.user_tasks, *(["finish"] if dice.random() < 0.2 else [])]),
            "stays": dice.random() < 0.3,
            "membership_due": dice.random() < 0.3,
        }
        context = tiny.Scripted(answers=(answers,))
        element = progresses[0].open_tasks[0].element
        progresses = [
            engine.complete(
                diagram, state=progress.state, element=element, facts={"decision": decision}, context=context
            )
            for engine, progress in zip(engines, progresses, strict=True)
        ]
        yield progresses


@pytest.mark.parametrize("process_id", PROCESSES)
def test_goes_like_stock(process_id):
    diagram = shipped(process_id)
    for seed in range(4):
        for ours, stock in walk(diagram, seed, (Engine(), StockEngine()), 10):
            assert tuple(task.element for task in ours.open_tasks) == stock.open_tasks
            assert dict(ours.facts) == dict(stock.facts)
            assert [call.name for call in ours.calls] == list(stock.calls)
            assert ours.ended == stock.ended


@pytest.mark.parametrize("process_id", PROCESSES)
def test_every_node_and_flow_is_passed_by_some_walk(process_id):
    diagram = shipped(process_id)
    passed = set()
    for seed in range(150):
        for (progress,) in walk(diagram, seed, (Engine(),), 30):
            passed |= set(progress.path)
    assert passed == set(diagram.nodes) | set(diagram.flows)


@pytest.mark.parametrize("process_id", PROCESSES)
def test_cost_and_size_are_flat(process_id):
    """At most 200 bytes in any state; time is only held to a coarse limit here, the benchmark measures it."""
    diagram = shipped(process_id)
    engine = Engine()
    context = tiny.Scripted(answers=({"step": "apply", "membership_due": True, "stays": False},))
    progress = engine.start(diagram, facts={}, context=context)
    times, sizes = [], []
    for _ in range(60):
        begun = time.perf_counter()
        progress = engine.complete(
            diagram, state=progress.state, element="apply", facts={"decision": "approve"}, context=context
        )
        times.append(time.perf_counter() - begun)
        sizes.append(len(progress.state))
    assert max(sizes) <= 200
    assert max(sizes) <= 1.2 * sizes[0]
    assert statistics.median(times[-20:]) < 0.005
