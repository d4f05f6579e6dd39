"""How often something was tried of late: to log in to an account, from an address, with a code (security 2.5).

Counted in the database, so that all processes share the counts, and before anything costly is done.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from service.storage.columns import Instant
from service.storage.db import db, execute, is_sqlite

failures = sa.Table(
    "login_failures",
    db.metadata,
    sa.Column("subject", sa.String(80), primary_key=True),
    sa.Column("failed", sa.Integer, nullable=False),
    sa.Column("since", Instant, nullable=False),
)


def forget_old(*, before: datetime) -> int:
    """Drop counts of failures that began before this moment; answers how many there were."""
    return execute(sa.delete(failures).where(failures.c.since < before)).rowcount


def count(subject: str, *, now: datetime, window: timedelta) -> int:
    """Count one more attempt on this subject, and tell how many its window has seen; a window begins with an attempt.

    One statement: of several attempts at once each gets a number of its own.
    """
    is_old = failures.c.since < now - window
    values = {"subject": subject, "failed": 1, "since": now}
    insert = (sqlite if is_sqlite() else postgresql).insert(failures).values(**values)
    again = {
        "failed": sa.case((is_old, 1), else_=failures.c.failed + 1),
        "since": sa.case((is_old, insert.excluded.since), else_=failures.c.since),
    }
    counted = insert.on_conflict_do_update(index_elements=["subject"], set_=again).returning(failures.c.failed)
    return int(execute(counted).scalar_one())


def uncount(subject: str) -> None:
    """Take back one attempt, which was no failure."""
    query = sa.update(failures).where(failures.c.subject == subject, failures.c.failed > 0)
    execute(query.values(failed=failures.c.failed - 1))


def forget(subject: str) -> None:
    """Forget what was counted."""
    execute(sa.delete(failures).where(failures.c.subject == subject))


def seen(windows: Mapping[str, timedelta], *, now: datetime) -> Mapping[str, int]:
    """How many attempts the windows of these subjects have seen; 0 for one that is over or unknown."""
    rows = execute(sa.select(failures).where(failures.c.subject.in_(list(windows)))).mappings()
    found = {row["subject"]: row["failed"] for row in rows if row["since"] >= now - windows[row["subject"]]}
    return {subject: found.get(subject, 0) for subject in windows}
