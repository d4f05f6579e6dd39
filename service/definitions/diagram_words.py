"""Checks the words of a diagram: functions exist, facts are set before they are read, types fit, gateways decide."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from service.definitions.diagram_graph import Graph, branches_of, pairs_of
from service.definitions.findings import finding
from service.definitions.words import (
    CallLine,
    Compare,
    Condition,
    Fact,
    Literal,
    Script,
    Value,
    atoms,
    facts_in,
    values_in,
)
from service.domain.errors import FieldError
from service.domain.transfers.functions import FactType, Function, kinds_of

DECISION = "decision"
"""The fact that every completion of a user task sets."""

Kinds = Mapping[str, frozenset[type]]
"""The classes that the values of each fact may have."""


@dataclass(frozen=True, slots=True)
class Wording:
    """Everything said in a diagram, with what is declared about it."""

    graph: Graph
    scripts: Mapping[str, Script]
    conditions: Mapping[str, Condition]
    functions: Mapping[str, Function]
    given: Mapping[str, FactType]

    def gives(self, line: CallLine) -> Mapping[str, FactType]:
        """The facts that one line sets, with their types."""
        function = self.functions[line.function]
        return dict(function.gives) if line.target is None else {line.target: next(iter(function.gives.values()))}

    def set_by(self, node: str) -> frozenset[str]:
        """The facts that are surely set when this node is done."""
        if self.graph.nodes[node].kind == "user":
            return frozenset({DECISION})
        return frozenset(fact for line in self.scripts.get(node, ()) for fact in self.gives(line))


def check_calls(wording: Wording) -> Iterator[FieldError]:
    """Each call names a function that exists, with its arguments and a target that fits."""
    for node, script in wording.scripts.items():
        for line in script:
            function = wording.functions.get(line.function)
            if function is None:
                yield finding(node, f"没有名为 {line.function} 的函数", f"there is no function named {line.function}")
                continue
            named = {name for name, _ in line.arguments}
            if not function.needs <= named <= set(function.takes):
                takes = ", ".join(function.takes) or "-"
                yield finding(
                    node, f"{line.function} 的参数应为：{takes}", f"{line.function} takes the arguments: {takes}"
                )
            if line.target is not None and len(function.gives) != 1:
                yield finding(
                    node,
                    f"{line.function} 给出 {len(function.gives)} 个事实，不能赋给一个名称",
                    f"{line.function} gives {len(function.gives)} facts and cannot be assigned to one name",
                )


def check_facts(wording: Wording) -> Iterator[FieldError]:
    """Facts are set before they are read, always have one type, and are compared with their like."""
    kinds, found = fact_types(wording)
    yield from found
    known = _surely_set(wording)
    for node, script in wording.scripts.items():
        here = set(known[node])
        for line in script:
            yield from _check_arguments(wording, node, line, kinds, here)
            here |= set(wording.gives(line))
    for flow in wording.graph.flows:
        if condition := wording.conditions.get(flow.id):
            yield from _unset(flow.id, facts_in(condition), known[flow.source])
            yield from _check_types(flow.id, condition, kinds)


def fact_types(wording: Wording) -> tuple[dict[str, frozenset[type]], list[FieldError]]:
    """The types of all facts as declared, and where two declarations differ."""
    kinds = {name: kinds_of(kind) for name, kind in wording.given.items()} | {DECISION: frozenset({str})}
    found = []
    for node, script in wording.scripts.items():
        for line in script:
            for fact, kind in wording.gives(line).items():
                if kinds.setdefault(fact, kinds_of(kind)) != kinds_of(kind):
                    found.append(finding(node, f"事实 {fact} 有两种类型", f"the fact {fact} has two types"))
    return kinds, found


def check_branches(wording: Wording) -> Iterator[FieldError]:
    """A fact that one parallel branch sets is set nowhere before or beside it: which value lives on would be chance."""
    graph = wording.graph
    for split, join in pairs_of(graph).items():
        branches = branches_of(graph, split, join)
        beyond = graph.after(join) | {join}
        for branch in branches:
            elsewhere = set(wording.given)
            elsewhere = elsewhere.union(*(wording.set_by(node) for node in set(graph.nodes) - branch - beyond))
            for node in sorted(branch):
                for fact in sorted((wording.set_by(node) & elsewhere) - {DECISION}):
                    yield finding(
                        node, f"事实 {fact} 在分支之外也被设置", f"the fact {fact} is also set outside this branch"
                    )


def _surely_set(wording: Wording) -> dict[str, frozenset[str]]:
    """Facts that are set on every way to a node (a parallel join gathers those of all its branches)."""
    graph = wording.graph
    every = frozenset(wording.given) | {DECISION}
    every = every.union(*(wording.set_by(node) for node in graph.nodes))
    before = {node: frozenset(wording.given) if not graph.into[node] else every for node in graph.nodes}
    changed = True
    while changed:
        changed = False
        for node, entering in graph.into.items():
            if entering:
                ways = [before[flow.source] | wording.set_by(flow.source) for flow in entering]
                gathers = graph.nodes[node].kind == "parallel"
                now = frozenset[str].union(*ways) if gathers else frozenset[str].intersection(*ways)
                changed = changed or now != before[node]
                before[node] = now
    return before


def _check_arguments(
    wording: Wording, node: str, line: CallLine, kinds: Kinds, known: set[str]
) -> Iterator[FieldError]:
    takes = wording.functions[line.function].takes
    for name, value in line.arguments:
        if isinstance(value, Fact):
            yield from _unset(node, frozenset({value.name}), known)
        if not _kinds(value, kinds) <= kinds_of(takes[name]):
            yield finding(node, f"参数 {name} 类型不符", f"the argument {name} of {line.function} has another type")


def _unset(element: str, read: frozenset[str], known: frozenset[str] | set[str]) -> Iterator[FieldError]:
    for name in sorted(read - known):
        yield finding(element, f"事实 {name} 在此处可能尚未设置", f"the fact {name} may not be set here")


def _check_types(flow: str, condition: Condition, kinds: Kinds) -> Iterator[FieldError]:
    """Compare like with like; order only integers; a fact alone must be true or false."""
    for atom in atoms(condition):
        sides = [_kinds(value, kinds) for value in values_in(atom)]
        if not all(sides):
            continue
        if isinstance(atom, Fact | Literal):
            fits = sides[0] <= {bool}
        elif isinstance(atom, Compare) and atom.operator not in ("==", "!="):
            fits = all(side <= {int} for side in sides)
        else:
            fits = all(side & sides[0] for side in sides)
        if not fits:
            yield finding(flow, "条件中的类型不符", "the condition compares values of different types")


def _kinds(value: Value, kinds: Kinds) -> frozenset[type]:
    """Classes a value may have; none for a fact that nobody sets, which is reported as such."""
    if isinstance(value, Literal):
        return frozenset({type(value.value)})
    return kinds.get(value.name, frozenset())
