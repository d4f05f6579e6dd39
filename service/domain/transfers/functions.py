"""What a script function tells about itself: its name, what it takes, which facts it gives, which effects it may cause.

A diagram holds only words (calls of such functions), so this is all a checker and the engine need to know.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType, UnionType
from typing import Any, get_args, get_type_hints

FactValue = str | int | bool | None
"""What a fact may hold: workflow data are a few scalars."""

FactType = type | UnionType
"""`str`, `int`, `bool` or a union of them with None."""

_SCALARS = frozenset({str, int, bool, type(None)})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one call returns: new facts, and effects as values in the order in which they happen."""

    facts: Mapping[str, FactValue] = field(default_factory=dict)
    effects: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Function:
    """A script function together with its declaration.

    `call(context, **arguments)` returns an Outcome that holds exactly the facts of `gives`, each of the
    declared type, and effects of the classes in `effects` only.
    """

    name: str
    call: Callable[..., Outcome]
    gives: Mapping[str, FactType]
    effects: tuple[type, ...]
    takes: Mapping[str, FactType]
    needs: frozenset[str] = frozenset()

    def __call__(self, context: Any, **arguments: FactValue) -> Outcome:
        """Call the function as Python code and tests do."""
        return self.call(context, **arguments)


def declare(
    *, gives: Mapping[str, FactType] | None = None, effects: tuple[type, ...] = ()
) -> Callable[[Callable[..., Outcome]], Function]:
    """Make a Function of `def name(context, *, keyword: type, ...) -> Outcome`.

    A declaration that is not of scalars is a fault of the program: TypeError at import.
    """
    given = MappingProxyType(dict(gives or {}))

    def decorate(call: Callable[..., Outcome]) -> Function:
        hints = get_type_hints(call)
        keywords = list(inspect.signature(call).parameters.values())[1:]
        takes = {keyword.name: hints[keyword.name] for keyword in keywords}
        for name, kind in {**given, **takes}.items():
            if not kinds_of(kind) <= _SCALARS:
                raise TypeError(f"{call.__name__}: {name} is declared as {kind}, expected a scalar")
        needs = frozenset(keyword.name for keyword in keywords if keyword.default is keyword.empty)
        return Function(call.__name__, call, given, effects, MappingProxyType(takes), needs)

    return decorate


def kinds_of(kind: FactType) -> frozenset[type]:
    """Split a declared type into the classes a value may have, exactly (a bool is no int here)."""
    return frozenset(get_args(kind) or (kind,))
