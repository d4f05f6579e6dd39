"""Small diagrams for tests, written as a few lines, and functions and a context to run them with.

A node is `kind id [words or role]`, a flow is `source target [condition]`; `else` marks a default flow.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from service.definitions import diagrams
from service.definitions.diagrams import Diagram
from service.domain.transfers.functions import FactValue, Function, Outcome

TAGS = {
    "start": "startEvent",
    "end": "endEvent",
    "user": "userTask",
    "script": "scriptTask",
    "send": "sendTask",
    "exclusive": "exclusiveGateway",
    "parallel": "parallelGateway",
}
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="definitions" targetNamespace="urn:test">'
)


def bpmn(nodes: str, flows: str, *, process: str = "tiny", extra: str = "") -> bytes:
    """The XML of a diagram; `extra` is put into the process as it is."""
    lines = [line.split(maxsplit=2) for line in nodes.strip().splitlines()]
    arrows = [line.split(maxsplit=2) for line in flows.strip().splitlines()]
    default = {source: f"{source}_{target}" for source, target, *rest in arrows if rest == ["else"]}
    refs = "".join(f"<bpmn:flowNodeRef>{node}</bpmn:flowNodeRef>" for _, node, *_ in lines)
    return (
        f'{HEAD}<bpmn:process id="{process}" isExecutable="true">'
        f'<bpmn:laneSet id="lanes"><bpmn:lane id="lane" name="系统">{refs}</bpmn:lane></bpmn:laneSet>'
        + "".join(_node(kind, node, rest, default.get(node)) for kind, node, *rest in lines)
        + "".join(_flow(source, target, rest) for source, target, *rest in arrows)
        + f"{extra}</bpmn:process></bpmn:definitions>"
    ).encode()


def _node(kind: str, node: str, rest: list[str], default: str | None) -> str:
    words = rest[0] if rest else ""
    inside = ""
    if kind == "script":
        inside = f"<bpmn:script>{escape(words.replace('; ', chr(10)))}</bpmn:script>"
    if kind in ("user", "send"):
        name = "role" if kind == "user" else "call"
        value = quoteattr(words or "BRANCH_ADMIN")
        inside = (
            "<bpmn:extensionElements><spiffworkflow:properties>"
            f'<spiffworkflow:property name="{name}" value={value}/>'
            "</spiffworkflow:properties></bpmn:extensionElements>"
        )
    marked = f' default="{default}"' if default else ""
    return f'<bpmn:{TAGS[kind]} id="{node}" name="{node}"{marked}>{inside}</bpmn:{TAGS[kind]}>'


def _flow(source: str, target: str, rest: list[str]) -> str:
    condition = ""
    if rest and rest != ["else"]:
        condition = f"<bpmn:conditionExpression>{escape(rest[0])}</bpmn:conditionExpression>"
    return (
        f'<bpmn:sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">'
        f"{condition}</bpmn:sequenceFlow>"
    )


@dataclass(frozen=True, slots=True)
class Letter:
    """An effect of tests."""

    number: int


@dataclass(frozen=True, slots=True)
class Scripted:
    """A context that answers calls from a plan; `seen` are the effects that have happened."""

    answers: tuple[Mapping[str, FactValue], ...] = ()
    seen: tuple[Any, ...] = ()
    asked: int = 0

    def after(self, effects: tuple[Any, ...]) -> "Scripted":
        return replace(self, seen=self.seen + tuple(effects), asked=self.asked + 1)

    def digest(self) -> str:
        return hashlib.sha256(repr((self.seen, self.asked)).encode()).hexdigest()

    def answer(self, name: str, default: FactValue) -> FactValue:
        planned = self.answers[self.asked % len(self.answers)] if self.answers else {}
        return planned.get(name, default)


def function(name: str, *, gives: Mapping[str, Any] | None = None, takes: Mapping[str, Any] | None = None) -> Function:
    """A function that answers from the context's plan and causes one effect."""
    declared = dict(gives or {})
    defaults = {str: "finish", bool: False, int: 0}

    def call(context: Scripted, **arguments: FactValue) -> Outcome:
        facts = {fact: context.answer(fact, defaults[kind]) for fact, kind in declared.items()}
        return Outcome(facts, (Letter(context.asked),))

    return Function(name, call, declared, (Letter,), dict(takes or {}), frozenset(takes or {}))


FUNCTIONS = {
    item.name: item
    for item in (
        function("plan"),
        function("resolve", gives={"step": str}),
        function("accept", gives={"due": bool, "stays": bool}),
        function("count", gives={"number": int}),
        function("weigh", gives={"weight": int}, takes={"text": str}),
        function("letter"),
        function("finish"),
    )
}

LOOP = bpmn(
    """
    start begin
    script plan plan()
    exclusive turn
    script resolve step = resolve()
    exclusive step_kind
    user apply
    user decide_home
    user receive
    exclusive decided
    exclusive decision_kind
    script accept accept()
    exclusive due_kind
    send letter letter()
    exclusive again
    script finish finish()
    end done
    """,
    """
    begin plan
    plan turn
    turn resolve
    resolve step_kind
    step_kind apply step == "apply"
    step_kind decide_home step == "decide_home"
    step_kind receive step == "receive"
    step_kind finish else
    apply decided
    decide_home decided
    receive decided
    decided decision_kind
    decision_kind accept else
    decision_kind again decision in ["reject", "return"]
    accept due_kind
    due_kind letter due
    due_kind again else
    letter again
    again turn
    finish done
    """,
)

PARALLEL = bpmn(
    """
    start begin
    script plan plan()
    parallel split
    user apply
    user decide_home
    exclusive which
    script count number = count()
    exclusive merged
    user receive
    parallel join
    user close
    end done
    """,
    """
    begin plan
    plan split
    split apply
    split decide_home
    split receive
    apply join
    decide_home which
    which count decision == "approve"
    which merged else
    count merged
    merged join
    receive join
    join close
    close done
    """,
)


def load(xml: bytes, **options: Any) -> Diagram:
    """Load with the functions of this module."""
    return diagrams.load(xml, functions=FUNCTIONS, **options)
