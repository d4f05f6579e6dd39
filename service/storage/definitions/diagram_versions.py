"""Which diagram new transfers of a process begin with; versions are numbered, never changed, never deleted (R-220)."""

from datetime import datetime

import sqlalchemy as sa

from service.storage.columns import Id, Instant
from service.storage.db import db, execute

table = sa.Table(
    "diagram_versions",
    db.metadata,
    sa.Column("process_id", sa.String(64), primary_key=True),
    sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("digest", sa.String(64), sa.ForeignKey("definitions.digest"), nullable=False),
    sa.Column("is_active", sa.Boolean, nullable=False),
    sa.Column("account_id", Id, sa.ForeignKey("accounts.id")),
    sa.Column("at", Instant, nullable=False),
)
_ACTIVE = sa.text("is_active")
sa.Index("uq_diagram_versions_active", table.c.process_id, unique=True, sqlite_where=_ACTIVE, postgresql_where=_ACTIVE)


def activate(process_id: str, digest: str, *, at: datetime, account_id: int | None = None) -> int:
    """Make a stored diagram the one to begin with; return the number of its version.

    A diagram that is active already stays what it is. `account_id` is None when the service brought it along.
    """
    mine = table.c.process_id == process_id
    active = execute(sa.select(table.c.n, table.c.digest).where(mine, table.c.is_active)).first()
    if active is not None and active[1] == digest:
        return int(active[0])
    last = execute(sa.select(sa.func.max(table.c.n)).where(mine)).scalar_one() or 0
    execute(sa.update(table).where(mine, table.c.is_active).values(is_active=False))
    values = {"process_id": process_id, "n": last + 1, "digest": digest, "account_id": account_id, "at": at}
    execute(sa.insert(table).values(**values, is_active=True))
    return int(last) + 1


def active(process_id: str) -> str | None:
    """The digest of the active diagram of a process."""
    query = sa.select(table.c.digest).where(table.c.process_id == process_id, table.c.is_active)
    digest = execute(query).scalar_one_or_none()
    return None if digest is None else str(digest)
