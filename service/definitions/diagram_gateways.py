"""Proves that each exclusive gateway goes exactly one way, whatever the facts are and however it is drawn.

SpiffWorkflow tries conditions from the top of the picture down; that order must never decide.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from itertools import product

from service.definitions.diagram_graph import Flow, Node
from service.definitions.diagram_words import Kinds, Wording, fact_types
from service.definitions.findings import finding
from service.definitions.words import Condition, Fact, Literal, atoms, holds, values_in
from service.domain.errors import FieldError
from service.domain.transfers.functions import FactValue

MAX_WORK = 200_000
"""Single comparisons that all gateways of a diagram may take to be proved; real ones take a few hundred."""

_OTHER = "□"
"""Stands for every string that the conditions of a gateway do not name."""


def check_gateways(wording: Wording) -> Iterator[FieldError]:
    """An exclusive gateway decides one way only in every case, and the drawing's order never matters."""
    leaving = {flow.id for node in wording.graph.of_kind("exclusive") for flow in wording.graph.out[node.id]}
    for flow in wording.conditions:
        if flow not in leaving:
            yield finding(
                flow, "只有排他网关的出线可有条件", "only a flow that leaves an exclusive gateway has a condition"
            )
    kinds, _ = fact_types(wording)
    work = 0
    for node in wording.graph.of_kind("exclusive"):
        flows = wording.graph.out[node.id]
        found = list(_check_flows(node, flows, wording.conditions))
        yield from found
        if found or len(flows) == 1:
            continue
        choices = {flow.id: wording.conditions[flow.id] for flow in flows if flow.id != node.default}
        trials = _trials(choices.values(), kinds)
        work += math.prod(map(len, trials.values())) * sum(len(list(atoms(each))) for each in choices.values())
        if work > MAX_WORK:
            yield finding(node.id, "条件过于复杂", "the conditions are too complex to be checked")
            return
        yield from _check_cases(node, choices, trials)


def _check_flows(node: Node, flows: list[Flow], conditions: Mapping[str, Condition]) -> Iterator[FieldError]:
    if node.default is not None and node.default not in {flow.id for flow in flows}:
        yield finding(node.id, "默认连线不从本网关出发", "the default flow does not leave this gateway")
    for flow in flows:
        needed = len(flows) > 1 and flow.id != node.default
        if needed != (flow.id in conditions):
            zh, en = ("缺少条件", "has no condition") if needed else ("不应有条件", "must have no condition")
            yield finding(flow.id, zh, f"the flow {en}")


def _check_cases(
    node: Node, choices: Mapping[str, Condition], trials: Mapping[str, list[FactValue]]
) -> Iterator[FieldError]:
    """Try all values the conditions name, and one they do not name; tell the first case that goes wrong."""
    for values in product(*trials.values()):
        case = dict(zip(trials, values, strict=True))
        ways = [flow for flow, condition in choices.items() if holds(condition, case)]
        shown = ", ".join(f"{name}={value!r}" for name, value in case.items()).replace(_OTHER, "…")
        if len(ways) > 1:
            yield finding(node.id, f"{shown} 时多个条件成立", f"more than one condition holds for {shown}")
            return
        if not ways and node.default is None:
            yield finding(
                node.id, f"{shown} 时无路可走", f"no condition holds for {shown} and there is no default flow"
            )
            return


def _trials(conditions: Iterable[Condition], kinds: Kinds) -> dict[str, list[FactValue]]:
    """For each fact that the conditions read, the values that could make a difference."""
    every = [value for condition in conditions for atom in atoms(condition) for value in values_in(atom)]
    literals = [value.value for value in every if isinstance(value, Literal)]
    near = {value + step for value in literals if type(value) is int for step in (-1, 0, 1)}
    trials: dict[type, list[FactValue]] = {
        str: [*sorted({value for value in literals if isinstance(value, str)}), _OTHER],
        int: [*sorted(near | {0, 1})],
        bool: [True, False],
        type(None): [None],
    }
    names = sorted({value.name for value in every if isinstance(value, Fact)})
    return {name: [value for kind in sorted(kinds[name], key=str) for value in trials[kind]] for name in names}
