"""The announced holidays and make-up days of each year, and the calendar that processes keep in memory.

A completion must not read it each time: a process takes what it read for ten minutes. Whoever changes the table plans
the open hops anew, and what a process planned meanwhile is looked at again before anything is told.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from weakref import ref

import sqlalchemy as sa

from service.domain.deadlines.workdays import Calendar, DayKind, SpecialDay, calendar_of
from service.storage.db import db, execute

KEPT = timedelta(minutes=10)

table = sa.Table(
    "workdays",
    db.metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("kind", sa.String(8), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.CheckConstraint("kind IN ('holiday', 'working')", name="ck_workdays_kind"),
)
years = sa.Table(
    "workday_years",
    db.metadata,
    sa.Column("year", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("source", sa.Text, nullable=False),
)


@dataclass(frozen=True, slots=True)
class _Kept:
    engine: "ref[sa.Engine]"
    read_at: datetime
    calendar: Calendar


_kept: _Kept | None = None


def calendar(now: datetime) -> Calendar:
    """The calendar, at most ten minutes old."""
    kept = _kept
    if kept is not None and abs(now - kept.read_at) < KEPT and kept.engine() is db.engine:
        return kept.calendar
    return fresh(now)


def fresh(now: datetime) -> Calendar:
    """The calendar as it is now; what was kept is replaced by it."""
    global _kept  # noqa: PLW0603 - replaced as a whole, so that readers of the old one are not disturbed
    known = calendar_of(known_years(), special_days())
    before = _kept
    if before is not None and before.calendar == known:
        known = before.calendar  # the same object: what was counted with it stays known
    _kept = _Kept(ref(db.engine), now, known)
    return known


def known_years() -> Sequence[int]:
    """The years whose announcement was entered."""
    return list(execute(sa.select(years.c.year).order_by(years.c.year)).scalars())


def special_days(year: int | None = None) -> Sequence[SpecialDay]:
    """The announced days, of one year or of all."""
    query = sa.select(table).order_by(table.c.day)
    if year is not None:
        query = query.where(table.c.day.between(date(year, 1, 1), date(year, 12, 31)))
    return [SpecialDay(row["day"], DayKind(row["kind"]), row["name"]) for row in execute(query).mappings()]


def replace_year(year: int, days: Iterable[SpecialDay], *, source: str) -> None:
    """Enter the announcement of a year in place of what was known of it."""
    execute(sa.delete(table).where(table.c.day.between(date(year, 1, 1), date(year, 12, 31))))
    execute(sa.delete(years).where(years.c.year == year))
    execute(sa.insert(years).values(year=year, source=source))
    rows = [{"day": each.day, "kind": each.kind.value, "name": each.name} for each in days]
    if rows:
        execute(sa.insert(table), rows)


def replace_day(day: date, special: SpecialDay | None) -> None:
    """Change one day; None makes it what its weekday says."""
    execute(sa.delete(table).where(table.c.day == day))
    if special is not None:
        execute(sa.insert(table).values(day=day, kind=special.kind.value, name=special.name))
