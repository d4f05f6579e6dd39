"""Browsers and programs that logged in to an account before: what strangers try does not count against them."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from service.storage.accounts import accounts
from service.storage.accounts.accounts import digest
from service.storage.columns import Id, Instant
from service.storage.db import db, execute

MOST = 10
"""Of one account; the one that was not seen for longest goes first."""

table = sa.Table(
    "known_devices",
    db.metadata,
    sa.Column("token_digest", sa.String(64), primary_key=True),
    sa.Column("account_id", Id, sa.ForeignKey("accounts.id"), nullable=False, index=True),
    sa.Column("seen_at", Instant, nullable=False),
)


def known(tokens: Collection[str], login_index: str) -> str | None:
    """The digest of the one among these tokens that belongs to the account of this name."""
    joined = table.join(accounts.table, accounts.table.c.id == table.c.account_id)
    query = sa.select(table.c.token_digest).select_from(joined).where(accounts.table.c.login_index == login_index)
    return execute(query.where(table.c.token_digest.in_([digest(each) for each in tokens]))).scalar()


def add(token: str, account_id: int, *, now: datetime) -> None:
    """Know a device from now on."""
    own = table.c.account_id == account_id
    kept = sa.select(table.c.token_digest).where(own).order_by(table.c.seen_at.desc()).limit(MOST - 1)
    execute(sa.delete(table).where(own, table.c.token_digest.not_in(kept)))
    execute(sa.insert(table).values(token_digest=digest(token), account_id=account_id, seen_at=now))


def seen(token_digest: str, *, now: datetime) -> None:
    """Note that it logged in again."""
    execute(sa.update(table).where(table.c.token_digest == token_digest).values(seen_at=now))


def forget_of(account_id: int) -> None:
    """Know no device of the account any more."""
    execute(sa.delete(table).where(table.c.account_id == account_id))


def forget_old(*, before: datetime) -> int:
    """Drop those that were not seen since then; answers how many there were."""
    return execute(sa.delete(table).where(table.c.seen_at < before)).rowcount
