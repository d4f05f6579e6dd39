"""Messages that were given up: shown to the system administrator, sent again when he says so (R-049, R-194)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from service.domain.actors import Actor
from service.domain.errors import Refused
from service.domain.roles import Role
from service.storage import dead_messages
from service.storage.db import reading, transaction
from service.storage.dead_messages import DeadMessage


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


def resend_dead(message_ids: Collection[int] | None, *, now: datetime) -> int:
    """Let these, or all, go out again; answers how many there were."""
    with transaction():
        return dead_messages.resend(message_ids, now=now)


def require_operator(actor: Actor) -> None:
    """Refuse E_FORBIDDEN to everybody but the system administrator."""
    if actor.role is not Role.SYSTEM_ADMIN:
        raise Refused("E_FORBIDDEN")
