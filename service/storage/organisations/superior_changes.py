"""Applications for another superior, as units make them and higher organisations decide them (R-203)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from service.domain.errors import Refused
from service.domain.organisations.organisation_changes import ChangeStatus
from service.storage.columns import Id, Instant
from service.storage.db import db, execute, is_sqlite
from service.storage.organisations import organisations

_ORG = "organisations.id"

table = sa.Table(
    "superior_changes",
    db.metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=True),
    sa.Column("org_id", Id, sa.ForeignKey(_ORG), nullable=False, index=True),
    sa.Column("from_id", Id, sa.ForeignKey(_ORG), nullable=False),
    sa.Column("to_id", Id, sa.ForeignKey(_ORG), nullable=False),
    sa.Column("decider_id", Id, sa.ForeignKey(_ORG), nullable=False),
    sa.Column("applicant_id", Id, sa.ForeignKey(_ORG), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("status", sa.String(12), nullable=False),
    sa.Column("applied_by", Id, sa.ForeignKey("accounts.id"), nullable=False),
    sa.Column("applied_at", Instant, nullable=False),
    sa.Column("decided_by", Id, sa.ForeignKey("accounts.id")),
    sa.Column("decided_at", Instant),
    sa.Column("opinion", sa.Text, nullable=False, server_default=""),
)
_OPEN = sa.text("status = 'OPEN'")
sa.Index("uq_superior_changes_open", table.c.org_id, unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN)
sa.Index("ix_superior_changes_decider", table.c.decider_id, table.c.status, table.c.id)
sa.Index("ix_superior_changes_applicant", table.c.applicant_id, table.c.status, table.c.id)

_org, _from, _to, _decider, _applicant = (
    organisations.table.alias(name) for name in ("org", "former", "wanted", "decider", "applicant")
)
_NAMED = (
    sa.select(
        table,
        *(alias.c[column].label(f"{alias.name}_{column}") for alias in (_org, _from, _to, _decider, _applicant)
          for column in ("code", "name")),
    )
    .join(_org, _org.c.id == table.c.org_id)
    .join(_from, _from.c.id == table.c.from_id)
    .join(_to, _to.c.id == table.c.to_id)
    .join(_decider, _decider.c.id == table.c.decider_id)
    .join(_applicant, _applicant.c.id == table.c.applicant_id)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Named:
    """An organisation an application names, by its code and the name it has now."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class SuperiorChange:
    """An application: which unit shall move from where to where, who asked, who decides."""

    id: int
    org_id: int
    to_id: int
    org: Named
    former: Named
    wanted: Named
    decider: Named
    applicant: Named
    reason: str
    status: ChangeStatus
    applied_by: int
    applied_at: datetime
    decided_by: int | None
    decided_at: datetime | None
    opinion: str


@dataclass(frozen=True, slots=True)
class NewChange:
    """An application to be stored; organisations by key."""

    org_id: int
    from_id: int
    to_id: int
    decider_id: int
    applicant_id: int
    reason: str
    applied_by: int


def add(change: NewChange, *, now: datetime) -> int:
    """Store an application; refuses E_ACTION_NOT_ALLOWED when one of the unit is open."""
    values = {name: getattr(change, name) for name in NewChange.__dataclass_fields__}
    try:
        result = execute(sa.insert(table).values(**values, status=ChangeStatus.OPEN.value, applied_at=now))
    except sa.exc.IntegrityError as error:
        raise Refused(
            "E_ACTION_NOT_ALLOWED", detail_zh="该组织已有待审批的变更申请", detail_en="an application is open already"
        ) from error
    return int(result.inserted_primary_key[0])  # type: ignore[index]


def lock(change_id: int) -> SuperiorChange | None:
    """One application, kept from others until the change ends."""
    if not is_sqlite():
        execute(sa.select(table.c.id).where(table.c.id == change_id).with_for_update())
    return get(change_id)


def get(change_id: int) -> SuperiorChange | None:
    """One application."""
    row = execute(_NAMED.where(table.c.id == change_id)).mappings().first()
    return _change(row) if row else None


def settle(change_id: int, status: ChangeStatus, *, account_id: int, opinion: str, now: datetime) -> None:
    """Close an application."""
    values = {"status": status.value, "decided_by": account_id, "decided_at": now, "opinion": opinion}
    execute(sa.update(table).where(table.c.id == change_id).values(**values))


def to_decide(org_id: int, *, limit: int, offset: int = 0) -> Sequence[SuperiorChange]:
    """Open applications that an organisation decides, the oldest first."""
    query = _NAMED.where(table.c.decider_id == org_id, _is(ChangeStatus.OPEN)).order_by(table.c.id)
    return [_change(row) for row in execute(query.limit(limit).offset(offset)).mappings()]


def of_applicant(org_id: int, *, limit: int, offset: int = 0) -> Sequence[SuperiorChange]:
    """What an organisation applied for, the newest first."""
    query = _NAMED.where(table.c.applicant_id == org_id).order_by(table.c.id.desc())
    return [_change(row) for row in execute(query.limit(limit).offset(offset)).mappings()]


def decided_by_organisation(org_id: int, *, limit: int, offset: int = 0) -> Sequence[SuperiorChange]:
    """Closed applications that an organisation had to decide, the newest first."""
    query = _NAMED.where(table.c.decider_id == org_id, sa.not_(_is(ChangeStatus.OPEN))).order_by(table.c.id.desc())
    return [_change(row) for row in execute(query.limit(limit).offset(offset)).mappings()]


def _is(status: ChangeStatus) -> sa.ColumnElement[bool]:
    return table.c.status == status.value


def _change(row: Mapping[Any, Any]) -> SuperiorChange:
    values: dict[str, Any] = {name: row[name] for name in SuperiorChange.__dataclass_fields__ if name in row}
    for alias in ("org", "former", "wanted", "decider", "applicant"):
        values[alias] = Named(row[f"{alias}_code"], row[f"{alias}_name"])
    return SuperiorChange(**{**values, "status": ChangeStatus(row["status"])})
