"""Messages that were given up: shown to the system administrator, sent again when he says so (R-049, R-194)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from service.domain.accounts.actors import Actor
from service.domain.accounts.roles import Role
from service.domain.errors import Refused
from service.storage import audit
from service.storage.db import reading, transaction
from service.storage.messages import dead_messages
from service.storage.messages.dead_messages import DeadMessage


@dataclass(frozen=True, slots=True)
class DeadPage:
    """One page of them; pages count from 1."""

    items: Sequence[DeadMessage]
    total: int
    page: int
    per_page: int


def list_dead(*, page: int = 1, per_page: int = 50) -> DeadPage:
    """One page, the oldest first; refuses E_QUERY_INVALID for an impossible page."""
    if page < 1 or per_page < 1:
        raise Refused("E_QUERY_INVALID", field="page")
    with reading():
        found = dead_messages.page(limit=per_page, offset=(page - 1) * per_page)
        return DeadPage(found, dead_messages.count(), page, per_page)


def resend_dead(message_ids: Collection[int] | None, *, now: datetime, actor: Actor | None = None) -> int:
    """Let these, or all, go out again; answers how many there were. `actor` None is the operator at the machine.

    Refuses E_FORBIDDEN to everybody but the system administrator.
    """
    if actor is not None:
        require_operator(actor)
    with transaction():
        number = dead_messages.resend(message_ids, now=now)
        if number:
            after = {"messages": "all" if message_ids is None else sorted(message_ids), "number": number}
            audit.append("resend_messages", subject=audit.Subject("outbox", "dead"), actor=actor, now=now, after=after)
        return number


def require_operator(actor: Actor) -> None:
    """Refuse E_FORBIDDEN to everybody but the system administrator."""
    if actor.role is not Role.SYSTEM_ADMIN:
        raise Refused("E_FORBIDDEN")
