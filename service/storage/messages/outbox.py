"""What is to be told to the world after a change: written with the change, delivered by a worker, at least once."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from service.domain.plain import canonical
from service.storage.columns import Id, Instant
from service.storage.db import db, execute, is_sqlite
from service.storage.prepared import Prepared

MAX_ATTEMPTS = 20
LONGEST_PAUSE_SECONDS = 7200
CLAIM_SECONDS = 120
"""How long a worker may take for what it claimed; longer than a whole batch can last at the time-outs of the adapters."""

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
    # Set for those of which one receiver gets only so many an hour.
    sa.Column("receiver", sa.String(32)),
)
_DUE = sa.text("due_at IS NOT NULL")
sa.Index("ix_outbox_due", table.c.due_at, sqlite_where=_DUE, postgresql_where=_DUE)
_LIMITED = sa.text("receiver IS NOT NULL")
sa.Index("ix_outbox_sent", table.c.kind, table.c.delivered_at, sqlite_where=_LIMITED, postgresql_where=_LIMITED)


_ADD = Prepared(sa.insert(table).inline(), columns=("key", "kind", "payload", "created_at", "due_at"))


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to deliver; `key` lets the receiver drop a repeat. Payloads hold ids, never personal data."""

    key: str
    kind: str
    payload: Mapping[str, Any]
    id: int = 0
    attempts: int = 0
    receiver: str | None = None
    created_at: datetime | None = None


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
    _ADD.run_each(rows)


def add_once(messages: Iterable[Message], *, now: datetime) -> None:
    """Store messages that follow from others; one whose key is known already is passed over."""
    rows = [
        {
            "key": message.key,
            "kind": message.kind,
            "payload": canonical(dict(message.payload)),
            "created_at": now,
            "due_at": now,
            "receiver": message.receiver,
        }
        for message in messages
    ]
    if rows:
        insert = (sqlite if is_sqlite() else postgresql).insert(table)
        execute(insert.on_conflict_do_nothing(index_elements=["key"]), rows)


def kinds_due(now: datetime) -> frozenset[str]:
    """The kinds of which something is due; a look that takes no lock."""
    return frozenset(execute(sa.select(table.c.kind).where(table.c.due_at <= now).distinct()).scalars())


def claim(*, now: datetime, limit: int, kinds: Iterable[str] | None = None) -> Sequence[Message]:
    """Take due messages for this worker; should it die, they fall due again after two minutes."""
    found = due(now=now, limit=limit, kinds=kinds)
    if found:
        later = now + timedelta(seconds=CLAIM_SECONDS)
        taken = table.c.id.in_([message.id for message in found])
        execute(sa.update(table).where(taken).values(due_at=later, attempts=table.c.attempts + 1))
    return [replace(message, attempts=message.attempts + 1) for message in found]


def due(*, now: datetime, limit: int, kinds: Iterable[str] | None = None) -> Sequence[Message]:
    """Due messages, oldest first, locked until this change ends; those that another change holds are passed over."""
    query = sa.select(table).where(table.c.due_at <= now).order_by(table.c.due_at, table.c.id).limit(limit)
    if kinds is not None:
        query = query.where(table.c.kind.in_(list(kinds)))
    rows = execute(query if is_sqlite() else query.with_for_update(skip_locked=True)).mappings()
    return [_message(row) for row in rows]


def delivered(message_ids: Sequence[int], *, now: datetime) -> None:
    """Mark messages as delivered, in one statement."""
    if message_ids:
        condition = table.c.id.in_(message_ids)
        execute(sa.update(table).where(condition).values(delivered_at=now, due_at=None, last_error=None))


def failed(message: Message, *, error: str, now: datetime, is_final: bool = False) -> bool:
    """Plan the next attempt, later each time; answers whether the message is given up and waits for the operator."""
    dead = is_final or message.attempts >= MAX_ATTEMPTS
    pause = timedelta(seconds=min(LONGEST_PAUSE_SECONDS, 2**message.attempts))
    values = {"due_at": None if dead else now + pause, "last_error": error[:500], "attempts": message.attempts}
    execute(sa.update(table).where(table.c.id == message.id).values(**values))
    return dead


def postpone(message: Message, *, until: datetime) -> None:
    """Let a claimed message wait; that it was claimed does not count as an attempt."""
    values = {"due_at": until, "attempts": table.c.attempts - 1}
    execute(sa.update(table).where(table.c.id == message.id).values(values))


def sent_since(since: datetime, *, kind: str, receiver: str | None = None) -> int:
    """How many limited messages of a kind were delivered since then, in all or to one receiver."""
    query = sa.select(sa.func.count()).where(
        table.c.kind == kind, table.c.delivered_at > since, table.c.receiver.is_not(None)
    )
    if receiver is not None:
        query = query.where(table.c.receiver == receiver)
    return int(execute(query).scalar_one())


def forget_delivered(*, before: datetime) -> int:
    """Drop what was delivered before this moment; answers how many there were."""
    return int(execute(sa.delete(table).where(table.c.delivered_at < before)).rowcount)


def _message(row: Mapping[Any, Any]) -> Message:
    return Message(
        key=row["key"],
        kind=row["kind"],
        payload=json.loads(row["payload"]),
        id=row["id"],
        attempts=row["attempts"],
        receiver=row["receiver"],
        created_at=row["created_at"],
    )
