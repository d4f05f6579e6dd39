"""Certificates of administrators, bound to accounts by their fingerprints (R-036)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from service.storage.columns import Id, Instant
from service.storage.db import db, execute, is_sqlite

table = sa.Table(
    "certificates",
    db.metadata,
    sa.Column("fingerprint", sa.String(64), primary_key=True),
    sa.Column("account_id", Id, sa.ForeignKey("accounts.id"), nullable=False, index=True),
    sa.Column("not_after", Instant, nullable=False, index=True),
    sa.Column("bound_by", Id, nullable=False),
    sa.Column("bound_at", Instant, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Bound:
    """A certificate of an account."""

    fingerprint: str
    account_id: int
    not_after: datetime
    bound_by: int
    bound_at: datetime


def bind(bound: Bound) -> bool:
    """Bind one; False when it is bound already."""
    values = {name: getattr(bound, name) for name in Bound.__dataclass_fields__}
    insert = (sqlite if is_sqlite() else postgresql).insert(table).values(**values)
    return execute(insert.on_conflict_do_nothing().returning(table.c.fingerprint)).first() is not None


def of_account(account_id: int) -> Sequence[Bound]:
    """The certificates of an account, the one that lasts longest first."""
    return _found(table.c.account_id == account_id)


def ending(*, after: datetime, until: datetime) -> Sequence[Bound]:
    """Those that end between these moments and have no successor that lasts longer."""
    later = table.alias()
    longer = sa.exists().where(later.c.account_id == table.c.account_id, later.c.not_after > until)
    return _found(sa.and_(table.c.not_after > after, table.c.not_after <= until, ~longer))


def remove(account_id: int, fingerprint: str) -> bool:
    """Release one; False when the account has no such certificate."""
    wanted = sa.and_(table.c.account_id == account_id, table.c.fingerprint == fingerprint)
    return execute(sa.delete(table).where(wanted)).rowcount == 1


def _found(condition: sa.ColumnElement[bool]) -> Sequence[Bound]:
    rows = execute(sa.select(table).where(condition).order_by(table.c.not_after.desc())).mappings()
    return [_bound(row) for row in rows]


def _bound(row: Mapping[Any, Any]) -> Bound:
    return Bound(**{name: row[name] for name in Bound.__dataclass_fields__})
