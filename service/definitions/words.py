"""The words of a diagram as values, and what they mean: calls of functions, and conditions over facts.

They are interpreted here, step by step; nothing of a diagram is ever compiled or executed as Python.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from service.domain.transfers.functions import FactValue


@dataclass(frozen=True, slots=True)
class Literal:
    """A string, an integer, a boolean or None that stands in the text."""

    value: FactValue


@dataclass(frozen=True, slots=True)
class Fact:
    """The name of a fact."""

    name: str


Value = Literal | Fact


@dataclass(frozen=True, slots=True)
class CallLine:
    """`target = function(keyword=value)`; without a target all facts of the function are merged."""

    function: str
    arguments: tuple[tuple[str, Value], ...]
    target: str | None


@dataclass(frozen=True, slots=True)
class Compare:
    """`left operator right`, where the operator is one of == != < <= > >=."""

    left: Value
    operator: str
    right: Value


@dataclass(frozen=True, slots=True)
class OneOf:
    """`value in [literals]`; `not in` is a Not around it."""

    value: Value
    options: tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of a condition."""

    part: "Condition"


@dataclass(frozen=True, slots=True)
class AllOf:
    """Conditions joined by `and`."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Conditions joined by `or`."""

    parts: tuple["Condition", ...]


Condition = Literal | Fact | Compare | OneOf | Not | AllOf | AnyOf
Script = tuple[CallLine, ...]


def value_of(value: Value, facts: Mapping[str, FactValue]) -> FactValue:
    """Look a value up; a fact that is not set is a fault (the loader has proved that it is)."""
    return value.value if isinstance(value, Literal) else facts[value.name]


def arguments_of(line: CallLine, facts: Mapping[str, FactValue]) -> dict[str, FactValue]:
    """Look up all arguments of one call."""
    return {name: value_of(value, facts) for name, value in line.arguments}


def holds(condition: Condition, facts: Mapping[str, FactValue]) -> bool:
    """Judge a condition; TypeError where it does not come out as a boolean."""
    match condition:
        case Compare(left, operator, right):
            return _compare(value_of(left, facts), operator, value_of(right, facts))
        case OneOf(value, options):
            sought = value_of(value, facts)
            return any(_same(sought, option.value) for option in options)
        case Not(part):
            return not holds(part, facts)
        case AllOf(parts):
            return all(holds(part, facts) for part in parts)
        case AnyOf(parts):
            return any(holds(part, facts) for part in parts)
    answer = value_of(condition, facts)
    if not isinstance(answer, bool):
        raise TypeError(f"expected a condition to be true or false, found {answer!r}")
    return answer


def atoms(condition: Condition) -> Iterator[Literal | Fact | Compare | OneOf]:
    """List the parts of a condition that are not joined of others."""
    match condition:
        case Not(part):
            yield from atoms(part)
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from atoms(part)
        case _:
            yield condition


def values_in(atom: Literal | Fact | Compare | OneOf) -> tuple[Value, ...]:
    """The values that one atom compares, or the atom itself."""
    match atom:
        case Compare(left, _, right):
            return (left, right)
        case OneOf(value, options):
            return (value, *options)
    return (atom,)


def facts_in(condition: Condition) -> frozenset[str]:
    """Names of all facts that a condition reads."""
    read = (value for atom in atoms(condition) for value in values_in(atom))
    return frozenset(value.name for value in read if isinstance(value, Fact))


def _same(left: FactValue, right: FactValue) -> bool:
    """Equality without Python's 1 == True."""
    return type(left) is type(right) and left == right


def _compare(left: FactValue, operator: str, right: FactValue) -> bool:
    if operator == "==":
        return _same(left, right)
    if operator == "!=":
        return not _same(left, right)
    if type(left) is not int or type(right) is not int:
        raise TypeError(f"expected two integers around {operator}, found {left!r} and {right!r}")
    return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[operator]
