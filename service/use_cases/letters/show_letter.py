"""A letter as its parties read it on the screen (R-090); each full display of an identity number is noted (R-038)."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.domain.accounts.actors import Actor
from service.domain.errors import Refused
from service.domain.letters.letters import LetterState
from service.domain.transfers import sight
from service.domain.transfers.actions import Action
from service.domain.transfers.context import Decision
from service.storage.db import reading, transaction
from service.storage.definitions import definitions
from service.storage.members import members
from service.storage.messages.outbox import Message, add
from service.storage.transfers import letters, transfers
from service.use_cases.deployment import Deployment
from service.use_cases.transfers import surroundings

_GOES_ON = frozenset({LetterState.DRAFT, LetterState.ISSUED, LetterState.RECEIPTED})


@dataclass(frozen=True, slots=True)
class LetterView:
    """The snapshot of a letter with its state; `return_reason` stands at its upper left (R-105).

    Empty on a letter that was put right and travels on under its number: its receivers are not told of an older return.

    `template` is the one the letter was issued with (R-172).
    """

    id: int
    transfer_id: int
    number: str
    state: str
    return_reason: str
    snapshot: Mapping[str, Any]
    template: bytes


def show_letter(letter_id: int, *, actor: Actor, now: datetime, deployment: Deployment) -> LetterView:
    """Show a letter; refuses E_NOT_FOUND for one of a transfer the actor cannot see."""
    with reading():
        letter = letters.get(letter_id)
        if letter is None:
            raise Refused("E_NOT_FOUND")
        stored = transfers.get(letter.transfer_id)
        sight.require_visible(surroundings.context_of(stored, Decision(Action.APPROVE), deployment), actor)
        person = members.by_id(stored.transfer.member_id, deployment.vault)
        assert person is not None  # noqa: S101 - the foreign key holds it
        reason = None if letter.state in _GOES_ON else letter.return_reason_sealed
        snapshot = deployment.vault.open(person.person_key, letter.snapshot_sealed)
        view = LetterView(
            id=letter.id,
            transfer_id=letter.transfer_id,
            number=letter.number,
            state=letter.state.value,
            return_reason=deployment.vault.open_text(person.person_key, reason) if reason else "",
            template=definitions.body(snapshot.pop("template")),
            snapshot=snapshot,
        )
    _note_display(view, actor, now)
    return view


def _note_display(view: LetterView, actor: Actor, now: datetime) -> None:
    key = f"display:{view.id}:{actor.account_id}:{secrets.token_hex(8)}"
    payload = {"letter": view.id, "transfer": view.transfer_id, "account": actor.account_id}
    with transaction():
        add((Message(key, "full_number_shown", payload),), now=now)
