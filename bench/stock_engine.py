"""The same diagram on SpiffWorkflow as its manual shows it: specs in the state, JSON, scripts executed as Python.

The baseline of the benchmark and the other side of the differential tests. Never used by the service.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import full_tag
from SpiffWorkflow.bpmn.script_engine.python_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.script_engine.python_environment import TaskDataEnvironment
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.spiff.parser.process import SpiffBpmnParser
from SpiffWorkflow.spiff.parser.task_spec import SpiffTaskParser
from SpiffWorkflow.spiff.serializer.config import SPIFF_CONFIG
from SpiffWorkflow.spiff.specs.defaults import ScriptTask
from SpiffWorkflow.util.task import TaskState

from service.definitions.diagrams import Diagram


class _SendTaskParser(SpiffTaskParser):
    def create_task(self):
        call = self.parse_extensions()["properties"]["call"]
        return ScriptTask(self.spec, self.bpmn_id, call, **self.bpmn_attributes)


class _Parser(SpiffBpmnParser):
    OVERRIDE_PARSER_CLASSES: ClassVar = {
        **SpiffBpmnParser.OVERRIDE_PARSER_CLASSES,
        full_tag("sendTask"): (_SendTaskParser, ScriptTask),
    }


class _Environment(TaskDataEnvironment):
    """Lets plain `exec` call the functions; a bare call leaves its facts in the task's data."""

    def __init__(self, diagram: Diagram, context: Any) -> None:
        super().__init__()
        self.context = context
        self.called: list[str] = []
        self.diagram = diagram

    def execute(self, script, context, external_context=None):  # noqa: ARG002 - as the library calls it
        calls = {name: self._callable(function, context) for name, function in self.diagram.functions.items()}
        return super().execute(script, context, calls)

    def _callable(self, function, data):
        def call(**arguments):
            outcome = function.call(self.context, **arguments)
            self.called.append(function.name)
            self.context = self.context.after(outcome.effects)
            data.update(outcome.facts)
            return next(iter(outcome.facts.values()), None)

        return call


@dataclass(frozen=True, slots=True)
class StockProgress:
    """What the stock engine answers."""

    state: str
    open_tasks: tuple[str, ...]
    calls: tuple[str, ...]
    context: Any
    facts: Mapping[str, Any]
    ended: bool


class StockEngine:
    """start and complete like the service's engine, with a JSON document as state."""

    def __init__(self) -> None:
        self._serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(SPIFF_CONFIG))

    def start(self, diagram: Diagram, *, facts: Mapping[str, Any], context: Any) -> StockProgress:
        """Parse the diagram and run to the first wait."""
        parser = _Parser()
        parser.add_bpmn_xml(etree.parse(io.BytesIO(diagram.xml)))
        workflow = BpmnWorkflow(parser.get_spec(diagram.process_id))
        workflow.task_tree.data.update(facts)
        return self._run(workflow, diagram, context)

    def complete(
        self, diagram: Diagram, *, state: str, element: str, facts: Mapping[str, Any], context: Any
    ) -> StockProgress:
        """Read the JSON, complete the task, run to the next wait, write the JSON."""
        workflow = self._serializer.deserialize_json(state)
        environment = _Environment(diagram, context)
        workflow.script_engine = PythonScriptEngine(environment)
        task = next(
            task for task in workflow.get_tasks(state=TaskState.READY, manual=True) if task.task_spec.name == element
        )
        task.data.update(facts)
        task.run()
        return self._run(workflow, diagram, context, environment)

    def _run(
        self, workflow: BpmnWorkflow, diagram: Diagram, context: Any, environment: _Environment | None = None
    ) -> StockProgress:
        environment = environment or _Environment(diagram, context)
        workflow.script_engine = PythonScriptEngine(environment)
        workflow.do_engine_steps()
        waiting = workflow.get_tasks(state=TaskState.READY, manual=True)
        facts = dict(workflow.data)
        for task in waiting:
            facts |= task.data
        return StockProgress(
            state=self._serializer.serialize_json(workflow),
            open_tasks=tuple(task.task_spec.name for task in waiting),
            calls=tuple(environment.called),
            context=environment.context,
            facts=facts,
            ended=workflow.is_completed(),
        )
