"""Who leads an organisation: the members with a duty in it, the secretary first (R-002, R-011)."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from service.domain.accounts.duties import Duty
from service.storage.accounts import duties
from service.storage.db import execute
from service.storage.members import members


@dataclass(frozen=True, slots=True)
class Leader:
    """A member by name, and his duty."""

    name: str
    duty: Duty


def of_organisation(org_id: int) -> Sequence[Leader]:
    """Secretary, deputies, committee members; those of one duty in the order in which they were recorded."""
    query = (
        sa.select(members.table.c.name, duties.table.c.duty)
        .join(duties.table, duties.table.c.member_id == members.table.c.id)
        .where(duties.table.c.org_id == org_id)
        .order_by(duties.table.c.recorded_at, members.table.c.id)
    )
    found = [Leader(name, Duty(duty)) for name, duty in execute(query)]
    return sorted(found, key=lambda leader: list(Duty).index(leader.duty))
