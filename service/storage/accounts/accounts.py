"""Accounts, the roles granted to them, and their sessions on the server (requirements 2.3, R-021, R-024)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from service.domain.accounts.passwords import PasswordKind
from service.domain.accounts.roles import Role
from service.storage.accounts import grants
from service.storage.columns import Id, Instant
from service.storage.db import db, execute
from service.storage.organisations import organisations
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
    # The bound telephone; `contact` is one that was only told to us, for the authorisation code.
    sa.Column("phone_sealed", sa.LargeBinary),
    sa.Column("phone_index", sa.String(64)),
    sa.Column("contact_sealed", sa.LargeBinary),
    sa.Column("password_kind", sa.String(8), nullable=False, server_default="OWN"),
    sa.Column("activated_at", Instant),
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
    sa.Column("awaits", sa.String(16)),
    sa.Column("certificate", sa.String(64)),
    sa.Column("agent", sa.Text, nullable=False, server_default=""),
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
    password_kind: PasswordKind = PasswordKind.OWN
    activated_at: datetime | None = None


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
    awaits: str | None = None
    certificate: str | None = None
    agent: str = ""


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session as it is to be stored; `awaits` is what is still to be done before it opens anything."""

    account_id: int
    grant_id: int | None
    csrf: str
    agent: str = ""
    awaits: str | None = None
    certificate: str | None = None


def add(
    *,
    login_index: str,
    name: str,
    password_hash: str | None,
    member_id: int | None = None,
    password_kind: PasswordKind = PasswordKind.OWN,
) -> int:
    """Store a new account and return its key."""
    values = {"login_index": login_index, "name": name, "password_hash": password_hash, "member_id": member_id}
    result = execute(sa.insert(table).values(**values, status="ACTIVE", password_kind=password_kind.value))
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


def set_password(account_id: int, password_hash: str | None, kind: PasswordKind) -> None:
    """Replace the password; without a hash it is the initial one, or there is none (`PasswordKind`)."""
    values = {"password_hash": password_hash, "password_kind": kind.value}
    execute(sa.update(table).where(table.c.id == account_id).values(**values))


def activate(account_id: int, *, now: datetime) -> None:
    """Note that the account was opened for use by somebody who may."""
    execute(sa.update(table).where(table.c.id == account_id).values(activated_at=now))


def open_session(token: str, new: NewSession, *, now: datetime) -> None:
    """Store a new session under the digest of its token."""
    values = {name: getattr(new, name) for name in NewSession.__dataclass_fields__}
    execute(sa.insert(sessions).values(token_digest=digest(token), created_at=now, seen_at=now, **values))


_SESSION = Prepared(
    sa.select(
        sessions.c.grant_id,
        sessions.c.csrf,
        sessions.c.created_at,
        sessions.c.seen_at,
        sessions.c.awaits,
        sessions.c.certificate,
        sessions.c.agent,
        table.c.id,
        table.c.name,
        table.c.member_id,
        table.c.status,
        table.c.password_kind,
        table.c.activated_at,
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
    row = _SESSION.first({"digest": digest(token)})
    if row is None:
        return None
    kind = PasswordKind(row["password_kind"])
    account = Account(
        row["id"], row["name"], row["member_id"], None, row["status"],
        password_kind=kind, activated_at=row["activated_at"],
    )  # fmt: skip
    stored = StoredSession(
        account, row["grant_id"], row["csrf"], row["created_at"], row["seen_at"], row["valid_until"],
        row["awaits"], row["certificate"], row["agent"],
    )  # fmt: skip
    return stored, Role(row["role"]) if row["role"] else None, row["code"]


def seen(token: str, *, now: datetime) -> None:
    """Note that the session was used."""
    execute(sa.update(sessions).where(sessions.c.token_digest == digest(token)).values(seen_at=now))


def close_session(token: str) -> None:
    """End a session for good."""
    execute(sa.delete(sessions).where(sessions.c.token_digest == digest(token)))


def close_session_of_digest(token_digest: str) -> None:
    """End a session for good that is known by its digest."""
    execute(sa.delete(sessions).where(sessions.c.token_digest == token_digest))


def close_sessions_with(certificate: str) -> None:
    """End all sessions that were opened with a certificate."""
    execute(sa.delete(sessions).where(sessions.c.certificate == certificate))


def close_sessions_of(grant_id: int) -> None:
    """End all sessions that act in a grant."""
    execute(sa.delete(sessions).where(sessions.c.grant_id == grant_id))


def forget_sessions(*, before: datetime) -> int:
    """Drop sessions that were opened before this moment; answers how many there were."""
    return execute(sa.delete(sessions).where(sessions.c.created_at < before)).rowcount


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
        id=row["id"],
        name=row["name"],
        member_id=row["member_id"],
        password_hash=row["password_hash"],
        status=row["status"],
        has_phone=row["phone_index"] is not None,
        password_kind=PasswordKind(row["password_kind"]),
        activated_at=row["activated_at"],
    )


def digest(token: str) -> str:
    """Under which a token is stored."""
    return sha256(token.encode()).hexdigest()
