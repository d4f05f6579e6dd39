"""Requests take turns, and one that works for long does not hold up the others."""

import threading
from collections.abc import Iterable
from typing import Any

from service.web.one_by_one import one_by_one


class Room:
    """An application that tells how many were in it at the same time."""

    def __init__(self) -> None:
        self.inside = self.most = 0
        self.is_open = threading.Event()
        self.has_entered = threading.Semaphore(0)
        self._guard = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: object) -> Iterable[bytes]:
        with self._guard:
            self.inside += 1
            self.most = max(self.most, self.inside)
        self.has_entered.release()
        self.is_open.wait(10)
        with self._guard:
            self.inside -= 1
        if environ.get("fails"):
            raise ZeroDivisionError
        return [b"done"]


def enter(application: Any, number: int) -> list[threading.Thread]:
    threads = [threading.Thread(target=application, args=({}, None)) for _ in range(number)]
    for thread in threads:
        thread.start()
    return threads


def test_one_computes_while_the_others_wait() -> None:
    room = Room()
    threads = enter(one_by_one(room, patience_seconds=30), 4)
    assert room.has_entered.acquire(timeout=10)
    assert room.inside == 1
    room.is_open.set()
    for thread in threads:
        thread.join(10)
    assert (room.most, room.inside) == (1, 0)


def test_one_that_works_for_long_is_passed_by() -> None:
    room = Room()
    threads = enter(one_by_one(room, patience_seconds=0.01), 3)
    for _ in threads:
        assert room.has_entered.acquire(timeout=10)
    room.is_open.set()
    for thread in threads:
        thread.join(10)
    assert room.most == 3


def test_a_failure_passes_the_turn_on() -> None:
    room = Room()
    room.is_open.set()
    application = one_by_one(room, patience_seconds=30)
    for _ in range(2):
        try:
            application({"fails": True}, None)
        except ZeroDivisionError:
            continue
    assert list(application({}, None)) == [b"done"]
