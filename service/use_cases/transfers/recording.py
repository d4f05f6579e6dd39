"""Writes one change of a transfer: effects, history, the transfer itself, the answer to the request.

The order is that of the five gestures' fourth, record: whatever fails here undoes the whole change.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from service.domain.accounts.actors import Actor
from service.domain.plain import plain
from service.domain.routes.hops import APPLICATION, HopState
from service.domain.transfers import effects
from service.domain.transfers.actions import Action
from service.engine.progress import Call, Progress
from service.storage.db import together
from service.storage.members.members import Person
from service.storage.transfers import history, requests, transfers
from service.storage.transfers.history import Event
from service.storage.transfers.requests import Answered
from service.storage.transfers.transfer_rows import Stored
from service.use_cases.deadlines.next_deadlines import next_deadlines
from service.use_cases.deployment import Deployment
from service.use_cases.transfers.answer import Answer, answer_of
from service.use_cases.transfers.performing import Performer

CREATED = 201
DONE = 200
AUTOMATIC = {
    HopState.AUTO_APPROVED: "auto_approve",
    HopState.AUTO_FILLED: "auto_fill",
    HopState.RETURNED: "return_through",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One change as it is to be recorded.

    `before` is the transfer as it lay in the database, `progress` what the engine made of it, `explained` what
    history keeps in plain text besides the calls, `told` what it keeps under the member's key.
    """

    before: Stored
    progress: Progress
    action: Action
    actor: Actor
    person: Person
    application: Mapping[str, Any]
    explained: Mapping[str, Any]
    told: Mapping[str, Any]
    lineage_digest: str
    key: str
    body_digest: str
    now: datetime


def record(change: Change, *, deployment: Deployment) -> Answer:
    """Store the change and return the answer to it."""
    performer = _perform(change, deployment)
    after = _after(change, performer, deployment)
    events = [*_events(change, after, performer, deployment)]
    with together():
        performer.finish()
        seq, last_hash = history.append(events, last_seq=change.before.last_seq, last_hash=change.before.last_hash)
        after = replace(after, last_seq=seq, last_hash=last_hash)
        answer = _answer(change, after, performer)
        requests.record(_answered(change, after, answer))
    transfers.save(after, before=change.before)
    return answer


def _answer(change: Change, after: Stored, performer: Performer) -> Answer:
    numbers = performer.numbers
    letter_no = numbers.get(_decided(change.before, after)) or next(iter(numbers.values()), None)
    return answer_of(after.transfer, transfer_id=after.id, version=after.version, step=after.step, letter_no=letter_no)


def _answered(change: Change, after: Stored, answer: Answer) -> Answered:
    return Answered(
        account_id=change.actor.account_id,
        key=change.key,
        body_digest=change.body_digest,
        status=DONE if change.before.version else CREATED,
        answer=answer.plain(),
        transfer_id=after.id,
        first_event=change.before.last_seq + 1,
        last_event=after.last_seq,
        at=change.now,
    )


def _perform(change: Change, deployment: Deployment) -> Performer:
    before = change.before
    performer = Performer(
        transfer_id=before.id,
        context=change.progress.context,
        person=change.person,
        application=change.application,
        vault=deployment.vault,
        now=change.now,
        letter_id=before.letter_id,
        valid_until=before.valid_until,
        reason=str(change.told.get("reason") or ""),
        key=f"transfer:{before.id}:{before.version + 1}",
        template_digest=deployment.catalogue.letter_template_digest,
    )
    for call in change.progress.calls:
        for effect in call.effects:
            performer.perform(effect)
    return performer


def _after(change: Change, performer: Performer, deployment: Deployment) -> Stored:
    before, transfer = change.before, change.progress.context.transfer
    step = change.progress.open_tasks[0].element if change.progress.open_tasks else ""
    if step and step != transfer.hop.step:
        # The diagram would stand elsewhere than the route: a fault of the diagram, not of the user.
        raise RuntimeError(f"the diagram waits at {step}, the route at {transfer.hop.step}")
    moved = step != before.step or transfer.position != before.transfer.position
    sealed = before.application_sealed
    if change.application:
        sealed = deployment.vault.seal(change.person.person_key, change.application)
    opened_at = change.now if moved else before.opened_at
    deadlines = next_deadlines(
        before,
        change.progress.context,
        opened_at=opened_at,
        valid_until=performer.valid_until,
        now=change.now,
    )
    return replace(
        before,
        version=before.version + 1,
        transfer=transfer,
        step=step,
        state=change.progress.state,
        lineage_digest=change.lineage_digest,
        opened_at=opened_at,
        due_at=deadlines.due_at,
        timer_at=deadlines.next_at,
        application_sealed=sealed,
        letter_id=performer.letter_id,
        valid_until=performer.valid_until,
        last_account_id=change.actor.account_id,
        last_decided_at=change.now,
        last_position=before.transfer.position,
        finished_at=change.now if transfer.state.is_final else None,
    )


def _events(change: Change, after: Stored, performer: Performer, deployment: Deployment) -> Iterator[Event]:
    before, actor = change.before, change.actor
    position = _decided(before, after)
    told = {name: value for name, value in change.told.items() if value not in (None, "", [])}
    main = Event(
        transfer_id=before.id,
        at=change.now,
        account_id=actor.account_id,
        role=actor.role.value,
        acting_org=actor.org.code if actor.org else None,
        action=change.action.value,
        position=position,
        from_state=before.transfer.state.value,
        to_state=after.transfer.state.value,
        diagram_digest=before.diagram_digest,
        record={
            "calls": [_call(call) for call in change.progress.calls],
            "path": list(change.progress.path),
            "lineage": change.lineage_digest,
            "profile": before.profile_digest,
            **change.explained,
        },
        sealed=deployment.vault.seal(change.person.person_key, told) if told else None,
        letter_no=performer.numbers.get(position),
    )
    yield main
    for effect in (effect for call in change.progress.calls for effect in call.effects):
        if isinstance(effect, effects.HopDecided) and effect.state in AUTOMATIC and effect.position != position:
            hop = after.transfer.hops[effect.position]
            yield replace(
                main,
                acting_org=hop.code,
                action=AUTOMATIC[effect.state],
                position=effect.position,
                from_state=after.transfer.state.value,
                record={"by": "system"} | _on_behalf(effect.state, actor),
                sealed=None,
                letter_no=performer.numbers.get(effect.position),
                is_automatic=True,
            )


def _on_behalf(state: HopState, actor: Actor) -> dict[str, str]:
    """For whom the system filled a step in: who starts above it, or receives above it (4.4 step 6, R-120)."""
    return {"on_behalf_of": actor.org.code} if state is HopState.AUTO_FILLED and actor.org else {}


def _decided(before: Stored, after: Stored) -> int:
    """Which hop the decision was about; at the start the starter's own, which may have filled-in hops before it."""
    if before.transfer.position >= 0:
        return before.transfer.position
    return next((n for n, hop in enumerate(after.transfer.hops) if hop.role in APPLICATION), 0)


def _call(call: Call) -> dict[str, Any]:
    return {
        "name": call.name,
        "arguments": plain(dict(call.arguments)),
        "context": call.context_digest,
        "facts": plain(dict(call.facts)),
        "effects": [{"effect": type(effect).__name__, "values": plain(effect)} for effect in call.effects],
    }
