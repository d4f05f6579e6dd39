"""What an organisation or an account is told inside the service; it names things and holds no personal data (R-192)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from service.storage.columns import Id, Instant
from service.storage.db import db, execute

table = sa.Table(
    "notices",
    db.metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=True),
    sa.Column("org_id", Id, sa.ForeignKey("organisations.id")),
    sa.Column("account_id", Id, sa.ForeignKey("accounts.id")),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("transfer_id", Id, sa.ForeignKey("transfers.id")),
    sa.Column("at", Instant, nullable=False),
    sa.Column("read_at", Instant),
    sa.CheckConstraint("(org_id IS NULL) <> (account_id IS NULL)", name="ck_notices_one_receiver"),
)
sa.Index("ix_notices_org", table.c.org_id, table.c.id)
sa.Index("ix_notices_account", table.c.account_id, table.c.id)


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice, to an organisation or to an account, never to both."""

    kind: str
    transfer_id: int | None
    at: datetime
    org_id: int | None = None
    account_id: int | None = None
    read_at: datetime | None = None
    id: int = 0


def add(notices: Iterable[Notice]) -> None:
    """Store notices in the transaction of the change they tell of."""
    names = [name for name in Notice.__dataclass_fields__ if name != "id"]
    rows = [{name: getattr(notice, name) for name in names} for notice in notices]
    if rows:
        execute(sa.insert(table), rows)


def to_org(org_id: int, *, limit: int) -> Sequence[Notice]:
    """The latest notices to an organisation."""
    return _latest(table.c.org_id == org_id, limit)


def to_account(account_id: int, *, limit: int) -> Sequence[Notice]:
    """The latest notices to an account."""
    return _latest(table.c.account_id == account_id, limit)


def read(notice_id: int, *, now: datetime) -> None:
    """Mark a notice as read; the first time counts."""
    execute(sa.update(table).where(table.c.id == notice_id, table.c.read_at.is_(None)).values(read_at=now))


def _latest(condition: sa.ColumnElement[bool], limit: int) -> Sequence[Notice]:
    query = sa.select(table).where(condition).order_by(table.c.id.desc()).limit(limit)
    return [_notice(row) for row in execute(query).mappings()]


def _notice(row: Mapping[Any, Any]) -> Notice:
    return Notice(**{name: row[name] for name in Notice.__dataclass_fields__})
