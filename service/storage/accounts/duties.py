"""Duties of members in organisations: secretary, deputy, committee member (R-026). A duty is no role."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from service.domain.accounts.duties import Duty
from service.storage.columns import Id, Instant
from service.storage.db import db, execute
from service.storage.organisations import organisations

table = sa.Table(
    "member_duties",
    db.metadata,
    sa.Column("member_id", Id, sa.ForeignKey("members.id"), primary_key=True, autoincrement=False),
    sa.Column("org_id", Id, sa.ForeignKey("organisations.id"), primary_key=True, autoincrement=False, index=True),
    sa.Column("duty", sa.String(24), nullable=False),
    sa.Column("recorded_by", Id, nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
)


@dataclass(frozen=True, slots=True)
class HeldDuty:
    """One duty of one member."""

    member_id: int
    org_code: str
    org_name: str
    duty: Duty


def record(member_id: int, org_id: int, duty: Duty, *, recorded_by: int, now: datetime) -> None:
    """Record the duty of a member in an organisation; it takes the place of the one before."""
    remove(member_id, org_id)
    values = {"duty": duty.value, "recorded_by": recorded_by, "recorded_at": now}
    execute(sa.insert(table).values(member_id=member_id, org_id=org_id, **values))


def remove(member_id: int, org_id: int) -> bool:
    """Take a duty back; answers whether there was one."""
    same = sa.and_(table.c.member_id == member_id, table.c.org_id == org_id)
    return bool(execute(sa.delete(table).where(same)).rowcount)


def of_member(member_id: int) -> Sequence[HeldDuty]:
    """The duties of a member."""
    return _held(table.c.member_id == member_id)


def of_organisation(org_id: int) -> Sequence[HeldDuty]:
    """Who has which duty in an organisation."""
    return _held(table.c.org_id == org_id)


def _held(condition: sa.ColumnElement[bool]) -> Sequence[HeldDuty]:
    orgs = organisations.table
    query = (
        sa.select(table.c.member_id, table.c.duty, orgs.c.code, orgs.c.name)
        .select_from(table.join(orgs, orgs.c.id == table.c.org_id))
        .where(condition)
        .order_by(orgs.c.id, table.c.member_id)
    )
    rows: Sequence[Mapping[Any, Any]] = execute(query).mappings().all()
    return [HeldDuty(row["member_id"], row["code"], row["name"], Duty(row["duty"])) for row in rows]
