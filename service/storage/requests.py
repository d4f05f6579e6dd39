"""Requests that were answered: the same key gets the same answer, and never a second effect."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from service.domain.errors import Refused
from service.domain.plain import canonical
from service.storage.columns import Id, Instant
from service.storage.db import db, execute

KEPT_DAYS = 30

table = sa.Table(
    "requests",
    db.metadata,
    sa.Column("account_id", Id, primary_key=True, autoincrement=False),
    sa.Column("key", sa.String(100), primary_key=True),
    sa.Column("body_digest", sa.String(64), nullable=False),
    sa.Column("status", sa.SmallInteger, nullable=False),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("transfer_id", Id),
    sa.Column("first_event", sa.Integer),
    sa.Column("last_event", sa.Integer),
    sa.Column("at", Instant, nullable=False, index=True),
)
_FIND = sa.select(table.c.body_digest, table.c.answer).where(
    table.c.account_id == sa.bindparam("account"), table.c.key == sa.bindparam("wanted")
)


def find(account_id: int, key: str, body_digest: str) -> Mapping[str, Any] | None:
    """The answer given before; refuses E_IDEMPOTENCY_REUSED when the key was used for another content."""
    row = execute(_FIND, {"account": account_id, "wanted": key}).first()
    if row is None:
        return None
    if row[0] != body_digest:
        raise Refused("E_IDEMPOTENCY_REUSED")
    return dict(json.loads(row[1]))


def record(
    account_id: int,
    key: str,
    body_digest: str,
    *,
    status: int,
    answer: Mapping[str, Any],
    transfer_id: int,
    events: tuple[int, int],
    at: datetime,
) -> None:
    """Keep an answer, in the transaction of the change it tells of."""
    execute(
        sa.insert(table).values(
            account_id=account_id,
            key=key,
            body_digest=body_digest,
            status=status,
            answer=canonical(dict(answer)),
            transfer_id=transfer_id,
            first_event=events[0],
            last_event=events[1],
            at=at,
        )
    )


def forget(now: datetime) -> int:
    """Drop what is older than 30 days and return how many."""
    return execute(sa.delete(table).where(table.c.at < now - timedelta(days=KEPT_DAYS))).rowcount
