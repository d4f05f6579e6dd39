"""Writers of one process take turns in the order in which they came.

SQLite lets one writer in and makes the others sleep for ever longer times; of eight busy threads some would never
get in. Here the one who leaves hands over to the one who has waited longest.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock


class NoTurn(Exception):
    """Nobody left in time."""


class Turns:
    """A lock that is fair."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._waiting: deque[Lock] = deque()
        self._is_taken = False

    @contextmanager
    def taken(self, *, timeout: float) -> Iterator[None]:
        """Hold the turn; raises NoTurn after so many seconds of waiting."""
        if not self._take(timeout):
            raise NoTurn
        try:
            yield
        finally:
            self._pass_on()

    def _take(self, timeout: float) -> bool:
        with self._guard:
            if not self._is_taken:
                self._is_taken = True
                return True
            mine = Lock()
            mine.acquire()
            self._waiting.append(mine)
        if mine.acquire(timeout=timeout):
            return True
        with self._guard:
            if mine not in self._waiting:
                return True  # it was handed over in the very last moment
            self._waiting.remove(mine)
            return False

    def _pass_on(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_taken = False
