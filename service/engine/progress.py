"""What the engine answers: where a transfer stands after a step, and all that happened on the way."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, Self

from service.domain.transfers.functions import FactValue


class Context(Protocol):
    """What script functions read. The engine only passes it on, dates it and lets effects act on it."""

    def after(self, effects: tuple[Any, ...], /) -> Self:
        """The context as it is once these effects have happened."""
        ...

    def digest(self) -> str:
        """A hash of its content."""
        ...


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A user task that waits for a person."""

    element: str
    role: str


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a script function; `context_digest` is that of the context before the call."""

    name: str
    arguments: Mapping[str, FactValue]
    context_digest: str
    facts: Mapping[str, FactValue]
    effects: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """One step from wait to wait.

    `path` lists the ids of nodes and flows that were passed, in order; the flow into a task that is open now
    stands in it, the task itself does not.
    """

    state: bytes
    open_tasks: tuple[OpenTask, ...]
    calls: tuple[Call, ...]
    context: Any
    facts: Mapping[str, FactValue]
    path: tuple[str, ...]
    ended: bool
