"""Capital numerals of letters."""

import pytest

from service.domain.numerals import capital_digits, capital_number


@pytest.mark.requirement("R-162")
@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "零"), (1, "壹"), (7, "柒"), (9, "玖"), (10, "壹拾"), (12, "壹拾贰"), (15, "壹拾伍"), (30, "叁拾"), (90, "玖拾"),
        (100, "壹佰"), (105, "壹佰零伍"), (110, "壹佰壹拾"), (365, "叁佰陆拾伍"), (1005, "壹仟零伍"), (1050, "壹仟零伍拾"),
        (2000, "贰仟"), (9999, "玖仟玖佰玖拾玖"),
    ],
)  # fmt: skip
def test_a_number_is_written_with_its_units(value: int, written: str) -> None:
    assert capital_number(value) == written


@pytest.mark.requirement("R-162")
def test_a_year_is_written_digit_by_digit() -> None:
    assert capital_digits("2017") == "贰零壹柒"
    assert capital_digits("2026") == "贰零贰陆"


@pytest.mark.parametrize("value", [-1, 10_000])
def test_what_has_no_such_writing_is_a_fault(value: int) -> None:
    with pytest.raises(ValueError, match=str(value)):
        capital_number(value)
