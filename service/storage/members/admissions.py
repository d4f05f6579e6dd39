"""Spreadsheets of newly admitted and of omitted members, as organisations submit them and others decide them (R-043)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from service.domain.members.admissions import AdmissionKind
from service.domain.organisations.organisation_changes import ChangeStatus
from service.storage.columns import Id, Instant
from service.storage.db import db, execute, is_sqlite
from service.storage.organisations import organisations

table = sa.Table(
    "admissions",
    db.metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=True),
    sa.Column("org_id", Id, sa.ForeignKey("organisations.id"), nullable=False),
    sa.Column("decider_id", Id, sa.ForeignKey("organisations.id"), nullable=False),
    sa.Column("kind", sa.String(8), nullable=False),
    sa.Column("statement", sa.Text, nullable=False, server_default=""),
    sa.Column("reason", sa.Text, nullable=False, server_default=""),
    sa.Column("signed_by", sa.Text, nullable=False, server_default=""),
    sa.Column("people", sa.Integer, nullable=False),
    sa.Column("status", sa.String(12), nullable=False),
    sa.Column("applied_by", Id, nullable=False),
    sa.Column("applied_at", Instant, nullable=False),
    sa.Column("decided_by", Id),
    sa.Column("decided_at", Instant),
    sa.Column("opinion", sa.Text, nullable=False, server_default=""),
)
sa.Index("ix_admissions_org", table.c.org_id, table.c.status, table.c.id)
sa.Index("ix_admissions_decider", table.c.decider_id, table.c.status, table.c.id)
people = sa.Table(
    "admitted_people",
    db.metadata,
    sa.Column("admission_id", Id, sa.ForeignKey("admissions.id"), primary_key=True, autoincrement=False),
    sa.Column("line", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("id_number_index", sa.String(64), nullable=False),
    sa.Column("person_key", sa.LargeBinary, nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("member_id", Id, sa.ForeignKey("members.id")),
)
_org, _decider = (organisations.table.alias(name) for name in ("submitting", "deciding"))
_NAMED = (
    sa.select(
        table,
        *(alias.c[name].label(f"{which}_{name}") for which, alias in (("org", _org), ("decider", _decider))
          for name in ("code", "name")),
    )
    .join(_org, _org.c.id == table.c.org_id)
    .join(_decider, _decider.c.id == table.c.decider_id)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Admission:
    """One submitted spreadsheet; `people` is the number of its lines."""

    id: int
    org_id: int
    org_code: str
    org_name: str
    decider_code: str
    decider_name: str
    kind: AdmissionKind
    statement: str
    reason: str
    signed_by: str
    people: int
    status: ChangeStatus
    applied_at: datetime
    decided_at: datetime | None
    opinion: str


@dataclass(frozen=True, slots=True)
class AdmittedPerson:
    """One line; its values are sealed under a key of its own."""

    line: int
    person_key: bytes
    sealed: bytes
    member_id: int | None


def add(values: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> int:
    """Store a spreadsheet with its lines and return its key."""
    result = execute(sa.insert(table).values(status=ChangeStatus.OPEN.value, **values))
    key = int(result.inserted_primary_key[0])  # type: ignore[index]
    execute(sa.insert(people), [{**row, "admission_id": key} for row in rows])
    return key


def get(admission_id: int, *, lock: bool = False) -> Admission | None:
    """One of them; locked against a second decision where that is asked for."""
    query = _NAMED.where(table.c.id == admission_id)
    if lock and not is_sqlite():
        query = query.with_for_update(of=table)
    row = execute(query).mappings().first()
    return _admission(row) if row else None


def concerning(org_id: int, *, limit: int) -> Sequence[Admission]:
    """Those that an organisation submitted or decides, the newest first."""
    own = sa.or_(table.c.org_id == org_id, table.c.decider_id == org_id)
    return [_admission(row) for row in execute(_NAMED.where(own).order_by(table.c.id.desc()).limit(limit)).mappings()]


def lines(admission_id: int) -> Sequence[AdmittedPerson]:
    """Its lines in order."""
    wanted = sa.select(people.c.line, people.c.person_key, people.c.sealed, people.c.member_id)
    found = execute(wanted.where(people.c.admission_id == admission_id).order_by(people.c.line))
    return [AdmittedPerson(*row) for row in found]


def settle(admission_id: int, status: ChangeStatus, *, account_id: int, opinion: str, now: datetime) -> None:
    """Record how it was decided."""
    decided = {"status": status.value, "decided_by": account_id, "decided_at": now, "opinion": opinion}
    execute(sa.update(table).where(table.c.id == admission_id).values(**decided))


def set_member(admission_id: int, line: int, member_id: int) -> None:
    """Record who a line has become."""
    own = sa.and_(people.c.admission_id == admission_id, people.c.line == line)
    execute(sa.update(people).where(own).values(member_id=member_id))


def _admission(row: Mapping[Any, Any]) -> Admission:
    values = {name: row[name] for name in Admission.__dataclass_fields__}
    return Admission(**values | {"kind": AdmissionKind(row["kind"]), "status": ChangeStatus(row["status"])})
