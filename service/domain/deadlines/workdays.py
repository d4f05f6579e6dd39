"""Working days: Monday to Friday, but for the holidays and make-up days that are announced year by year.

The announcement for a year comes in the November before it. Of a year nobody entered we know only its weekends:
counting goes on with them, and `missing` tells which years to warn of.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

_FIRST_OF_WEEKEND = 5
_ONE_DAY = timedelta(days=1)


class DayKind(StrEnum):
    """What an announced day is; all other days are as their weekday says."""

    HOLIDAY = "holiday"
    WORKING = "working"


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """One announced day; `name` is that of the feast it belongs to."""

    day: date
    kind: DayKind
    name: str = ""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The announced days of some years; `years` are those whose announcement was entered."""

    years: frozenset[int] = frozenset()
    holidays: frozenset[date] = frozenset()
    working: frozenset[date] = frozenset()

    def is_working(self, day: date) -> bool:
        """Whether people work on this day."""
        if day in self.working:
            return True
        return day.weekday() < _FIRST_OF_WEEKEND and day not in self.holidays

    def onwards(self, day: date, number: int) -> date:
        """The so manieth working day after a day, which itself does not count."""
        return _count(self, day, number, _ONE_DAY)

    def backwards(self, day: date, number: int) -> date:
        """The so manieth working day before a day, which itself does not count."""
        return _count(self, day, number, -_ONE_DAY)

    def missing(self, first: date, last: date) -> tuple[int, ...]:
        """The years between two days whose announcement was not entered."""
        return tuple(year for year in range(first.year, last.year + 1) if year not in self.years)


def calendar_of(years: Iterable[int], days: Iterable[SpecialDay]) -> Calendar:
    """The calendar of these years and their announced days."""
    known = tuple(days)
    return Calendar(
        frozenset(years),
        frozenset(each.day for each in known if each.kind is DayKind.HOLIDAY),
        frozenset(each.day for each in known if each.kind is DayKind.WORKING),
    )


# Every completion asks for the same few days; a calendar is compared by identity first, so a hit costs next to nothing.
@lru_cache(maxsize=4096)
def _count(calendar: Calendar, day: date, number: int, step: timedelta) -> date:
    while number > 0:
        day += step
        number -= calendar.is_working(day)
    return day
