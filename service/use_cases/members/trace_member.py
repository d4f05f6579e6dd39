"""Where a member went, for those who had him: by a transfer that they may see anyway (R-039, R-197)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from service.domain.accounts.actors import Actor
from service.domain.organisations import tree
from service.domain.transfers import sight
from service.domain.transfers.actions import Action
from service.domain.transfers.context import Context, Decision
from service.storage.db import reading
from service.storage.members import members
from service.storage.transfers import all_transfers, transfers
from service.storage.transfers.transfer_rows import Stored
from service.use_cases.deployment import Deployment
from service.use_cases.transfers import surroundings


@dataclass(frozen=True, slots=True)
class Departure:
    """The transfer by which he left the acting organisation, and what it says: from where, to where, since when."""

    transfer_id: int
    name: str
    origin: str
    target: str
    at: datetime


def trace_member(member_id: int, *, actor: Actor, deployment: Deployment) -> Departure | None:
    """The last transfer that took him away from the acting organisation or from below it; None where there is none."""
    with reading():
        person = members.by_id(member_id, deployment.vault)
        if person is None or not actor.decides_for_org:
            return None
        for stored, context in _last_transfers(member_id, deployment):
            if _took_away(context, actor) and sight.is_visible(context, actor):
                return _departure(stored, person.member.name)
    return None


def _last_transfers(member_id: int, deployment: Deployment) -> Iterator[tuple[Stored, Context]]:
    for key in all_transfers.completed_of(member_id):
        stored = transfers.get(key)
        yield stored, surroundings.context_of(stored, Decision(Action.APPROVE), deployment)


def _took_away(context: Context, actor: Actor) -> bool:
    """Whether he was one of theirs before it and none after it."""
    lineage = context.lineage
    placed = context.transfer.branch or context.transfer.target.org
    after = lineage.chain(placed.code) if placed else ()
    assert actor.org is not None  # noqa: S101 - whoever decides does so for an organisation
    return tree.contains(lineage.origin or (), actor.org) and not tree.contains(after, actor.org)


def _departure(stored: Stored, name: str) -> Departure:
    transfer = stored.transfer
    target = transfer.branch or transfer.target
    origin = transfer.origin.name if transfer.origin else ""
    return Departure(stored.id, name, origin, target.name, stored.finished_at or stored.opened_at)
