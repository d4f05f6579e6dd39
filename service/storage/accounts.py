"""Accounts, the roles granted to them, and their sessions on the server (requirements 2.3, R-021, R-024)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from service.domain.roles import Role
from service.storage import grants, organisations
from service.storage.columns import Id, Instant
from service.storage.db import db, execute, is_sqlite
from service.storage.prepared import Prepared

table = sa.Table(
    "accounts",
    db.metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=True),
    sa.Column("login_index", sa.String(64), nullable=False, unique=True),
    sa.Column("member_id", Id, sa.ForeignKey("members.id"), index=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("password_hash", sa.Text),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("phone_sealed", sa.LargeBinary),
    sa.Column("phone_index", sa.String(64)),
)
# One number activates one regular account; a virtual one may share it.
_REGULAR = sa.text("phone_index IS NOT NULL AND member_id IS NOT NULL")
sa.Index("uq_accounts_phone", table.c.phone_index, unique=True, sqlite_where=_REGULAR, postgresql_where=_REGULAR)
sessions = sa.Table(
    "sessions",
    db.metadata,
    sa.Column("token_digest", sa.String(64), primary_key=True),
    sa.Column("account_id", Id, sa.ForeignKey("accounts.id"), nullable=False, index=True),
    sa.Column("grant_id", Id, sa.ForeignKey("role_grants.id")),
    sa.Column("csrf", sa.String(64), nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("seen_at", Instant, nullable=False),
)
failures = sa.Table(
    "login_failures",
    db.metadata,
    sa.Column("subject", sa.String(80), primary_key=True),
    sa.Column("failed", sa.Integer, nullable=False),
    sa.Column("since", Instant, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Account:
    """An account; `member_id` is None for one that is not a person's (R-031), `has_phone` tells of a bound telephone."""

    id: int
    name: str
    member_id: int | None
    password_hash: str | None
    status: str = "ACTIVE"
    has_phone: bool = False


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A session with its account; `grant_id` is the acting role, None when it is the member himself.

    `valid_until` is the last day of that role.
    """

    account: Account
    grant_id: int | None
    csrf: str
    created_at: datetime
    seen_at: datetime
    valid_until: date | None = None


def add(*, login_index: str, name: str, password_hash: str | None, member_id: int | None = None) -> int:
    """Store a new account and return its key."""
    values = {"login_index": login_index, "name": name, "password_hash": password_hash, "member_id": member_id}
    result = execute(sa.insert(table).values(**values, status="ACTIVE"))
    return int(result.inserted_primary_key[0])  # type: ignore[index]


def by_login(login_index: str) -> Account | None:
    """The account with this login name, by its keyed index."""
    return _one(table.c.login_index == login_index)


def by_id(account_id: int) -> Account | None:
    """One account."""
    return _one(table.c.id == account_id)


def of_member(member_id: int) -> Account | None:
    """The account of a member; a closed one only when there is no other."""
    return _one(table.c.member_id == member_id)


def open_session(token: str, *, account_id: int, grant_id: int | None, csrf: str, now: datetime) -> None:
    """Store a new session under the digest of its token."""
    values = {"account_id": account_id, "grant_id": grant_id, "csrf": csrf, "created_at": now, "seen_at": now}
    execute(sa.insert(sessions).values(token_digest=_digest(token), **values))


_SESSION = Prepared(
    sa.select(
        sessions.c.grant_id,
        sessions.c.csrf,
        sessions.c.created_at,
        sessions.c.seen_at,
        table.c.id,
        table.c.name,
        table.c.member_id,
        table.c.status,
        grants.table.c.role,
        grants.table.c.valid_until,
        organisations.table.c.code,
    )
    .select_from(
        sessions.join(table, table.c.id == sessions.c.account_id)
        .outerjoin(grants.table, grants.table.c.id == sessions.c.grant_id)
        .outerjoin(organisations.table, organisations.table.c.id == grants.table.c.org_id)
    )
    .where(sessions.c.token_digest == sa.bindparam("digest"))
)


def session(token: str) -> tuple[StoredSession, Role | None, str | None] | None:
    """A session with the acting role and the code of its organisation."""
    row = _SESSION.first({"digest": _digest(token)})
    if row is None:
        return None
    account = Account(row["id"], row["name"], row["member_id"], None, row["status"])
    stored = StoredSession(account, row["grant_id"], row["csrf"], row["created_at"], row["seen_at"], row["valid_until"])
    return stored, Role(row["role"]) if row["role"] else None, row["code"]


def seen(token: str, *, now: datetime) -> None:
    """Note that the session was used."""
    execute(sa.update(sessions).where(sessions.c.token_digest == _digest(token)).values(seen_at=now))


def close_session(token: str) -> None:
    """End a session for good."""
    execute(sa.delete(sessions).where(sessions.c.token_digest == _digest(token)))


def close_sessions_of(grant_id: int) -> None:
    """End all sessions that act in a grant."""
    execute(sa.delete(sessions).where(sessions.c.grant_id == grant_id))


def forget_sessions(*, before: datetime) -> int:
    """Drop sessions that were opened before this moment; answers how many there were."""
    return execute(sa.delete(sessions).where(sessions.c.created_at < before)).rowcount


def forget_old_failures(*, before: datetime) -> int:
    """Drop counts of failures that began before this moment; answers how many there were."""
    return execute(sa.delete(failures).where(failures.c.since < before)).rowcount


def count_attempt(subject: str, *, now: datetime, window: timedelta) -> int:
    """Count one more attempt to log in to this account or from this address, and tell how many the window has seen.

    One statement: of several attempts at once each gets a number of its own.
    """
    is_old = failures.c.since < now - window
    values = {"subject": subject, "failed": 1, "since": now}
    insert = (sqlite if is_sqlite() else postgresql).insert(failures).values(**values)
    again = {
        "failed": sa.case((is_old, 1), else_=failures.c.failed + 1),
        "since": sa.case((is_old, insert.excluded.since), else_=failures.c.since),
    }
    counted = insert.on_conflict_do_update(index_elements=["subject"], set_=again).returning(failures.c.failed)
    return int(execute(counted).scalar_one())


def uncount_attempt(subject: str) -> None:
    """Take back one attempt, which was no failure."""
    query = sa.update(failures).where(failures.c.subject == subject, failures.c.failed > 0)
    execute(query.values(failed=failures.c.failed - 1))


def forget_failures(subject: str) -> None:
    """Forget the failures after a log-in that succeeded."""
    execute(sa.delete(failures).where(failures.c.subject == subject))


def count() -> int:
    """How many accounts are stored."""
    return int(execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def _one(condition: sa.ColumnElement[bool]) -> Account | None:
    row: Mapping[Any, Any] | None = (
        execute(sa.select(table).where(condition).order_by(table.c.status, table.c.id)).mappings().first()
    )
    if row is None:
        return None
    return Account(
        row["id"], row["name"], row["member_id"], row["password_hash"], row["status"], row["phone_index"] is not None
    )


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
