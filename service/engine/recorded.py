"""Runs a diagram on recorded calls instead of functions: what happened must happen again, call by call.

So a replay proves diagram and engine without the functions; running it with the functions themselves proves
those too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from service.definitions.diagrams import Diagram
from service.domain.transfers.functions import FactValue, Function, Outcome
from service.engine.progress import Call


class DivergedError(Exception):
    """The diagram asked for another call than the one on record; says what was expected and what was found."""


def answering(diagram: Diagram, calls: Sequence[Call]) -> Diagram:
    """The same diagram, whose functions answer from the record of one step, in order.

    That nothing on record was left over the caller sees by comparing the calls of the Progress.
    """
    record = iter(calls)
    functions = {name: _from_record(function, record) for name, function in diagram.functions.items()}
    return replace(diagram, functions=MappingProxyType(functions))


def _from_record(function: Function, record: Iterator[Call]) -> Function:
    def call(context: Any, **arguments: FactValue) -> Outcome:
        expected = next(record, None)
        found = (function.name, arguments, context.digest())
        if expected is None or (expected.name, dict(expected.arguments), expected.context_digest) != found:
            wanted = expected and (expected.name, dict(expected.arguments), expected.context_digest)
            raise DivergedError(f"expected the call {wanted}, found {found}")
        return Outcome(expected.facts, expected.effects)

    return replace(function, call=call)
