"""Identity numbers: length, digits, birth date, check character (R-041)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.errors import Refused
from service.domain.members import identity_numbers
from service.domain.members.members import Sex

TODAY = date(2025, 3, 10)
PEOPLE = ["379901198501010017", "37990119960606004X", "35990119750917013X", "459901198903120219", "139901199202290522"]


@pytest.mark.requirement("R-041")
@pytest.mark.parametrize("number", PEOPLE)
def test_a_right_number_is_taken(number: str) -> None:
    assert identity_numbers.parse(f" {number.lower()} ", today=TODAY) == number


@pytest.mark.requirement("R-041")
@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("37990119850101001", "E_ID_FORMAT"),
        ("3799011985010100177", "E_ID_FORMAT"),
        ("37990119850101001A", "E_ID_FORMAT"),
        ("3799011985O1010017", "E_ID_FORMAT"),
        ("３79901198501010017", "E_ID_FORMAT"),
        ("37990119850230001X", "E_ID_FORMAT"),
        ("379901202501010013", "E_ID_FORMAT"),
        ("379901198501010018", "E_ID_CHECKSUM"),
        ("379901198501010071", "E_ID_CHECKSUM"),
        ("", "E_ID_FORMAT"),
    ],
)
def test_a_wrong_number_is_refused(number: str, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        identity_numbers.parse(number, today=date(2024, 12, 31))
    assert refusal.value.code == code
    assert refusal.value.fields[0].field == "id_number"


@given(st.from_regex(r"[1-9][0-9]{5}19[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])[0-9]{3}", fullmatch=True))
def test_every_single_wrong_digit_is_noticed(body: str) -> None:
    number = body + identity_numbers.check_character(body)
    assert identity_numbers.parse(number, today=TODAY) == number
    assert identity_numbers.sex(number) is (Sex.MALE if int(body[16]) % 2 else Sex.FEMALE)
    for place in (0, 5, 14, 16):
        wrong = f"{number[:place]}{(int(number[place]) + 1) % 10}{number[place + 1 :]}"
        with pytest.raises(Refused):
            identity_numbers.parse(wrong, today=TODAY)


@pytest.mark.requirement("R-038")
def test_lists_show_the_first_six_and_the_last_four_characters() -> None:
    assert identity_numbers.masked("379901198501010017") == "379901********0017"
