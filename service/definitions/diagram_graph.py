"""The nodes and flows of a diagram, and the checks that need only them: shape, reach, loops, gateways in pairs."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from service.definitions.findings import finding
from service.domain.errors import FieldError

MAX_NODES = 300
MAX_PARALLEL = 40
ID = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
_TAKEN = frozenset({"Start", "End", "Root"})  # SpiffWorkflow's own nodes bear these names


@dataclass(frozen=True, slots=True)
class Node:
    """One flow node: kind is one of start, end, user, script, send, exclusive, parallel."""

    id: str
    kind: str
    name: str
    lane: str
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """One sequence flow."""

    id: str
    source: str
    target: str


class Graph:
    """Nodes and flows with their neighbours; knows nothing of words."""

    def __init__(self, nodes: Mapping[str, Node], flows: tuple[Flow, ...]) -> None:
        self.nodes = nodes
        self.flows = flows
        self.out: dict[str, list[Flow]] = {node: [] for node in nodes}
        self.into: dict[str, list[Flow]] = {node: [] for node in nodes}
        for flow in flows:
            self.out[flow.source].append(flow)
            self.into[flow.target].append(flow)
        self._successors = {node: [flow.target for flow in self.out[node]] for node in nodes}
        self._predecessors = {node: [flow.source for flow in self.into[node]] for node in nodes}
        self.on_loop = frozenset(node for node in nodes if node in self.after(node))

    def of_kind(self, *kinds: str) -> list[Node]:
        """All nodes of these kinds, in the order of the file."""
        return [node for node in self.nodes.values() if node.kind in kinds]

    def after(self, start: str, *, without: frozenset[str] = frozenset()) -> set[str]:
        """All nodes that can be reached over at least one flow, not going through those left out."""
        return self._walk(start, self._successors, without)

    def before(self, end: str) -> set[str]:
        """All nodes from which this one can be reached over at least one flow."""
        return self._walk(end, self._predecessors, frozenset())

    @staticmethod
    def _walk(start: str, steps: Mapping[str, list[str]], without: frozenset[str]) -> set[str]:
        seen: set[str] = set()
        ahead = [node for node in steps[start] if node not in without]
        while ahead:
            node = ahead.pop()
            if node not in seen:
                seen.add(node)
                ahead += [following for following in steps[node] if following not in without]
        return seen


def check_ids(nodes: list[Node], flows: list[Flow]) -> Iterator[FieldError]:
    """Ids are plain, flows lead from node to node, and no more nodes than SpiffWorkflow can parse."""
    known = {node.id for node in nodes}
    if len(nodes) > MAX_NODES:
        yield finding(None, f"节点超过 {MAX_NODES} 个", f"more than {MAX_NODES} nodes")
    if sum(node.kind == "parallel" for node in nodes) > MAX_PARALLEL:
        yield finding(None, f"并行网关超过 {MAX_PARALLEL} 个", f"more than {MAX_PARALLEL} parallel gateways")
    for own in [*(node.id for node in nodes), *(flow.id for flow in flows)]:
        if not ID.fullmatch(own) or own in _TAKEN:
            yield finding(own or None, "标识缺失、不规范或为保留名", "the id is missing, not plain or reserved")
    for flow in flows:
        if flow.source not in known or flow.target not in known:
            yield finding(flow.id, "连线两端须为流程节点", "a flow must lead from node to node")


def check_graph(graph: Graph) -> Iterator[FieldError]:
    """All checks of the shape."""
    yield from _check_counts(graph)
    yield from _check_doubles(graph)
    starts, ends = graph.of_kind("start"), graph.of_kind("end")
    if len(starts) == 1 and ends:
        yield from _check_reach(graph, starts[0].id, [end.id for end in ends])
    yield from _check_loops(graph)
    yield from _check_parallel(graph)


def _check_counts(graph: Graph) -> Iterator[FieldError]:
    """How many flows may enter and leave each kind of node."""
    if len(graph.of_kind("start")) != 1 or not graph.of_kind("end"):
        yield finding(None, "应有一个开始和至少一个结束", "expected one start and at least one end")
    for node in graph.nodes.values():
        entering, leaving = len(graph.into[node.id]), len(graph.out[node.id])
        if (node.kind == "start") != (entering == 0):
            yield finding(node.id, f"进入的连线数为 {entering}", f"{entering} flows enter this {node.kind}")
        if (node.kind == "end") != (leaving == 0):
            yield finding(node.id, f"离开的连线数为 {leaving}", f"{leaving} flows leave this {node.kind}")
        if node.kind in ("user", "script", "send") and entering > 1:
            yield finding(node.id, "须先用网关汇合", "several flows must be merged by a gateway first")
        if node.kind not in ("exclusive", "parallel") and leaving > 1:
            yield finding(node.id, "只有网关可以分支", "only a gateway may branch")


def _check_doubles(graph: Graph) -> Iterator[FieldError]:
    """Two flows between the same nodes would be one and the same to a trail."""
    seen = set()
    for flow in graph.flows:
        if (flow.source, flow.target) in seen or flow.source == flow.target:
            yield finding(flow.id, "同两节点之间只能有一条连线", "only one flow may lead from a node to another one")
        seen.add((flow.source, flow.target))


def _check_reach(graph: Graph, start: str, ends: list[str]) -> Iterator[FieldError]:
    reached = graph.after(start) | {start}
    finishing = set(ends).union(*(graph.before(end) for end in ends))
    for node in graph.nodes:
        if node not in reached:
            yield finding(node, "从开始无法到达", "cannot be reached from the start")
        if node not in finishing:
            yield finding(node, "无法到达结束", "cannot reach an end")


def _check_loops(graph: Graph) -> Iterator[FieldError]:
    """No loop runs without a person in it."""
    people = frozenset(node.id for node in graph.of_kind("user"))
    for node in graph.nodes:
        if node not in people and node in graph.after(node, without=people):
            yield finding(node, "循环中没有用户任务", "lies on a loop without a user task")


def _check_parallel(graph: Graph) -> Iterator[FieldError]:
    """Parallel gateways come in pairs that hold no loop and lie on none."""
    pairs = pairs_of(graph)
    joins = list(pairs.values())
    for node in graph.of_kind("parallel"):
        if node.id in graph.on_loop:
            yield finding(node.id, "并行网关不得在循环上", "a parallel gateway must not lie on a loop")
        elif node.id not in pairs and joins.count(node.id) != 1:
            yield finding(
                node.id,
                "并行网关须成对：分支与汇合之间无循环、无旁路",
                "parallel gateways must come in pairs, with no loop and no way round",
            )


def pairs_of(graph: Graph) -> dict[str, str]:
    """Each parallel split with the join in which all its branches end."""
    gateways = [node.id for node in graph.of_kind("parallel") if node.id not in graph.on_loop]
    splits = [node for node in gateways if len(graph.into[node]) == 1 and len(graph.out[node]) > 1]
    joins = [node for node in gateways if len(graph.into[node]) > 1 and len(graph.out[node]) == 1]
    return {split: join for split in splits for join in joins if _is_pair(graph, split, join)}


def branches_of(graph: Graph, split: str, join: str) -> list[set[str]]:
    """The nodes of each branch between a split and its join; a branch may be a bare flow."""
    stop = frozenset({join, split})
    targets = [flow.target for flow in graph.out[split]]
    return [set() if target == join else {target} | graph.after(target, without=stop) for target in targets]


def _is_pair(graph: Graph, split: str, join: str) -> bool:
    """Whether each branch ends in exactly one flow into the join, and nothing enters or leaves otherwise."""
    if len(graph.into[join]) != len(graph.out[split]):
        return False
    branches = branches_of(graph, split, join)
    if len(set[str]().union(*branches)) != sum(map(len, branches)):
        return False
    return all(_is_branch(graph, branch, split, join) for branch in branches)


def _is_branch(graph: Graph, branch: set[str], split: str, join: str) -> bool:
    if branch & graph.on_loop or any(graph.nodes[node].kind == "end" for node in branch):
        return False
    if sum(flow.source in branch for flow in graph.into[join]) != (1 if branch else 0):
        return False
    around = branch | {split}
    return all(flow.source in around for node in branch for flow in graph.into[node])
