"""Increase and decrease records beside those of transfers: admissions, deaths, expulsions (R-043, R-046, R-047)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from service.domain.members.members import MemberStatus
from service.storage.db import execute
from service.storage.members import members
from service.storage.organisations import organisations


@dataclass(frozen=True, slots=True)
class RecordedMove:
    """One record; `cause` is TRANSFER, ADMITTED, OMITTED, DECEASED or EXPELLED."""

    is_increase: bool
    org_code: str
    org_name: str
    transfer_id: int | None
    on_date: date
    cause: str


def gain(member_id: int, *, org_id: int, on: date, cause: str) -> None:
    """Record that a branch has one more."""
    execute(sa.insert(members.increases).values(member_id=member_id, org_id=org_id, on_date=on, cause=cause))


def lose(member_id: int, *, org_id: int, on: date, cause: str) -> None:
    """Record that a branch has one less."""
    execute(sa.insert(members.decreases).values(member_id=member_id, org_id=org_id, on_date=on, cause=cause))


def set_status(member_id: int, status: MemberStatus) -> None:
    """Store the state of a membership."""
    execute(sa.update(members.table).where(members.table.c.id == member_id).values(status=status.value))


def of_member(member_id: int) -> Sequence[RecordedMove]:
    """How a member came and went, in the order of the days; on one day he leaves before he arrives."""
    found = [*_recorded(members.decreases, member_id), *_recorded(members.increases, member_id)]
    return sorted(found, key=lambda move: move.on_date)


def _recorded(records: sa.Table, member_id: int) -> list[RecordedMove]:
    org = organisations.table
    query = (
        sa.select(org.c.code, org.c.name, records.c.transfer_id, records.c.on_date, records.c.cause)
        .join(org, org.c.id == records.c.org_id)
        .where(records.c.member_id == member_id)
        .order_by(records.c.id)
    )
    return [RecordedMove(records is members.increases, *row) for row in execute(query)]
