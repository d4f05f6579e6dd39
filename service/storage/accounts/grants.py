"""Roles granted to accounts, for an organisation or for the whole deployment (requirements 2.3, R-024, R-025).

The three separated administrators (system, security, audit) are kept apart by the database itself: an account that
was ever one of them has a row in `separated_accounts`, and no grant of another of the three fits that row.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite

from service.domain.accounts.roles import ORG_ADMINS, SEPARATED, Role
from service.domain.errors import Refused
from service.storage.columns import Id, Instant
from service.storage.db import db, execute, is_sqlite
from service.storage.organisations import organisations

_ACCOUNT, _ORG = "accounts.id", "organisations.id"

table = sa.Table(
    "role_grants",
    db.metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=True),
    sa.Column("account_id", Id, sa.ForeignKey(_ACCOUNT), nullable=False),
    sa.Column("role", sa.String(24), nullable=False),
    sa.Column("org_id", Id, sa.ForeignKey(_ORG)),
    sa.Column("is_default", sa.Boolean, nullable=False),
    sa.Column("duty", sa.String(24)),
    sa.Column("division", sa.Text, nullable=False, server_default=""),
    sa.Column("granted_by", Id),
    sa.Column("granted_at", Instant),
    sa.Column("valid_until", sa.Date),
    sa.UniqueConstraint("account_id", "role", "org_id", name="uq_role_grants"),
)
# The constraint above takes two rows without an organisation for different ones.
_EVERYWHERE = sa.text("org_id IS NULL")
sa.Index(
    "uq_role_grants_everywhere",
    table.c.account_id,
    table.c.role,
    unique=True,
    sqlite_where=_EVERYWHERE,
    postgresql_where=_EVERYWHERE,
)
sa.Index("ix_role_grants_org", table.c.org_id, table.c.role)
separated = sa.Table(
    "separated_accounts",
    db.metadata,
    sa.Column("account_id", Id, sa.ForeignKey(_ACCOUNT), primary_key=True, autoincrement=False),
    sa.Column("role", sa.String(24), nullable=False),
)
_NAMES = ", ".join(f"'{role.value}'" for role in sorted(SEPARATED))
_APART = (
    f"NEW.role IN ({_NAMES}) AND NOT EXISTS (SELECT 1 FROM separated_accounts s "  # noqa: S608 - names of ours
    "WHERE s.account_id = NEW.account_id AND s.role = NEW.role)"
)
SEPARATION = {
    "sqlite": tuple(
        f"CREATE TRIGGER role_grants_separated_{verb} BEFORE {verb.upper()} ON role_grants WHEN {_APART} "
        "BEGIN SELECT RAISE(ABORT, 'E_FORBIDDEN separated administrators'); END"
        for verb in ("insert", "update")
    ),
    "postgresql": (
        (
            "CREATE OR REPLACE FUNCTION keep_separated() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF "
            f"{_APART} THEN RAISE EXCEPTION 'E_FORBIDDEN separated administrators' USING ERRCODE = '23514'; "
            "END IF; RETURN NEW; END $$"
        ),
        (
            "CREATE TRIGGER role_grants_separated BEFORE INSERT OR UPDATE ON role_grants "
            "FOR EACH ROW EXECUTE FUNCTION keep_separated()"
        ),
    ),
}
"""The statements that keep the three apart, by kind of database."""
for _dialect, _statements in SEPARATION.items():
    for _statement in _statements:
        _ddl = sa.DDL(_statement.replace("%", "%%"))  # type: ignore[no-untyped-call]
        event.listen(separated, "after_create", _ddl.execute_if(dialect=_dialect))


@dataclass(frozen=True, slots=True)
class Grant:
    """A role for an organisation; the organisation's code is None for roles of the whole deployment.

    `valid_until` is the last day on which it may be used, None for one without end.
    """

    id: int
    role: Role
    org_code: str | None
    org_name: str | None
    is_default: bool
    account_id: int = 0
    account_name: str = ""
    duty: str | None = None
    division: str = ""
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class NewGrant:
    """A grant as it is to be stored; `granted_by` is the account of who grants, None for the operator."""

    account_id: int
    role: Role
    org_id: int | None
    is_default: bool = False
    duty: str | None = None
    division: str = ""
    granted_by: int | None = None
    granted_at: datetime | None = None
    valid_until: date | None = None


def add(grant: NewGrant) -> int:
    """Store a grant and return its key.

    Refuses E_ROLE_DUPLICATE for one that is held already, and E_FORBIDDEN when it would join two of the three
    separated administrators in one account.
    """
    if grant.role in SEPARATED:
        _separate(grant.account_id, grant.role)
    if grant.is_default:
        execute(sa.update(table).where(table.c.account_id == grant.account_id).values(is_default=False))
    values = {name: getattr(grant, name) for name in NewGrant.__dataclass_fields__}
    insert = _insert()(table).values(**{**values, "role": grant.role.value})
    found = execute(insert.on_conflict_do_nothing().returning(table.c.id)).scalar_one_or_none()
    if found is None:
        raise Refused("E_ROLE_DUPLICATE")
    return int(found)


def change(grant_id: int, *, is_default: bool, division: str, valid_until: date | None) -> None:
    """Change what a superior may change of a grant; a new default takes the place of the old one (R-025)."""
    if is_default:
        account = sa.select(table.c.account_id).where(table.c.id == grant_id).scalar_subquery()
        execute(sa.update(table).where(table.c.account_id == account).values(is_default=False))
    values = {"is_default": is_default, "division": division, "valid_until": valid_until}
    execute(sa.update(table).where(table.c.id == grant_id).values(**values))


def remove(grant_id: int) -> None:
    """Take a grant back; nobody may act with it any more (its sessions are ended by the caller)."""
    execute(sa.delete(table).where(table.c.id == grant_id))


def get(grant_id: int) -> Grant | None:
    """One grant."""
    found = _grants(table.c.id == grant_id)
    return found[0] if found else None


def of_account(account_id: int) -> Sequence[Grant]:
    """The roles of an account, the default one first."""
    return _grants(table.c.account_id == account_id)


def of_organisation(org_id: int) -> Sequence[Grant]:
    """Who holds which role for an organisation."""
    return _grants(table.c.org_id == org_id)


def ended_before(day: date) -> Sequence[Grant]:
    """Grants whose last day is over."""
    return _grants(table.c.valid_until < day)


def are_administered(org_ids: Sequence[int], roles: Sequence[Role]) -> frozenset[int]:
    """Which of these organisations have an active account with one of these roles."""
    accounts = db.metadata.tables["accounts"]
    joined = table.join(accounts, accounts.c.id == table.c.account_id)
    query = (
        sa.select(table.c.org_id)
        .select_from(joined)
        .where(table.c.org_id.in_(org_ids), table.c.role.in_([role.value for role in roles]))
        .where(accounts.c.status == "ACTIVE")
    )
    return frozenset(execute(query).scalars())


def has_other_admin(org_id: int, account_id: int) -> bool:
    """Whether somebody else may decide for the organisation (R-100)."""
    accounts = db.metadata.tables["accounts"]
    query = (
        sa.select(table.c.id)
        .select_from(table.join(accounts, accounts.c.id == table.c.account_id))
        .where(
            table.c.org_id == org_id,
            table.c.role.in_([role.value for role in ORG_ADMINS]),
            table.c.account_id != account_id,
            accounts.c.status == "ACTIVE",
        )
    )
    return execute(query.limit(1)).first() is not None


def _separate(account_id: int, role: Role) -> None:
    new = _insert()(separated).values(account_id=account_id, role=role.value).on_conflict_do_nothing()
    execute(new)
    known = execute(sa.select(separated.c.role).where(separated.c.account_id == account_id)).scalar_one()
    if known != role.value:
        raise Refused(
            "E_FORBIDDEN", detail_zh="三员须由不同账号担任", detail_en="the three administrators are kept apart"
        )


def _insert() -> Callable[[sa.Table], sqlite.Insert | postgresql.Insert]:
    return sqlite.insert if is_sqlite() else postgresql.insert


def _grants(condition: sa.ColumnElement[bool]) -> Sequence[Grant]:
    accounts = db.metadata.tables["accounts"]
    orgs = organisations.table
    joined = table.join(accounts, accounts.c.id == table.c.account_id).outerjoin(orgs, orgs.c.id == table.c.org_id)
    query = (
        sa.select(table, accounts.c.name.label("account_name"), orgs.c.code, orgs.c.name.label("org_name"))
        .select_from(joined)
        .where(condition)
        .order_by(table.c.is_default.desc(), table.c.id)
    )
    return [_grant(row) for row in execute(query).mappings()]


def _grant(row: Mapping[Any, Any]) -> Grant:
    return Grant(
        id=row["id"],
        role=Role(row["role"]),
        org_code=row["code"],
        org_name=row["org_name"],
        is_default=row["is_default"],
        account_id=row["account_id"],
        account_name=row["account_name"],
        duty=row["duty"],
        division=row["division"],
        valid_until=row["valid_until"],
    )
