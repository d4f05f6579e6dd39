"""Requests are answered one after the other, and one that works for long does not hold up the others."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from service.commands.dispatcher import OneAfterTheOther


class Room:
    """Where requests are answered; it tells how many were in it at the same time, and in which threads."""

    def __init__(self) -> None:
        self.inside = self.most = 0
        self.threads: set[str] = set()
        self.is_open = threading.Event()
        self.has_entered = threading.Semaphore(0)
        self.has_left = threading.Semaphore(0)
        self._guard = threading.Lock()

    def service(self) -> None:
        with self._guard:
            self.inside += 1
            self.most = max(self.most, self.inside)
            self.threads.add(threading.current_thread().name)
        self.has_entered.release()
        self.is_open.wait(10)
        with self._guard:
            self.inside -= 1
        self.has_left.release()

    def cancel(self) -> None:
        self.has_left.release()


class Faulty(Room):
    """Every answer fails."""

    def service(self) -> None:
        super().service()
        raise ZeroDivisionError


@contextmanager
def dispatching(*, patience: float, threads: int = 4) -> Iterator[OneAfterTheOther]:
    dispatcher = OneAfterTheOther(threads=threads, patience=patience)
    try:
        yield dispatcher
    finally:
        dispatcher.shutdown()
        assert not dispatcher.threads, "threads stayed behind"


def wait_for(semaphore: threading.Semaphore, times: int) -> None:
    for _ in range(times):
        assert semaphore.acquire(timeout=10)


def test_one_is_answered_while_the_others_wait() -> None:
    room = Room()
    with dispatching(patience=30) as dispatcher:
        for _ in range(6):
            dispatcher.add_task(room)
        wait_for(room.has_entered, 1)
        assert room.inside == 1
        room.is_open.set()
        wait_for(room.has_left, 6)
    assert (room.most, room.inside, len(room.threads)) == (1, 0, 1)


def test_one_that_works_for_long_is_passed_by_as_long_as_threads_are_free() -> None:
    room = Room()
    with dispatching(patience=0.01, threads=3) as dispatcher:
        for _ in range(5):
            dispatcher.add_task(room)
        wait_for(room.has_entered, 3)
        assert not room.has_entered.acquire(timeout=0.1)
        room.is_open.set()
        wait_for(room.has_left, 5)
    assert room.most == 3


def test_who_comes_while_another_works_for_long_is_answered_too() -> None:
    slow, quick = Room(), Room()
    quick.is_open.set()
    with dispatching(patience=0.01) as dispatcher:
        dispatcher.add_task(slow)
        wait_for(slow.has_entered, 1)
        for _ in range(20):
            dispatcher.add_task(quick)
            wait_for(quick.has_left, 1)
        slow.is_open.set()
        wait_for(slow.has_left, 1)
    assert (slow.most, quick.most) == (1, 1)


def test_after_a_fault_the_next_one_is_answered(caplog: pytest.LogCaptureFixture) -> None:
    room, faulty = Room(), Faulty()
    room.is_open.set()
    faulty.is_open.set()
    with dispatching(patience=30, threads=1) as dispatcher:
        dispatcher.add_task(faulty)
        dispatcher.add_task(room)
        wait_for(room.has_left, 1)
    assert "ZeroDivisionError" in caplog.text


def test_thousands_of_requests_from_many_sides_are_all_answered() -> None:
    room = Room()
    room.is_open.set()
    with dispatching(patience=0.001, threads=8) as dispatcher:
        sides = [threading.Thread(target=lambda: [dispatcher.add_task(room) for _ in range(500)]) for _ in range(8)]
        for side in sides:
            side.start()
        wait_for(room.has_left, 4000)
        for side in sides:
            side.join(10)
    assert room.inside == 0
