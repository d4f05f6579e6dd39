"""What is to be told to the world after a change: written with the change, delivered by a worker, at least once."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from service.domain.plain import canonical
from service.storage.columns import Id, Instant
from service.storage.db import db, execute, is_sqlite

MAX_ATTEMPTS = 10
CLAIM_SECONDS = 60

table = sa.Table(
    "outbox",
    db.metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=True),
    sa.Column("key", sa.String(100), nullable=False, unique=True),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("payload", sa.Text, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("due_at", Instant),
    sa.Column("attempts", sa.SmallInteger, nullable=False, server_default="0"),
    sa.Column("delivered_at", Instant),
    sa.Column("last_error", sa.Text),
)
_DUE = sa.text("due_at IS NOT NULL")
sa.Index("ix_outbox_due", table.c.due_at, sqlite_where=_DUE, postgresql_where=_DUE)


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to deliver; `key` lets the receiver drop a repeat. Payloads hold ids, never personal data."""

    key: str
    kind: str
    payload: Mapping[str, Any]
    id: int = 0
    attempts: int = 0


def add(messages: Iterable[Message], *, now: datetime) -> None:
    """Store messages in the transaction of the change they tell of."""
    rows = [
        {
            "key": message.key,
            "kind": message.kind,
            "payload": canonical(dict(message.payload)),
            "created_at": now,
            "due_at": now,
        }
        for message in messages
    ]
    if rows:
        execute(sa.insert(table).inline(), rows)


def claim(*, now: datetime, limit: int) -> Sequence[Message]:
    """Take due messages for this worker; should it die, they fall due again after a minute."""
    query = sa.select(table).where(table.c.due_at <= now).order_by(table.c.due_at).limit(limit)
    rows = execute(query if is_sqlite() else query.with_for_update(skip_locked=True)).mappings().all()
    ids = [row["id"] for row in rows]
    if ids:
        later = now + timedelta(seconds=CLAIM_SECONDS)
        execute(sa.update(table).where(table.c.id.in_(ids)).values(due_at=later, attempts=table.c.attempts + 1))
    return [
        Message(row["key"], row["kind"], json.loads(row["payload"]), row["id"], row["attempts"] + 1) for row in rows
    ]


def delivered(message_ids: Sequence[int], *, now: datetime) -> None:
    """Mark messages as delivered, in one statement."""
    if message_ids:
        condition = table.c.id.in_(message_ids)
        execute(sa.update(table).where(condition).values(delivered_at=now, due_at=None, last_error=None))


def failed(message: Message, *, error: str, now: datetime) -> None:
    """Plan the next attempt, later each time; after the last one the message is dead and waits for the operator."""
    dead = message.attempts >= MAX_ATTEMPTS
    due = None if dead else now + timedelta(seconds=min(3600, 2**message.attempts))
    execute(sa.update(table).where(table.c.id == message.id).values(due_at=due, last_error=error[:500]))


def dead() -> int:
    """How many messages were given up."""
    condition = sa.and_(table.c.due_at.is_(None), table.c.delivered_at.is_(None))
    return int(execute(sa.select(sa.func.count()).where(condition)).scalar_one())
