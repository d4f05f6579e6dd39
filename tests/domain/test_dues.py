"""Up to which month dues are paid (R-059, R-060)."""

from datetime import date

import pytest

from service.definitions.profiles import profile
from service.domain.applying import dues
from service.domain.profile import Profile

CASES = [
    ("shandong", "2025-03", {}, None),
    ("shandong", "2025-01", {}, None),
    ("shandong", "2024-12", {}, "E_DUES_TOO_OLD"),
    ("shandong", "2025-04", {}, "E_DUES_FUTURE"),
    ("default", "2024-12", {}, "E_DUES_TOO_OLD"),
    ("default", "2024-12", {"is_incoming": True}, None),
    ("default", "2025-04", {"is_incoming": True}, "E_DUES_FUTURE"),
    ("fujian", "2001-01", {}, None),
    ("fujian", "2025-04", {}, "E_DUES_FUTURE"),
    ("national", "2025-04", {}, "E_DUES_FUTURE"),
    ("beijing", "2025-04", {}, "E_DUES_FUTURE"),
    ("beijing", "2025-04", {"is_graduate": True}, "E_DUES_GRADUATE_FIXED"),
    ("beijing", "2017-06", {"is_graduate": True}, None),
    ("fujian", "2025-03", {"is_graduate": True}, None),
]


def found(rules: Profile, month: str, today: date = date(2025, 3, 10), **around: bool) -> list[str]:
    given = {"is_graduate": False, "is_incoming": False, **around}
    return [fault.code for fault in dues.faults(month, profile=rules, today=today, **given)]


@pytest.mark.requirement("R-059")
@pytest.mark.requirement("R-060")
@pytest.mark.scenario("S-18")
@pytest.mark.parametrize(("name", "month", "around", "code"), CASES)
def test_a_month_of_dues(name: str, month: str, around: dict[str, bool], code: str | None) -> None:
    assert found(profile(name), month, **around) == ([code] if code else [])


@pytest.mark.requirement("R-059")
def test_the_window_reaches_over_the_turn_of_the_year() -> None:
    january = date(2025, 1, 31)
    assert found(profile("shandong"), "2024-11", january) == []
    assert found(profile("shandong"), "2024-10", january) == ["E_DUES_TOO_OLD"]


@pytest.mark.requirement("R-060")
def test_the_month_of_graduates_may_lie_ahead() -> None:
    assert found(profile("beijing"), "2017-06", date(2017, 4, 1), is_graduate=True) == []


@pytest.mark.requirement("R-059")
def test_a_profile_may_know_no_upper_limit() -> None:
    rules = profile("fujian")
    free = Profile(rules.name, {**rules.values, "dues.max": "none"})
    assert found(free, "2030-01") == []
