"""A diagram as a checked value; the loader here is the only way to get one.

What it accepts the engine can run. Everything it does not know is refused with element and reason in both
languages (E_BPMN_INVALID).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from service.definitions import diagram_graph, diagram_words, diagram_xml, word_parser
from service.definitions.diagram_graph import Flow, Graph, Node
from service.definitions.diagram_words import DECISION, Wording
from service.definitions.diagram_xml import NODE_KINDS, tag
from service.definitions.findings import finding, refusal, refuse_all
from service.definitions.words import Condition, Script
from service.domain.errors import FieldError
from service.domain.functions import FactType, Function
from service.domain.hops import STEPS

_PROPERTIES = {"user": frozenset({"role", "form", "due"}), "send": frozenset({"call"})}


@dataclass(frozen=True, slots=True)
class Diagram:
    """One version of one process. `digest` is the sha256 of `xml` in hex; words and names are keyed by element id.

    `texts` holds the raw text of each script, `condition_texts` that of each condition: the engine answers only
    to these. `facts` lists all names that workflow data may hold; `given` those that enter at the start.
    """

    digest: str
    process_id: str
    name: str
    xml: bytes
    nodes: Mapping[str, Node]
    flows: Mapping[str, Flow]
    scripts: Mapping[str, Script]
    conditions: Mapping[str, Condition]
    texts: Mapping[str, str]
    condition_texts: Mapping[str, str]
    roles: Mapping[str, str]
    properties: Mapping[str, Mapping[str, str]]
    functions: Mapping[str, Function]
    given: Mapping[str, FactType]
    facts: tuple[str, ...]

    @property
    def names(self) -> Mapping[str, str]:
        """The Chinese name of each node."""
        return {node.id: node.name for node in self.nodes.values()}

    @property
    def lanes(self) -> Mapping[str, str]:
        """The name of the lane each node lies in."""
        return {node.id: node.lane for node in self.nodes.values()}

    @property
    def user_tasks(self) -> tuple[str, ...]:
        """Ids of the user tasks, in the order of the file."""
        return tuple(self.roles)


def load(
    xml: bytes,
    *,
    functions: Mapping[str, Function],
    given: Mapping[str, FactType] | None = None,
    user_tasks: frozenset[str] = frozenset(STEPS),
) -> Diagram:
    """Check a diagram wholly and return it as a value, or refuse it with all defects found: E_BPMN_INVALID.

    `given` are the facts that the start of a transfer brings; `user_tasks` the ids a user task may have.
    """
    root = diagram_xml.read(xml)
    process = _the_process(root)
    nodes, flows = _nodes(process), _flows(process)
    refuse_all(diagram_graph.check_ids(nodes, flows))
    graph = Graph({node.id: node for node in nodes}, tuple(flows))
    properties = {item.get("id", ""): diagram_xml.properties(item) for item in _elements(process)}
    refuse_all([*diagram_graph.check_graph(graph), *_check_lanes(process, nodes), *_check_references(process, graph)])
    refuse_all(_check_properties(nodes, properties, user_tasks))
    texts = _script_texts(process, properties)
    condition_texts = _condition_texts(process)
    wording = Wording(
        graph,
        {node: word_parser.parse_script(text, element=node) for node, text in texts.items()},
        {flow: word_parser.parse_condition(text, element=flow) for flow, text in condition_texts.items()},
        functions,
        dict(given or {}),
    )
    refuse_all(diagram_words.check_calls(wording))
    refuse_all([*diagram_words.check_facts(wording), *diagram_words.check_branches(wording)])
    refuse_all(diagram_words.check_gateways(wording))
    return Diagram(
        digest=hashlib.sha256(xml).hexdigest(),
        process_id=process.get("id", ""),
        name=process.get("name", ""),
        xml=xml,
        nodes=MappingProxyType(dict(graph.nodes)),
        flows=MappingProxyType({flow.id: flow for flow in flows}),
        scripts=MappingProxyType(dict(wording.scripts)),
        conditions=MappingProxyType(dict(wording.conditions)),
        texts=MappingProxyType(texts),
        condition_texts=MappingProxyType(condition_texts),
        roles=MappingProxyType({node.id: properties[node.id]["role"] for node in nodes if node.kind == "user"}),
        properties=MappingProxyType(properties),
        functions=_named(wording),
        given=MappingProxyType(dict(wording.given)),
        facts=_fact_names(wording),
    )


def _the_process(root: Any) -> Any:
    """The one process of the file; a pool, if drawn, stands for it."""
    processes = root.findall(tag("process"))
    if len(processes) != 1:
        raise refusal(None, f"应有一个流程，实有 {len(processes)} 个", f"expected one process, found {len(processes)}")
    process = processes[0]
    own = process.get("id", "")
    if not diagram_graph.ID.fullmatch(own) or process.get("isExecutable") != "true":
        raise refusal(own or None, "流程须有标识且可执行", "the process must have an id and be executable")
    if len(process.findall(tag("laneSet"))) != 1:
        raise refusal(own, "应有一组泳道", "expected one set of lanes")
    pools = list(root.iter(tag("participant")))
    if len(pools) > 1 or any(pool.get("processRef") != own for pool in pools):
        raise refusal(own, "至多一个泳池，且须指向本流程", "at most one pool, and it must refer to this process")
    return process


def _elements(process: Any) -> list[Any]:
    """All flow nodes of the process, as XML."""
    kinds = {tag(kind) for kind in NODE_KINDS}
    return [element for element in process if element.tag in kinds]


def _nodes(process: Any) -> list[Node]:
    lanes = {ref.text or "": _lane_name(ref) for ref in process.iter(tag("flowNodeRef"))}
    return [
        Node(
            element.get("id", ""),
            NODE_KINDS[element.tag.rpartition("}")[2]],
            element.get("name", ""),
            lanes.get(element.get("id", ""), ""),
            element.get("default"),
        )
        for element in _elements(process)
    ]


def _lane_name(ref: Any) -> str:
    return str(ref.getparent().get("name", ""))


def _flows(process: Any) -> list[Flow]:
    return [
        Flow(flow.get("id", ""), flow.get("sourceRef", ""), flow.get("targetRef", ""))
        for flow in process.iterfind(tag("sequenceFlow"))
    ]


def _check_lanes(process: Any, nodes: list[Node]) -> list[FieldError]:
    """Each node lies in exactly one lane, and each lane has a name of its own."""
    refs = [ref.text or "" for ref in process.iter(tag("flowNodeRef"))]
    names = [lane.get("name", "").strip() for lane in process.iter(tag("lane"))]
    known = {node.id for node in nodes}
    found = [
        finding(node.id, "须在且仅在一个泳道中", "must lie in exactly one lane")
        for node in nodes
        if refs.count(node.id) != 1
    ]
    found += [finding(ref or None, "泳道中没有此节点", "a lane refers to no node") for ref in refs if ref not in known]
    if "" in names or len(set(names)) != len(names):
        found.append(finding(process.get("id"), "泳道须有各自的名称", "each lane must have a name of its own"))
    return found


def _check_references(process: Any, graph: Graph) -> list[FieldError]:
    """Where a node lists its flows, the list agrees with the flows (drawing tools believe the list)."""
    found = []
    for element in _elements(process):
        node = element.get("id", "")
        for part, flows in (("incoming", graph.into[node]), ("outgoing", graph.out[node])):
            listed = sorted((item.text or "").strip() for item in element.iterfind(tag(part)))
            if listed and listed != sorted(flow.id for flow in flows):
                found.append(finding(node, f"{part} 与连线不符", f"{part} does not agree with the flows"))
    return found


def _check_properties(
    nodes: list[Node], properties: Mapping[str, Mapping[str, str]], user_tasks: frozenset[str]
) -> list[FieldError]:
    """A user task has a known id and a role; a send task a call; no other property is known."""
    found = []
    for node in nodes:
        own = properties[node.id]
        if unknown := set(own) - _PROPERTIES.get(node.kind, frozenset()):
            names = ", ".join(sorted(unknown))
            found.append(finding(node.id, f"未知扩展属性 {names}", f"unknown extension property {names}"))
        if node.kind == "user" and not own.get("role", "").strip():
            found.append(finding(node.id, "用户任务须有 role 属性", "a user task must have the property role"))
        if node.kind == "user" and node.id not in user_tasks:
            found.append(finding(node.id, "未知用户任务标识", "the id of this user task is not known"))
        if node.kind == "send" and not own.get("call", "").strip():
            found.append(finding(node.id, "发送任务须有 call 属性", "a send task must have the property call"))
        if not node.name.strip() and node.kind not in ("exclusive", "parallel"):
            found.append(finding(node.id, "须有名称", "must have a name"))
    return found


def _script_texts(process: Any, properties: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    texts = {
        element.get("id", ""): properties[element.get("id", "")]["call"]
        for element in process.iterfind(tag("sendTask"))
    }
    for element in process.iterfind(tag("scriptTask")):
        scripts = element.findall(tag("script"))
        if len(scripts) != 1:
            raise refusal(element.get("id"), "脚本任务须有一段脚本", "a script task must have one script")
        texts[element.get("id", "")] = scripts[0].text or ""
    return texts


def _condition_texts(process: Any) -> dict[str, str]:
    texts = {}
    for flow in process.iterfind(tag("sequenceFlow")):
        conditions = flow.findall(tag("conditionExpression"))
        if len(conditions) > 1:
            raise refusal(flow.get("id"), "一条连线只能有一个条件", "a flow can have one condition only")
        if conditions:
            texts[flow.get("id", "")] = conditions[0].text or ""
    return texts


def _named(wording: Wording) -> Mapping[str, Function]:
    """The functions that this diagram names."""
    names = {line.function for script in wording.scripts.values() for line in script}
    return MappingProxyType({name: wording.functions[name] for name in sorted(names)})


def _fact_names(wording: Wording) -> tuple[str, ...]:
    said = {fact for node in wording.graph.nodes for fact in wording.set_by(node)}
    return tuple(sorted(said | set(wording.given) | {DECISION}))
