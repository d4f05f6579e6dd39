"""Requests that were answered: the same key gets the same answer, and never a second effect."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from service.domain.errors import Refused
from service.domain.plain import canonical
from service.storage.columns import Id, Instant
from service.storage.db import db, execute, is_sqlite
from service.storage.prepared import Prepared

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
_FIND = Prepared(
    sa.select(table.c.body_digest, table.c.answer).where(
        table.c.account_id == sa.bindparam("account"), table.c.key == sa.bindparam("wanted")
    )
)
_RECORD = Prepared(sa.insert(table).inline(), columns=table.c.keys())

_ONE_AT_A_TIME = sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:wanted, :account))")


@dataclass(frozen=True, slots=True)
class Answered:
    """A request with the answer it got; the events are the first and the last that it caused, None outside transfers."""

    account_id: int
    key: str
    body_digest: str
    status: int
    answer: Mapping[str, Any]
    transfer_id: int | None
    first_event: int | None
    last_event: int | None
    at: datetime


def find(account_id: int, key: str, body_digest: str, *, is_locked: bool = False) -> Mapping[str, Any] | None:
    """The answer given before; refuses E_IDEMPOTENCY_REUSED when the key was used for another content.

    A request with the same key that is still under way is waited for; `is_locked` tells that the caller waited
    already, on the row that the request is about.
    """
    if not is_locked and not is_sqlite():
        # Two at once must not both find nothing; on SQLite the transaction itself lets only one in.
        execute(_ONE_AT_A_TIME, {"account": account_id, "wanted": key})
    row = _FIND.first({"account": account_id, "wanted": key})
    if row is None:
        return None
    if row["body_digest"] != body_digest:
        raise Refused("E_IDEMPOTENCY_REUSED")
    return dict(json.loads(row["answer"]))


def record(request: Answered) -> None:
    """Keep an answer, in the transaction of the change it tells of."""
    values = {name: getattr(request, name) for name in Answered.__dataclass_fields__}
    _RECORD.run({**values, "answer": canonical(dict(request.answer))})


def forget(now: datetime) -> int:
    """Drop what is older than 30 days and return how many."""
    return execute(sa.delete(table).where(table.c.at < now - timedelta(days=KEPT_DAYS))).rowcount
