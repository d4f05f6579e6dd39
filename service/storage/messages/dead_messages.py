"""Messages that were given up: listed for the operator, sent again when he says so (R-049, R-194)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from service.storage.db import execute
from service.storage.messages.outbox import table

_DEAD = sa.and_(table.c.due_at.is_(None), table.c.delivered_at.is_(None))


@dataclass(frozen=True, slots=True)
class DeadMessage:
    """One message that was given up, and what its last attempt said."""

    id: int
    key: str
    kind: str
    created_at: datetime
    attempts: int
    last_error: str


def count() -> int:
    """How many messages were given up."""
    return int(execute(sa.select(sa.func.count()).select_from(table).where(_DEAD)).scalar_one())


def page(*, limit: int, offset: int = 0) -> Sequence[DeadMessage]:
    """Some of them, the oldest first."""
    names = tuple(DeadMessage.__dataclass_fields__)
    query = sa.select(*(table.c[name] for name in names)).where(_DEAD).order_by(table.c.id)
    rows = execute(query.limit(limit).offset(offset)).mappings()
    return [DeadMessage(**{**row, "last_error": row["last_error"] or ""}) for row in rows]


def resend(message_ids: Collection[int] | None, *, now: datetime) -> int:
    """Let these, or all, be due again with all their attempts before them; answers how many there were."""
    query = sa.update(table).where(_DEAD)
    if message_ids is not None:
        query = query.where(table.c.id.in_(list(message_ids)))
    return int(execute(query.values(due_at=now, attempts=0)).rowcount)
