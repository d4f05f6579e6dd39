"""Reads back from history what each step was taken with: its decision, its calls, its way through the diagram."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, get_type_hints

from service.domain.plain import restore
from service.domain.profile import Profile
from service.domain.transfers import effects
from service.domain.transfers.actions import AFTERWARDS_TITLES
from service.domain.transfers.context import Context, Decision
from service.engine.progress import Call
from service.storage.transfers.history import Event
from service.use_cases.transfers import surroundings
from service.use_cases.transfers.surroundings import CHAINS

_UNREADABLE = (AttributeError, KeyError, TypeError, ValueError)


class UnreadableRecordError(Exception):
    """An event does not hold what a replay needs: an older or a newer program wrote it. `seq` is its number."""

    def __init__(self, seq: int, fault: Exception) -> None:
        self.seq = seq
        super().__init__(f"the record cannot be read: {type(fault).__name__}: {fault}")


@dataclass(frozen=True, slots=True)
class RecordedStep:
    """One step from wait to wait as history tells it; `automatic` are the events it caused besides its own."""

    event: Event
    automatic: tuple[Event, ...]
    decision: Decision
    calls: tuple[Call, ...]
    path: tuple[str, ...]
    lineage_digest: str


def steps_of(events: Sequence[Event]) -> Iterator[RecordedStep]:
    """Group the events of a transfer into its steps, without what was noted behind its end.

    Raises UnreadableRecordError.
    """
    for start, event in enumerate(events):
        if not event.is_automatic and event.action not in AFTERWARDS_TITLES:
            rest = events[start + 1 :]
            end = next((n for n, later in enumerate(rest) if not later.is_automatic), len(rest))
            try:
                yield _step(event, rest[:end])
            except _UNREADABLE as fault:
                raise UnreadableRecordError(event.seq, fault) from fault


def first_context(step: RecordedStep, profile: Profile) -> Context:
    """The context in which a transfer was begun; raises UnreadableRecordError."""
    try:
        return _first_context(step, profile)
    except _UNREADABLE as fault:
        raise UnreadableRecordError(step.event.seq, fault) from fault


def _step(event: Event, automatic: Sequence[Event]) -> RecordedStep:
    record = event.record
    return RecordedStep(
        event=event,
        automatic=tuple(automatic),
        decision=_decision(record["decision"]),
        calls=tuple(_call(each) for each in record["calls"]),
        path=tuple(record["path"]),
        lineage_digest=record["lineage"],
    )


def _first_context(step: RecordedStep, profile: Profile) -> Context:
    hints = get_type_hints(Context)
    begun = step.event.record["begun"]
    kept = {
        field.name: restore(hints[field.name], begun[field.name]) for field in fields(Context) if field.name in begun
    }
    return Context(
        **kept,
        lineage=surroundings.lineage_of(step.lineage_digest),
        profile=profile,
        profile_digest=step.event.record["profile"],
        decision=step.decision,
    )


def _decision(record: Mapping[str, Any]) -> Decision:
    hints = get_type_hints(Decision)
    values = {name: restore(hints[name], record[name]) for name in hints if name not in CHAINS}
    chains = {name: _chain(record[f"{name}_chain"]) for name in CHAINS}
    return Decision(**values, **chains)


def _chain(digest: str | None) -> Any:
    return surroundings.lineage_of(digest).target if digest else None


def _call(record: Mapping[str, Any]) -> Call:
    caused = tuple(restore(getattr(effects, each["effect"]), each["values"]) for each in record["effects"])
    return Call(record["name"], record["arguments"], record["context"], record["facts"], caused)
