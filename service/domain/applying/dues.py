"""Up to which month dues are paid: not in the future, not too long ago, for graduates one fixed month (R-059, R-060)."""

from collections.abc import Iterator
from datetime import date

from service.domain.errors import FieldError
from service.domain.profile import Profile

FIELD = "dues_paid_to"


def faults(given: str, *, profile: Profile, today: date, is_graduate: bool, is_incoming: bool) -> Iterator[FieldError]:
    """What is wrong with a month written YYYY-MM; nothing is wrong with none.

    E_DUES_GRADUATE_FIXED, E_DUES_FUTURE, E_DUES_TOO_OLD. For somebody who comes in the month is copied from the
    paper letter, and may lie as far back as it does.
    """
    if not given:
        return
    fixed = profile.choice("dues.graduate_fixed_month")
    if is_graduate and fixed:
        if given != fixed:
            yield FieldError("E_DUES_GRADUATE_FIXED", FIELD, zh=f"应为 {fixed}", en=f"expected {fixed}")
        return
    if profile.choice("dues.max") == "current" and given > f"{today:%Y-%m}":
        yield FieldError("E_DUES_FUTURE", FIELD)
    window = profile.number("dues.window_months")
    if window and not is_incoming and given < (earliest := _months_before(today, window - 1)):
        yield FieldError("E_DUES_TOO_OLD", FIELD, zh=f"最早 {earliest}", en=f"not before {earliest}")


def _months_before(today: date, months: int) -> str:
    index = today.year * 12 + today.month - 1 - months
    return f"{index // 12:04d}-{index % 12 + 1:02d}"
