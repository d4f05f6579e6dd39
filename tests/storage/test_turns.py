"""Writers of one process take turns fairly."""

import threading
import time

import pytest

from service.storage.turns import NoTurn, Turns


def test_the_one_who_came_first_is_next() -> None:
    turns, order = Turns(), []

    def wait(number: int) -> None:
        with turns.taken(timeout=5):
            order.append(number)

    threads = []
    with turns.taken(timeout=1):
        for number in range(8):
            threads.append(threading.Thread(target=wait, args=(number,)))
            threads[-1].start()
            while len(turns._waiting) <= number:
                time.sleep(0.001)
    for thread in threads:
        thread.join()
    assert order == list(range(8))


def test_who_waits_too_long_gives_up_and_holds_nobody_up() -> None:
    turns = Turns()
    with turns.taken(timeout=1):
        with pytest.raises(NoTurn), turns.taken(timeout=0.01):
            pass
        assert not turns._waiting
    with turns.taken(timeout=0.01):
        pass


def test_the_turn_is_passed_on_when_the_work_fails() -> None:
    turns = Turns()
    with pytest.raises(ZeroDivisionError), turns.taken(timeout=1):
        raise ZeroDivisionError
    with turns.taken(timeout=0.01):
        pass
