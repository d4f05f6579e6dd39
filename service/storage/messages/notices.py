"""What an organisation or an account is told inside the service; it names things and holds no personal data (R-192)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from service.storage.columns import Id, Instant
from service.storage.db import db, execute, is_sqlite
from service.storage.transfers.transfers import table as transfers

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
    # What it follows from, and to whom: a worker that tells the same again tells nothing.
    sa.Column("key", sa.String(160)),
    sa.CheckConstraint("(org_id IS NULL) <> (account_id IS NULL)", name="ck_notices_one_receiver"),
)
_UNREAD = sa.text("read_at IS NULL")
sa.Index("ix_notices_org", table.c.org_id, table.c.id)
sa.Index("ix_notices_account", table.c.account_id, table.c.id)
sa.Index("uq_notices_key", table.c.key, unique=True)
sa.Index("ix_notices_unread_org", table.c.org_id, sqlite_where=_UNREAD, postgresql_where=_UNREAD)
sa.Index("ix_notices_unread_account", table.c.account_id, sqlite_where=_UNREAD, postgresql_where=_UNREAD)


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice, to an organisation or to an account, never to both; `key` None for one that may come again.

    `variety` is that of the transfer, for reading only.
    """

    kind: str
    transfer_id: int | None
    at: datetime
    org_id: int | None = None
    account_id: int | None = None
    read_at: datetime | None = None
    id: int = 0
    key: str | None = None
    variety: str | None = None


@dataclass(frozen=True, slots=True)
class Receiver:
    """Whose notices: those of an account, and of the organisation it acts for."""

    account_id: int
    org_id: int | None = None


_STORED = tuple(name for name in Notice.__dataclass_fields__ if name not in {"id", "variety"})


def add(notices: Iterable[Notice]) -> None:
    """Store notices in the transaction of the change they tell of; one whose key is known already is passed over."""
    rows = [{name: getattr(notice, name) for name in _STORED} for notice in notices]
    if rows:
        insert = (sqlite if is_sqlite() else postgresql).insert(table)
        execute(insert.on_conflict_do_nothing(index_elements=["key"]), rows)


def to_org(org_id: int, *, limit: int) -> Sequence[Notice]:
    """The latest notices to an organisation."""
    return _latest(table.c.org_id == org_id, limit, 0)


def to_account(account_id: int, *, limit: int) -> Sequence[Notice]:
    """The latest notices to an account."""
    return _latest(table.c.account_id == account_id, limit, 0)


def to_receiver(receiver: Receiver, *, limit: int, offset: int = 0) -> Sequence[Notice]:
    """One page of somebody's notices, the latest first."""
    return _latest(_of(receiver), limit, offset)


def count(receiver: Receiver, *, is_unread: bool = False) -> int:
    """How many notices somebody has, or has not read."""
    query = sa.select(sa.func.count()).select_from(table).where(_of(receiver))
    return int(execute(query.where(table.c.read_at.is_(None)) if is_unread else query).scalar_one())


def read(notice_id: int, *, now: datetime) -> None:
    """Mark a notice as read; the first time counts."""
    execute(sa.update(table).where(table.c.id == notice_id, table.c.read_at.is_(None)).values(read_at=now))


def read_by(receiver: Receiver, *, ids: Collection[int] | None, until: int | None, now: datetime) -> int:
    """Mark notices of this receiver as read: these, or all up to one; answers how many were unread."""
    query = sa.update(table).where(_of(receiver), table.c.read_at.is_(None))
    if ids is not None:
        query = query.where(table.c.id.in_(list(ids)))
    if until is not None:
        query = query.where(table.c.id <= until)
    return int(execute(query.values(read_at=now)).rowcount)


def forget_read(*, before: datetime) -> int:
    """Drop what was read before this moment; answers how many there were."""
    return int(execute(sa.delete(table).where(table.c.read_at < before)).rowcount)


def _of(receiver: Receiver) -> sa.ColumnElement[bool]:
    own = table.c.account_id == receiver.account_id
    return own if receiver.org_id is None else sa.or_(own, table.c.org_id == receiver.org_id)


def _latest(condition: sa.ColumnElement[bool], limit: int, offset: int) -> Sequence[Notice]:
    query = (
        sa.select(table, transfers.c.variety)
        .select_from(table.outerjoin(transfers, transfers.c.id == table.c.transfer_id))
        .where(condition)
        .order_by(table.c.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return [_notice(row) for row in execute(query).mappings()]


def _notice(row: Mapping[Any, Any]) -> Notice:
    return Notice(**{name: row[name] for name in Notice.__dataclass_fields__})
