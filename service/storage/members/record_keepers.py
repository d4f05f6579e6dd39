"""The branches that were authorised to keep the records of their own members (R-210)."""

from datetime import datetime

import sqlalchemy as sa

from service.storage.columns import Id, Instant
from service.storage.db import db, execute

table = sa.Table(
    "record_keepers",
    db.metadata,
    sa.Column("org_id", Id, sa.ForeignKey("organisations.id"), primary_key=True, autoincrement=False),
    sa.Column("granted_by", Id, nullable=False),
    sa.Column("granted_at", Instant, nullable=False),
)


def is_authorised(org_id: int) -> bool:
    """Whether this branch may."""
    return execute(sa.select(table.c.org_id).where(table.c.org_id == org_id)).first() is not None


def set_authorised(org_id: int, authorised: bool, *, account_id: int, now: datetime) -> bool:  # noqa: FBT001 - the value
    """Give or take it; tells whether that changed anything."""
    if is_authorised(org_id) is authorised:
        return False
    if authorised:
        execute(sa.insert(table).values(org_id=org_id, granted_by=account_id, granted_at=now))
    else:
        execute(sa.delete(table).where(table.c.org_id == org_id))
    return True
