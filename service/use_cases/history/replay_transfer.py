"""Replays a transfer from its history: what was recorded must happen again, step by step (R-215, R-216).

With the recorded answers of the functions a replay proves diagram and engine; with the functions themselves, on the
recorded contexts, it proves those too. It reads and changes nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from service.definitions.diagrams import Diagram
from service.domain.accounts.actors import Actor
from service.domain.errors import Refused
from service.domain.transfers import sight
from service.domain.transfers.context import Context
from service.domain.transfers.effects import HopDecided
from service.domain.transfers.transfers import Transfer
from service.engine.progress import Progress
from service.engine.recorded import DivergedError, answering
from service.storage.db import reading
from service.storage.transfers import history, transfers
from service.storage.transfers.history import Event
from service.storage.transfers.transfer_rows import Stored
from service.use_cases.deployment import Deployment
from service.use_cases.history.recorded_steps import RecordedStep, UnreadableRecordError, first_context, steps_of
from service.use_cases.transfers import surroundings
from service.use_cases.transfers.recording import AUTOMATIC

_FAULTS = (DivergedError, Refused, TypeError, ValueError, RuntimeError, LookupError, AssertionError)
"""Whatever a diagram or a function of another time may end in; each is told as a finding."""


@dataclass(frozen=True, slots=True)
class ReplayedStep:
    """One event of a person, and how everything stands after it: the transfer, the open task, the way passed."""

    event: Event
    transfer: Transfer
    step: str
    facts: Mapping[str, Any]
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that did not happen again as recorded; `seq` is the event, `expected` what stands on record."""

    seq: int
    what: str
    expected: str = ""
    found: str = ""

    def __str__(self) -> str:
        told = f": expected {self.expected}, found {self.found}" if self.expected or self.found else ""
        return f"event {self.seq}: {self.what}{told}"


@dataclass(frozen=True, slots=True)
class Replay:
    """The steps that could be replayed, and what was found wrong; none of the latter: history explains the state."""

    transfer_id: int
    steps: tuple[ReplayedStep, ...]
    findings: tuple[Finding, ...]

    @property
    def is_sound(self) -> bool:
        """Whether everything happened again as recorded."""
        return not self.findings


def replay_transfer(
    transfer_id: int, *, actor: Actor | None, with_functions: bool = False, deployment: Deployment
) -> Replay:
    """Replay one transfer, running or ended; `actor` None is the operator at the machine.

    Refuses E_FORBIDDEN to whoever is no auditor and E_NOT_FOUND what is not of his scope (R-217).
    """
    with reading():
        if actor is not None:
            sight.require_auditor(actor)
        stored = transfers.get(transfer_id)
        if actor is not None:
            lineage = surroundings.lineage_of(stored.lineage_digest)
            sight.require_of_scope(stored.transfer, lineage, actor)
        if (fault := history.first_fault(transfer_id)) is not None:
            return Replay(transfer_id, (), (Finding(fault, "the chain of history is broken here"),))
        return _replayed(stored, with_functions=with_functions, deployment=deployment)


def _replayed(stored: Stored, *, with_functions: bool, deployment: Deployment) -> Replay:
    done: list[ReplayedStep] = []
    findings: list[Finding] = []
    seq = 1
    try:
        player = _Player(stored, with_functions=with_functions, deployment=deployment)
        for recorded in steps_of(history.of_transfer(stored.id)):
            seq = recorded.event.seq
            done.append(player.take(recorded))
            findings += player.differences(recorded)
            if findings:
                break
        else:
            findings += player.differences_at_the_end()
    except UnreadableRecordError as fault:
        findings.append(Finding(fault.seq, str(fault)))
    except _FAULTS as fault:
        findings.append(Finding(seq, f"{type(fault).__name__}: {fault}"))
    return Replay(stored.id, tuple(done), tuple(findings))


class _Player:
    """Takes recorded steps one after the other, each on the state that the one before left."""

    def __init__(self, stored: Stored, *, with_functions: bool, deployment: Deployment) -> None:
        self._stored = stored
        self._deployment = deployment
        self._diagram = surroundings.diagram_of(stored, deployment)
        self._with_functions = with_functions
        self._progress: Progress | None = None
        self._before: Transfer | None = None
        self._lineage_digest = ""
        self._steps = 0

    def take(self, recorded: RecordedStep) -> ReplayedStep:
        """Run the diagram once more from wait to wait; raises whatever diverges."""
        diagram = self._diagram if self._with_functions else answering(self._diagram, recorded.calls)
        context = self._context(recorded)
        self._before = context.transfer
        self._progress = progress = self._run(diagram, context)
        self._lineage_digest = recorded.lineage_digest
        self._steps += 1
        step = progress.open_tasks[0].element if progress.open_tasks else ""
        return ReplayedStep(recorded.event, progress.context.transfer, step, progress.facts, progress.path)

    def differences(self, recorded: RecordedStep) -> Iterator[Finding]:
        """What the step just taken shows otherwise than the record."""
        progress, before = self._progress, self._before
        assert progress is not None  # noqa: S101 - a step has been taken
        assert before is not None  # noqa: S101 - likewise
        event = recorded.event
        decided = [(each.position, AUTOMATIC.get(each.state)) for each in _decided(progress)]
        pairs: list[tuple[str, object, object]] = [
            ("action", event.action, recorded.decision.action.value),
            ("diagram", event.diagram_digest, self._diagram.digest),
            ("profile", event.record["profile"], self._stored.profile_digest),
            ("state before", event.from_state, before.state.value),
            ("state after", event.to_state, progress.context.transfer.state.value),
            ("calls", recorded.calls, progress.calls),
            ("path", recorded.path, progress.path),
        ]
        yield from _unequal(event.seq, pairs)
        for automatic in recorded.automatic:
            if (automatic.position, automatic.action) not in decided:
                yield Finding(automatic.seq, f"nothing in the step did {automatic.action} at {automatic.position}")

    def differences_at_the_end(self) -> Iterator[Finding]:
        """What the transfer, as it lies in the database, shows otherwise than its replayed history."""
        stored, progress = self._stored, self._progress
        if progress is None:
            yield Finding(1, "there is no history")
            return
        step = progress.open_tasks[0].element if progress.open_tasks else ""
        pairs: list[tuple[str, object, object]] = [
            ("version", stored.version, self._steps),
            ("open task", stored.step, step),
            ("state of the diagram", stored.state, progress.state),
            ("lineage", stored.lineage_digest, self._lineage_digest),
            ("transfer", stored.transfer, progress.context.transfer),
        ]
        yield from _unequal(stored.last_seq, pairs)

    def _context(self, recorded: RecordedStep) -> Context:
        if self._progress is None:
            profile = surroundings.profile_of(recorded.event.record["profile"], self._deployment)
            return first_context(recorded, profile)
        known: Context = self._progress.context
        lineage = surroundings.lineage_of(self._lineage_digest)
        return replace(known, lineage=lineage, decision=recorded.decision)

    def _run(self, diagram: Diagram, context: Context) -> Progress:
        engine, before = self._deployment.engine, self._progress
        if before is None:
            return engine.start(diagram, facts={}, context=context)
        element = before.open_tasks[0].element if before.open_tasks else ""
        facts = {"decision": context.decision.action.value}
        return engine.complete(diagram, state=before.state, element=element, facts=facts, context=context)


def _decided(progress: Progress) -> Iterator[HopDecided]:
    for call in progress.calls:
        yield from (effect for effect in call.effects if isinstance(effect, HopDecided))


def _unequal(seq: int, pairs: list[tuple[str, object, object]]) -> Iterator[Finding]:
    for what, expected, found in pairs:
        if expected != found:
            yield Finding(seq, what, *_shortened(expected, found))


def _shortened(expected: object, found: object) -> tuple[str, str]:
    """Both values as text from where they begin to differ."""
    one, other = str(expected), str(found)
    at = next((n for n, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), 0)
    start = max(at - 20, 0)
    return one[start : start + 160], other[start : start + 160]
