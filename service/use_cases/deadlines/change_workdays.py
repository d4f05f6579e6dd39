"""Enter the working days: the announcement of a year, or one day; and tell which years are missing.

The State Council announces a year in the November before it. Each change plans the open hops anew.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from service.domain.clock import local_date
from service.domain.deadlines.notices import NoticeKind
from service.domain.deadlines.workdays import DayKind, SpecialDay
from service.domain.errors import Refused
from service.storage import audit
from service.storage.db import reading, transaction
from service.storage.deadlines import workdays
from service.use_cases.deadlines.plan_deadlines import plan_deadlines
from service.use_cases.deployment import Deployment
from service.use_cases.outbox.channels import Channels
from service.use_cases.outbox.raise_alarm import raise_alarm

FIRST_MONTH_TO_WARN = 11
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Year:
    """A year as it was entered."""

    year: int
    is_known: bool
    days: Sequence[SpecialDay]


def enter_year(year: int, days: Sequence[SpecialDay], *, source: str, deployment: Deployment, now: datetime) -> int:
    """Enter the announcement of a year in place of what was known of it; answers how many open hops were planned anew.

    Refuses E_IMPORT_FORMAT for a day of another year, a day named twice, a make-up day on a working day.
    """
    seen: set[date] = set()
    for each in days:
        check_day(each, year, seen)
    with transaction():
        before = {"days": _plain(workdays.special_days(year))}
        workdays.replace_year(year, days, source=source)
        after = {"days": _plain(days), "source": source}
        _log("enter_workdays", str(year), before, after, now)
    return _plan_anew(deployment, now)


def change_day(day: date, kind: DayKind | None, *, name: str, deployment: Deployment, now: datetime) -> int:
    """Make one day a holiday or a working day, or what its weekday says; answers how many open hops were planned anew.

    Refuses E_IMPORT_FORMAT for a make-up day on a working day.
    """
    special = SpecialDay(day, kind, name) if kind else None
    if special is not None:
        check_day(special, day.year, set())
    with transaction():
        before = {"days": _plain(each for each in workdays.special_days(day.year) if each.day == day)}
        workdays.replace_day(day, special)
        _log("change_workday", str(day), before, {"days": _plain([special] if special else [])}, now)
    return _plan_anew(deployment, now)


def show_year(year: int) -> Year:
    """What is known of a year."""
    with reading():
        return Year(year, year in workdays.known_years(), workdays.special_days(year))


def missing_years(now: datetime) -> Sequence[int]:
    """The years to enter: this one, and from November on the next."""
    today = local_date(now)
    last = today.year + (today.month >= FIRST_MONTH_TO_WARN)
    with reading():
        known = workdays.known_years()
    return [year for year in range(today.year, last + 1) if year not in known]


def warn_of_missing_years(*, now: datetime, channels: Channels) -> Sequence[int]:
    """Tell the system administrators, once a month for each year that is missing."""
    found = missing_years(now)
    for year in found:
        key = f"year:{year}:{local_date(now):%Y%m}"
        with transaction():
            raise_alarm(NoticeKind.YEAR_MISSING, key=key, now=now, channels=channels)
    return found


def _plain(days: Iterable[SpecialDay]) -> list[str]:
    return [f"{each.day} {each.kind} {each.name}".strip() for each in days]


def _log(action: str, key: str, before: Mapping[str, object], after: Mapping[str, object], now: datetime) -> None:
    # Working days are the operator's: nobody is logged in at the machine.
    audit.append(action, subject=audit.Subject("workdays", key), actor=None, now=now, before=before, after=after)


def _plan_anew(deployment: Deployment, now: datetime) -> int:
    with reading():
        workdays.fresh(now)
    return plan_deadlines(deployment=deployment, now=now)


def check_day(each: SpecialDay, year: int, seen: set[date]) -> None:
    """Refuse E_IMPORT_FORMAT for a day that cannot be announced for a year; `seen` holds those before it."""
    if each.day.year != year:
        raise _refused(each.day, f"不在 {year} 年", f"not in {year}")
    if each.day in seen:
        raise _refused(each.day, "重复", "named twice")
    if each.kind is DayKind.WORKING and each.day.weekday() < _SATURDAY:
        raise _refused(each.day, "本为工作日，无须调休", "a working day anyway, no make-up day")
    seen.add(each.day)


def _refused(day: date, zh: str, en: str) -> Refused:
    return Refused("E_IMPORT_FORMAT", field="day", detail_zh=f"{day} {zh}", detail_en=f"{day}: {en}")
