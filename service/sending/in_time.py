"""One talk with another machine, bounded as a whole: who answers a byte at a time is cut off all the same."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from service.sending.failures import NotSent

_MOST_WAITING = 65_536


class Watch:
    """Cuts the sockets it watches when the time is over; one that is opened after that is cut at once."""

    def __init__(self) -> None:
        self._is_over = threading.Event()
        self._sockets: list[socket.socket] = []

    def over(self, opened: socket.socket) -> None:
        """Watch a connection; raises NotSent when there is no time left for it."""
        # What waits to be read when it is cut off is read all the same: it must not be much.
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _MOST_WAITING)
        self._sockets.append(opened)
        self.require_time()

    def require_time(self) -> None:
        """Raise NotSent when the time is over: what was cut off looks like a short answer."""
        if self._is_over.is_set():
            raise NotSent("no whole answer in time")

    def cut(self) -> None:
        """End it."""
        self._is_over.set()
        for each in self._sockets:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


@contextmanager
def watched(seconds: float) -> Iterator[Watch]:
    """Bound what is done inside; a time-out of single reads alone bounds nothing."""
    watch = Watch()
    alarm = threading.Timer(seconds, watch.cut)
    alarm.daemon = True
    alarm.start()
    try:
        yield watch
    finally:
        alarm.cancel()
