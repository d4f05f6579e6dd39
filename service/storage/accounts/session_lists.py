"""The sessions of an account, for its holder to see and to end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from service.storage.accounts import grants
from service.storage.accounts.accounts import digest, sessions
from service.storage.db import execute
from service.storage.organisations import organisations


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One session; `key` names it without opening it."""

    key: str
    agent: str
    created_at: datetime
    seen_at: datetime
    role: str | None
    org_name: str | None


def of_account(account_id: int, *, seen_since: datetime, created_since: datetime) -> Sequence[OpenSession]:
    """The sessions of an account that still open something, the one used last first."""
    joined = sessions.outerjoin(grants.table, grants.table.c.id == sessions.c.grant_id).outerjoin(
        organisations.table, organisations.table.c.id == grants.table.c.org_id
    )
    columns = (sessions.c.token_digest, sessions.c.agent, sessions.c.created_at, sessions.c.seen_at)
    query = (
        sa.select(*columns, grants.table.c.role, organisations.table.c.name)
        .select_from(joined)
        .where(sessions.c.account_id == account_id)
        .where(sessions.c.seen_at >= seen_since, sessions.c.created_at >= created_since)
        .order_by(sessions.c.seen_at.desc(), sessions.c.token_digest)
    )
    return [OpenSession(*row) for row in execute(query)]


def key_of(token: str) -> str:
    """By what the session of a token is named."""
    return digest(token)


def end(account_id: int, key: str) -> bool:
    """End one session; False when the account has no such session."""
    wanted = sa.and_(sessions.c.account_id == account_id, sessions.c.token_digest == key)
    return execute(sa.delete(sessions).where(wanted)).rowcount == 1


def end_others(account_id: int, *, keep: str = "") -> int:
    """End all sessions of an account but the one of this key; answers how many there were."""
    wanted = sa.and_(sessions.c.account_id == account_id, sessions.c.token_digest != keep)
    return execute(sa.delete(sessions).where(wanted)).rowcount
