"""Letter numbers: the next one of the month, to one taker only, never again (R-163)."""

from datetime import date
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from service.domain.errors import Refused
from service.domain.letters.letters import LetterState
from service.storage.db import execute, reading, transaction
from service.storage.transfers import letters, transfers
from tests.storage.test_db import in_threads
from tests.storage.test_immutable import a_letter

DECEMBER = date(2017, 12, 7)


def take(scope: str = "system", month: date = DECEMBER) -> str:
    with transaction():
        return letters.next_number(scope, month)


@pytest.mark.requirement("R-163")
def test_numbers_count_by_month_and_scope(world: SimpleNamespace) -> None:
    assert [take(), take()] == ["20171200001", "20171200002"]
    assert take(month=date(2018, 1, 1)) == "20180100001"
    assert take("issuer:7") == "20171200001"
    assert take() == "20171200003"


@pytest.mark.requirement("R-163")
def test_many_takers_get_different_numbers(world: SimpleNamespace) -> None:
    results = in_threads(world.app, lambda: [take() for _ in range(25)])
    taken = [number for numbers in results for number in numbers]
    assert sorted(taken) == [f"201712{n:05d}" for n in range(1, 201)]


@pytest.mark.requirement("R-163")
def test_after_the_last_number_there_is_none(world: SimpleNamespace) -> None:
    take()
    with transaction():
        execute(sa.update(letters.counters).values(last=99_998))
    assert take() == "20171299999"
    with pytest.raises(Refused) as refusal:
        take()
    assert refusal.value.code == "E_LETTER_NO_EXHAUSTED"


@pytest.mark.requirement("R-163")
def test_a_number_is_used_once_even_by_a_void_letter(world: SimpleNamespace) -> None:
    member = world.member()
    with transaction():
        transfer = transfers.insert(world.transfer(member))
        void = letters.add(a_letter(transfer, world))
        letters.set_state(void, LetterState.VOID)
    with pytest.raises(IntegrityError), transaction():
        letters.add(a_letter(transfer, world))
    with reading():
        assert [each.state for each in letters.of_transfer(transfer)] == [LetterState.VOID]


def test_a_returned_letter_keeps_its_reason(world: SimpleNamespace) -> None:
    member = world.member()
    with transaction():
        transfer = transfers.insert(world.transfer(member))
        key = letters.add(a_letter(transfer, world))
        letters.set_state(key, LetterState.RETURNED, return_reason_sealed=b"why")
        letters.set_state(key, LetterState.SUPERSEDED)
    with reading():
        found = letters.get(key)
    assert found is not None
    assert (found.state, found.return_reason_sealed) == (LetterState.SUPERSEDED, b"why")
