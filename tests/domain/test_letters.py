"""Numbers and validity of letters (R-163, R-165)."""

from datetime import date

import pytest

from service.definitions.profiles import profile
from service.domain.errors import Refused
from service.domain.letters.letters import choose_validity, last_valid_day, letter_number, number_scope
from service.domain.organisations.organisations import OrgRef
from service.domain.profile import Profile


@pytest.mark.requirement("R-163")
def test_numbers_are_the_month_and_five_digits() -> None:
    assert letter_number(date(2017, 12, 7), 1) == "20171200001"
    assert letter_number(date(2017, 12, 31), 99_999) == "20171299999"
    with pytest.raises(Refused, match="E_LETTER_NO_EXHAUSTED"):
        letter_number(date(2017, 12, 31), 100_000)


@pytest.mark.requirement("R-163")
def test_letters_are_numbered_by_issuer_or_in_the_whole_system() -> None:
    one, other = OrgRef(1, "A1", "东岭县委"), OrgRef(2, "A2", "西河县委")
    fujian = profile("fujian")
    by_issuer = Profile(fujian.name, {**fujian.values, "letter.number_scope": "issuer"})
    assert number_scope(one, fujian) == number_scope(other, fujian)
    assert number_scope(one, by_issuer) != number_scope(other, by_issuer)


@pytest.mark.requirement("R-165")
@pytest.mark.scenario("S-20")
def test_the_validity_is_one_of_the_options() -> None:
    rules = profile("shandong")
    assert last_valid_day(date(2025, 3, 10), 15) == date(2025, 3, 25)
    assert choose_validity(None, rules, is_outside=False) == 15
    assert choose_validity(None, profile("beijing"), is_outside=True) == 90
    assert choose_validity(90, rules, is_outside=False) == 90
    with pytest.raises(Refused, match="E_VALIDITY_NOT_ALLOWED"):
        choose_validity(20, rules, is_outside=False)
