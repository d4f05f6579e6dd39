"""The transfer whose files somebody asks for, with what is known of him in it."""

from dataclasses import dataclass

from service.domain.accounts.actors import Actor
from service.domain.transfers import judging, sight
from service.domain.transfers.actions import Action
from service.domain.transfers.context import Context, Decision
from service.storage.members import members
from service.storage.transfers import transfers
from service.storage.transfers.transfer_rows import Stored
from service.use_cases.deployment import Deployment
from service.use_cases.transfers import surroundings


@dataclass(frozen=True, slots=True)
class Seen:
    """A transfer in the sight of an actor who is a party of it; `owner` is the member's wrapped key."""

    stored: Stored
    context: Context
    owner: bytes
    holds: bool


def seen_transfer(transfer_id: int, *, actor: Actor, deployment: Deployment, locked: bool = False) -> Seen:
    """Find the transfer, inside a change or a reading; refuses E_NOT_FOUND, E_FORBIDDEN (R-197)."""
    stored = transfers.lock(transfer_id) if locked else transfers.get(transfer_id)
    context = surroundings.context_of(stored, Decision(Action.APPROVE), deployment)
    sight.require_party(context, actor)
    person = members.by_id(stored.transfer.member_id, deployment.vault)
    assert person is not None  # noqa: S101 - the foreign key holds it
    is_open = not stored.transfer.state.is_final
    return Seen(stored, context, person.person_key, is_open and judging.is_holder(context, actor))
