"""Reads nodes, flows, lanes and texts out of the one process of a diagram, and checks that they agree."""

from collections.abc import Mapping
from typing import Any

from service.definitions import diagram_graph
from service.definitions.diagram_graph import Flow, Graph, Node
from service.definitions.diagram_xml import NODE_KINDS, tag
from service.definitions.findings import finding, refusal
from service.domain.errors import FieldError

_PROPERTIES = {"user": frozenset({"role", "form", "due"}), "send": frozenset({"call"})}


def the_process(root: Any) -> Any:
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


def elements(process: Any) -> list[Any]:
    """All flow nodes of the process, as XML."""
    kinds = {tag(kind) for kind in NODE_KINDS}
    return [element for element in process if element.tag in kinds]


def nodes(process: Any) -> list[Node]:
    lanes = {ref.text or "": _lane_name(ref) for ref in process.iter(tag("flowNodeRef"))}
    return [
        Node(
            element.get("id", ""),
            NODE_KINDS[element.tag.rpartition("}")[2]],
            element.get("name", ""),
            lanes.get(element.get("id", ""), ""),
            element.get("default"),
        )
        for element in elements(process)
    ]


def _lane_name(ref: Any) -> str:
    return str(ref.getparent().get("name", ""))


def flows(process: Any) -> list[Flow]:
    return [
        Flow(flow.get("id", ""), flow.get("sourceRef", ""), flow.get("targetRef", ""))
        for flow in process.iterfind(tag("sequenceFlow"))
    ]


def check_lanes(process: Any, nodes: list[Node]) -> list[FieldError]:
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


def check_references(process: Any, graph: Graph) -> list[FieldError]:
    """Where a node lists its flows, the list agrees with the flows (drawing tools believe the list)."""
    found = []
    for element in elements(process):
        node = element.get("id", "")
        for part, flows in (("incoming", graph.into[node]), ("outgoing", graph.out[node])):
            listed = sorted((item.text or "").strip() for item in element.iterfind(tag(part)))
            if listed and listed != sorted(flow.id for flow in flows):
                found.append(finding(node, f"{part} 与连线不符", f"{part} does not agree with the flows"))
    return found


def check_properties(
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


def script_texts(process: Any, properties: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
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


def condition_texts(process: Any) -> dict[str, str]:
    texts = {}
    for flow in process.iterfind(tag("sequenceFlow")):
        conditions = flow.findall(tag("conditionExpression"))
        if len(conditions) > 1:
            raise refusal(flow.get("id"), "一条连线只能有一个条件", "a flow can have one condition only")
        if conditions:
            texts[flow.get("id", "")] = conditions[0].text or ""
    return texts
