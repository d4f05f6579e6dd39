"""Requests are answered one after the other by one thread; another helps out when one takes long.

The interpreter runs one thread at a time anyway, and lets go at every statement that goes to the database. Threads
that are awake at the same time hand it to each other a dozen times in a request, which costs half as much again as
the request itself. A thread that goes straight on with the next request hands over to nobody.
"""

from collections import deque
from time import monotonic
from typing import Any

from waitress.task import ThreadedTaskDispatcher

PATIENCE_SECONDS = 0.05


class OneAfterTheOther(ThreadedTaskDispatcher):  # type: ignore[misc]
    """Hands requests to threads; who has waited for `patience` seconds gets a thread of his own, if one is free."""

    def __init__(self, *, threads: int, patience: float = PATIENCE_SECONDS) -> None:
        super().__init__()
        self._patience = patience
        self._asked_at: deque[float] = deque()
        self._busy = 0
        self._is_watched = False
        self.set_thread_count(threads)

    def add_task(self, task: Any) -> None:
        """Take a request in; waitress calls this in the thread that reads from the network."""
        with self.lock:
            self.queue.append(task)
            self._asked_at.append(monotonic())
            if not (self._busy and self._is_watched):
                self.queue_cv.notify()

    def handler_thread(self, thread_no: int) -> None:
        """Answer requests until the server ends; waitress starts it."""
        while (task := self._next(thread_no)) is not None:
            try:
                task.service()
            except BaseException:
                self.logger.exception("Exception when servicing %r", task)
            finally:
                with self.lock:
                    self._busy -= 1

    def _next(self, thread_no: int) -> Any:
        """The next request that this thread should answer; None when it should end."""
        with self.lock:
            while not self.stop_count:
                if self.queue and (not self._busy or self._has_waited()):
                    return self._taken()
                self._sleep()
            self.active_count -= 1
            self.stop_count -= 1
            self.threads.discard(thread_no)
            self.thread_exit_cv.notify()
            return None

    def _has_waited(self) -> bool:
        return monotonic() - self._asked_at[0] >= self._patience

    def _taken(self) -> Any:
        self._busy += 1
        self._asked_at.popleft()
        task = self.queue.popleft()
        if self.queue and not self._is_watched:
            self.queue_cv.notify()
        return task

    def _sleep(self) -> None:
        # Of those who sleep while another works one looks up from time to time; a busy one cannot call for help.
        if self._busy and not self._is_watched:
            self._is_watched = True
            self.queue_cv.wait(self._patience)
            self._is_watched = False
        else:
            self.queue_cv.wait()
