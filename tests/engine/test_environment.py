"""The wall behind the loader: even a specification that holds hostile text runs none of it."""

import dataclasses
import sys
import threading

import pytest
from SpiffWorkflow.bpmn.script_engine.python_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow

from bench.stock_engine import StockEngine
from service.definitions import diagram_xml
from service.domain.errors import Refused
from service.engine import specs
from service.engine.environment import WordsEngine, WordsEnvironment
from service.engine.runner import Engine
from tests.engine import tiny

HOSTILE = "import sys\nsys.modules['zhuanjie_was_here'] = sys"
DIAGRAM = tiny.load(tiny.LOOP)


@pytest.fixture
def trace():
    """Tells whether hostile text ran, and clears up."""
    yield lambda: "zhuanjie_was_here" in sys.modules
    sys.modules.pop("zhuanjie_was_here", None)


def _forged(script: str, *, where: bytes = b"plan()"):
    """A diagram value around hostile XML, as if the loader had been passed by."""
    xml = tiny.LOOP.replace(b"<bpmn:script>" + where, b"<bpmn:script>" + script.encode())
    assert xml != tiny.LOOP
    return dataclasses.replace(DIAGRAM, xml=xml, digest="00" * 32)


def test_stock_runs_it_and_ours_refuses(trace):
    """Sabotage: the same file on the stock environment executes the script; if this fails, the test below proves nothing."""
    forged = _forged(HOSTILE)
    with pytest.raises(Refused) as refusal:
        Engine().start(forged, facts={}, context=tiny.Scripted())
    assert refusal.value.code == "E_BPMN_INVALID"
    assert not trace()
    StockEngine().start(forged, facts={}, context=tiny.Scripted(answers=({"step": "apply"},)))
    assert trace()


def test_our_specs_with_a_stock_environment_would_run_it(trace):
    """The environment is the wall: take it away and the script runs."""
    forged = dataclasses.replace(_forged(HOSTILE), digest="01" * 32)
    workflow = BpmnWorkflow(specs.specs_of(forged).process, script_engine=PythonScriptEngine())
    with pytest.raises(Exception, match="resolve"):
        workflow.do_engine_steps()
    assert trace()


def test_the_loader_refuses_it():
    with pytest.raises(Refused):
        tiny.load(_forged(HOSTILE).xml)


@pytest.mark.parametrize("text", [HOSTILE, "plan() ", "resolve()", "1", "", "True", "().__class__", None, 3])
def test_only_the_diagrams_own_text_is_answered(text):
    environment = WordsEnvironment(DIAGRAM, context=tiny.Scripted())
    engine = WordsEngine(environment)
    task = type("Task", (), {"data": {}})
    calls = (
        lambda: environment.evaluate(text, {}),
        lambda: environment.execute(text, {}),
        lambda: engine.evaluate(task, text),
        lambda: engine.execute(task, text),
        lambda: engine.validate(text),
        lambda: environment.call_service({}, operation_name=text),
        lambda: engine.call_service(task, operation_name=text),
    )
    fault = KeyError(3)
    assert engine.create_task_exec_exception(task, "", fault) is fault
    for call in calls:
        with pytest.raises(Refused) as refusal:
            call()
        assert refusal.value.code == "E_BPMN_INVALID"
    assert environment.calls == []


def test_own_text_is_answered():
    environment = WordsEnvironment(DIAGRAM, context=tiny.Scripted(answers=({"step": "apply"},)))
    facts = {"due": True}
    assert environment.evaluate("due", facts) is True
    assert environment.execute("step = resolve()", facts)
    assert facts["step"] == "apply"


def test_a_field_named_like_python_changes_nothing():
    """`len` or `__builtins__` among the facts is never looked at."""
    facts = {"due": False, "len": 1, "__builtins__": {}}
    assert WordsEnvironment(DIAGRAM, context=None).evaluate("due", facts) is False


def test_unknown_elements_do_not_get_past_the_engines_parser_either():
    forged = tiny.LOOP.replace(b"bpmn:userTask", b"bpmn:serviceTask")
    with pytest.raises(Refused):
        diagram_xml.read(forged)
    parser = specs.DiagramParser()
    assert parser._get_parser_class(diagram_xml.tag("serviceTask")) == (None, None)


def test_the_version_is_pinned():
    assert specs.SpiffWorkflow.__version__ == specs.SPIFFWORKFLOW_VERSION == "3.2.0"


def test_specs_are_parsed_once_and_never_changed_by_running():
    first = specs.specs_of(DIAGRAM)
    before = {
        name: repr(sorted(vars(spec).items(), key=lambda item: item[0]))
        for name, spec in first.process.task_specs.items()
    }
    _walk(Engine(), 20)
    assert specs.specs_of(DIAGRAM) is first
    after = {
        name: repr(sorted(vars(spec).items(), key=lambda item: item[0]))
        for name, spec in first.process.task_specs.items()
    }
    assert before == after


def test_many_threads_share_one_engine():
    engine = Engine()
    expected = _walk(engine, 30)
    answers = [None] * 8
    fresh = dataclasses.replace(DIAGRAM, digest="02" * 32)  # also parsed by whoever comes first

    def run(place):
        answers[place] = _walk(engine, 30, diagram=fresh if place % 2 else DIAGRAM)

    threads = [threading.Thread(target=run, args=(place,)) for place in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(answer == expected for answer in answers)


def _walk(engine, hops, diagram=DIAGRAM):
    context = tiny.Scripted(answers=({"step": "apply", "due": True}, {"step": "receive"}, {"step": "decide_home"}))
    progress = engine.start(diagram, facts={}, context=context)
    trail = []
    for hop in range(hops):
        element = progress.open_tasks[0].element if progress.open_tasks else None
        if element is None:
            break
        decision = ("approve", "reject", "x")[hop % 3]
        progress = engine.complete(
            diagram, state=progress.state, element=element, facts={"decision": decision}, context=progress.context
        )
        trail.append((progress.path, progress.open_tasks, dict(progress.facts), progress.context.digest()))
    return trail
