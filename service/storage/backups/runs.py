"""The nightly backups: one of all workers makes it, and how it went can be asked (R-226)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from service.storage.columns import Instant
from service.storage.db import db, execute, is_sqlite

LOST_AFTER = timedelta(hours=6)
"""A run that has not ended by then died with its worker."""
AGAIN_AFTER = timedelta(hours=1)

table = sa.Table(
    "backup_runs",
    db.metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("started_at", Instant, nullable=False),
    sa.Column("finished_at", Instant),
    sa.Column("file", sa.Text, nullable=False, server_default=""),
    sa.Column("error", sa.Text, nullable=False, server_default=""),
)


@dataclass(frozen=True, slots=True)
class Run:
    """The backup of one night; `finished_at` None while it is under way, `error` empty when it went well."""

    day: date
    started_at: datetime
    finished_at: datetime | None
    file: str
    error: str

    @property
    def went_well(self) -> bool:
        """Whether there is a file."""
        return self.finished_at is not None and not self.error


def claim(day: date, *, now: datetime) -> bool:
    """Take the backup of a day for this worker: once, again an hour after a failure, or when its worker has died."""
    insert = (sqlite if is_sqlite() else postgresql).insert(table)
    taken = insert.values(day=day, started_at=now).on_conflict_do_nothing().returning(table.c.day)
    if execute(taken).first() is not None:
        return True
    failed = sa.and_(table.c.error != "", table.c.started_at < now - AGAIN_AFTER)
    lost = sa.and_(table.c.finished_at.is_(None), table.c.started_at < now - LOST_AFTER)
    again = sa.update(table).where(table.c.day == day, sa.or_(failed, lost))
    return bool(execute(again.values(started_at=now, finished_at=None, error="")).rowcount)


def finish(day: date, *, now: datetime, file: str = "", error: str = "") -> None:
    """Note how the backup of a day ended."""
    execute(sa.update(table).where(table.c.day == day).values(finished_at=now, file=file, error=error[:500]))


def latest(*, went_well: bool = False) -> Run | None:
    """The last run, or the last one that made a file."""
    query = sa.select(table).order_by(table.c.day.desc()).limit(1)
    if went_well:
        query = query.where(table.c.finished_at.is_not(None), table.c.error == "")
    row: Mapping[Any, Any] | None = execute(query).mappings().first()
    return Run(**row) if row else None
