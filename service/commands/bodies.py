"""What is sent stays in memory until it is whole; all of it together takes no more than is set aside for it.

Nothing is laid down in a temporary file, as it may be the photograph of an identity card. Small requests always find
room: who fills it with half-sent files keeps others from sending files, not from working.
"""

from collections.abc import Mapping
from threading import Lock
from time import monotonic
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.utilities import Error

MEGABYTE = 1024 * 1024
MOST_BYTES = 256 * MEGABYTE
"""What all bodies together may take, half-sent ones and those that are being answered."""
ALLOWANCE = 64 * 1024
"""So much of each body is not counted."""
SLOWEST = 16 * 1024
"""Bytes a second below which nobody goes on sending after half a minute: he would hold what others need."""
PATIENCE_SECONDS = 30.0


class Room:
    """The bytes that are left for bodies."""

    def __init__(self, most: int) -> None:
        self._left = most
        self._lock = Lock()

    def take(self, number: int) -> bool:
        """Take so many, or none."""
        with self._lock:
            if number > self._left:
                return False
            self._left -= number
            return True

    def give_back(self, number: int) -> None:
        """Give them back."""
        with self._lock:
            self._left += number


class NoRoom(Error):  # type: ignore[misc]
    """Told to who sends a file while there is no room for it."""

    code = 503
    reason = "Service Unavailable"


class TooSlow(Error):  # type: ignore[misc]
    """Told to who sends too slowly."""

    code = 408
    reason = "Request Timeout"


class Parser(HTTPRequestParser):  # type: ignore[misc]
    """Reads a request while there is room for its body."""

    room: Room
    _taken = 0
    _began = 0.0

    def received(self, data: bytes) -> int:
        """Take in what came; answers how much of it belongs to this request."""
        consumed = int(super().received(data))
        if self.body_bytes_received and not self.error:
            self._count()
        return consumed

    def close(self) -> None:
        """Let go of what was read."""
        super().close()
        taken, self._taken = self._taken, 0
        self.room.give_back(taken)

    def _count(self) -> None:
        self._began = self._began or monotonic()
        beyond = max(self.body_bytes_received - ALLOWANCE - self._taken, 0)
        if not self.room.take(beyond):
            self._refuse(NoRoom("too many files are on their way, try again later"))
            return
        self._taken += beyond
        elapsed = monotonic() - self._began
        if not self.completed and elapsed > PATIENCE_SECONDS and self.body_bytes_received < elapsed * SLOWEST:
            self._refuse(TooSlow("the body came too slowly"))

    def _refuse(self, error: Error) -> None:
        self.error, self.completed = error, True
        self.close()


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection that leaves nothing behind."""

    def handle_close(self) -> None:
        """End it."""
        # waitress forgets what was half sent; what it holds must not wait until the garbage is searched.
        if self.request is not None:
            self.request.close()
        super().handle_close()


def bounded(servers: Mapping[int, Any], room: Room) -> None:
    """Let these servers of waitress read bodies within the room alone."""
    parser = type("Parser", (Parser,), {"room": room})
    channel = type("Channel", (Channel,), {"parser_class": parser})
    for server in servers.values():
        if hasattr(server, "channel_class"):
            server.channel_class = channel
