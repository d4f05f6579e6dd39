"""Working days: what is announced goes before what the weekday says."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from service.domain.deadlines.workdays import Calendar, DayKind, SpecialDay, calendar_of

SPRING_2026 = calendar_of(
    [2026],
    [SpecialDay(date(2026, 2, day), DayKind.HOLIDAY, "春节") for day in range(15, 24)]
    + [SpecialDay(date(2026, 2, day), DayKind.WORKING, "春节") for day in (14, 28)],
)


def test_a_make_up_saturday_is_worked_and_a_holiday_monday_is_not() -> None:
    assert SPRING_2026.is_working(date(2026, 2, 14))
    assert not SPRING_2026.is_working(date(2026, 2, 16))
    assert not SPRING_2026.is_working(date(2026, 2, 22))
    assert SPRING_2026.is_working(date(2026, 2, 24))


def test_the_day_itself_does_not_count() -> None:
    assert SPRING_2026.onwards(date(2026, 2, 13), 1) == date(2026, 2, 14)
    assert SPRING_2026.onwards(date(2026, 2, 13), 2) == date(2026, 2, 24)
    assert SPRING_2026.backwards(date(2026, 2, 24), 2) == date(2026, 2, 13)
    assert SPRING_2026.onwards(date(2026, 2, 13), 0) == date(2026, 2, 13)


def test_a_year_nobody_entered_has_its_weekends_and_is_named() -> None:
    assert SPRING_2026.onwards(date(2026, 12, 31), 1) == date(2027, 1, 1)
    assert SPRING_2026.missing(date(2026, 12, 1), date(2028, 1, 1)) == (2027, 2028)


@given(
    st.dates(date(2025, 1, 1), date(2027, 12, 31)),
    st.integers(1, 40),
    st.sets(st.dates(date(2025, 1, 1), date(2027, 12, 31)), max_size=30),
)
def test_counting_lands_on_working_days_and_never_stands_still(day: date, number: int, off: set[date]) -> None:
    calendar = Calendar(holidays=frozenset(off))
    later = calendar.onwards(day, number)
    assert calendar.is_working(later)
    assert later >= day + timedelta(days=number)
    between = [day + timedelta(days=each) for each in range(1, (later - day).days + 1)]
    assert sum(calendar.is_working(each) for each in between) == number
    assert calendar.backwards(later, number) <= day or calendar.is_working(day)
