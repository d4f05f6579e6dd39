"""SpiffWorkflow's specifications of a diagram, parsed once per version and read-only from then on.

Only the elements our diagrams may hold have a parser; any other would not get past SpiffWorkflow either.
"""

import threading
from typing import Any, ClassVar

import SpiffWorkflow
from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser, full_tag
from SpiffWorkflow.bpmn.parser.event_parsers import EndEventParser, StartEventParser
from SpiffWorkflow.bpmn.parser.task_parsers import ConditionalGatewayParser, GatewayParser, ScriptTaskParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.defaults import EndEvent, ParallelGateway, ScriptTask, StartEvent, UserTask
from SpiffWorkflow.bpmn.specs.defaults import ExclusiveGateway as StockExclusiveGateway
from SpiffWorkflow.util.task import TaskState

from service.definitions import diagram_xml
from service.definitions.diagrams import Diagram

SPIFFWORKFLOW_VERSION = "3.2.0"
if SpiffWorkflow.__version__ != SPIFFWORKFLOW_VERSION:
    raise ImportError(f"expected SpiffWorkflow {SPIFFWORKFLOW_VERSION}, found {SpiffWorkflow.__version__}")


class ExclusiveGateway(StockExclusiveGateway):
    """Chooses as the stock gateway does, but predicts nothing: the loader has proved that a way is open."""

    def test(self) -> None:
        """Checked when the diagram was loaded."""

    def _run_hook(self, my_task: Any) -> bool:
        chosen = self.default_task_spec
        for condition, target in self.cond_task_specs:
            if condition is not None and condition._matches(my_task):
                chosen = target
                break
        my_task._sync_children([self._wf_spec.task_specs[chosen]], TaskState.FUTURE)
        return True


class SendTaskParser(ScriptTaskParser):
    """A send task runs the call in its property like a script task."""

    def get_script(self) -> str:
        """The words of the task."""
        return diagram_xml.properties(self.node)["call"]


class DiagramParser(BpmnParser):
    """Knows the elements of our diagrams and no others."""

    PARSER_CLASSES: ClassVar[dict[str, Any]] = {
        full_tag("startEvent"): (StartEventParser, StartEvent),
        full_tag("endEvent"): (EndEventParser, EndEvent),
        full_tag("userTask"): (TaskParser, UserTask),
        full_tag("scriptTask"): (ScriptTaskParser, ScriptTask),
        full_tag("sendTask"): (SendTaskParser, ScriptTask),
        full_tag("exclusiveGateway"): (ConditionalGatewayParser, ExclusiveGateway),
        full_tag("parallelGateway"): (GatewayParser, ParallelGateway),
    }


class Specs:
    """The parsed form of one diagram version, with the order of its nodes that states refer to."""

    def __init__(self, diagram: Diagram) -> None:
        root = diagram_xml.read(diagram.xml)
        parser = DiagramParser()
        parser.add_bpmn_xml(etree.ElementTree(root))
        self.process: BpmnProcessSpec = parser.get_spec(diagram.process_id)
        self.names = tuple(sorted(self.process.task_specs))
        self.index = {name: place for place, name in enumerate(self.names)}
        self.flows = {(flow.source, flow.target): flow.id for flow in diagram.flows.values()}


_parsed: dict[str, Specs] = {}
_lock = threading.Lock()


def specs_of(diagram: Diagram) -> Specs:
    """Parse the diagram the first time, then answer from memory; safe from any thread."""
    found = _parsed.get(diagram.digest)
    if found is None:
        with _lock:
            found = _parsed.get(diagram.digest) or Specs(diagram)
            _parsed[diagram.digest] = found
    return found
