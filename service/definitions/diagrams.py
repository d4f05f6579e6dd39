"""A diagram as a checked value; the loader here is the only way to get one.

What it accepts the engine can run. Everything it does not know is refused with element and reason in both
languages (E_BPMN_INVALID).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from service.definitions import (
    diagram_gateways,
    diagram_graph,
    diagram_process,
    diagram_words,
    diagram_xml,
    word_parser,
)
from service.definitions.diagram_graph import Flow, Graph, Node
from service.definitions.diagram_words import DECISION, Wording
from service.definitions.findings import refuse_all
from service.definitions.words import Condition, Script
from service.domain.routes.hops import STEPS
from service.domain.transfers.functions import FactType, Function


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
    process = diagram_process.the_process(diagram_xml.read(xml))
    graph, properties = _checked_graph(process, user_tasks)
    texts = diagram_process.script_texts(process, properties)
    condition_texts = diagram_process.condition_texts(process)
    wording = _checked_wording(graph, texts, condition_texts, functions, given or {})
    users = [node.id for node in graph.nodes.values() if node.kind == "user"]
    return Diagram(
        digest=hashlib.sha256(xml).hexdigest(),
        process_id=process.get("id", ""),
        name=process.get("name", ""),
        xml=xml,
        nodes=MappingProxyType(dict(graph.nodes)),
        flows=MappingProxyType({flow.id: flow for flow in graph.flows}),
        scripts=MappingProxyType(dict(wording.scripts)),
        conditions=MappingProxyType(dict(wording.conditions)),
        texts=MappingProxyType(texts),
        condition_texts=MappingProxyType(condition_texts),
        roles=MappingProxyType({node: properties[node]["role"] for node in users}),
        properties=MappingProxyType(properties),
        functions=_named(wording),
        given=MappingProxyType(dict(wording.given)),
        facts=_fact_names(wording),
    )


def _checked_graph(process: Any, user_tasks: frozenset[str]) -> tuple[Graph, dict[str, dict[str, str]]]:
    """The drawing: nodes, flows, lanes and properties, each proved sound."""
    nodes, flows = diagram_process.nodes(process), diagram_process.flows(process)
    refuse_all(diagram_graph.check_ids(nodes, flows))
    graph = Graph({node.id: node for node in nodes}, tuple(flows))
    properties = {item.get("id", ""): diagram_xml.properties(item) for item in diagram_process.elements(process)}
    refuse_all(
        [
            *diagram_graph.check_graph(graph),
            *diagram_process.check_lanes(process, nodes),
            *diagram_process.check_references(process, graph),
        ]
    )
    refuse_all(diagram_process.check_properties(nodes, properties, user_tasks))
    return graph, properties


def _checked_wording(
    graph: Graph,
    texts: Mapping[str, str],
    condition_texts: Mapping[str, str],
    functions: Mapping[str, Function],
    given: Mapping[str, FactType],
) -> Wording:
    """The words: calls and conditions, each proved to be words and to agree with each other."""
    wording = Wording(
        graph,
        {node: word_parser.parse_script(text, element=node) for node, text in texts.items()},
        {flow: word_parser.parse_condition(text, element=flow) for flow, text in condition_texts.items()},
        functions,
        dict(given),
    )
    refuse_all(diagram_words.check_calls(wording))
    refuse_all([*diagram_words.check_facts(wording), *diagram_words.check_branches(wording)])
    refuse_all(diagram_gateways.check_gateways(wording))
    return wording


def _named(wording: Wording) -> Mapping[str, Function]:
    """The functions that this diagram names."""
    names = {line.function for script in wording.scripts.values() for line in script}
    return MappingProxyType({name: wording.functions[name] for name in sorted(names)})


def _fact_names(wording: Wording) -> tuple[str, ...]:
    said = {fact for node in wording.graph.nodes for fact in wording.set_by(node)}
    return tuple(sorted(said | set(wording.given) | {DECISION}))
