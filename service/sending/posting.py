"""Posting JSON to an address of the operator's choice: bounded in time and size, and never led elsewhere."""

import json
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from service.sending.failures import NotSent, Rejected

WHOLE_SECONDS = 8.0
"""The longest one attempt may take; ten of them end before the claim on them does."""
_ANSWER_BYTES = 65_536
_OK, _END_OF_OK = 200, 300
_CLIENT_FAULT, _SERVER_FAULT = 400, 500
_PASSING = frozenset({401, 403, 404, 408, 425, 429})
"""Answers that blame the request, but that waiting or mending the settings can change."""


def encoded(body: Mapping[str, Any]) -> bytes:
    """A body as it is posted, and as it is signed."""
    return json.dumps(dict(body), ensure_ascii=False, separators=(",", ":")).encode()


def post(url: str, body: bytes, *, headers: Mapping[str, str], seconds: float = WHOLE_SECONDS) -> bytes:
    """Post once and return the beginning of the answer.

    Raises NotSent, or Rejected when the receiver says that this content will never do.

    A redirection is no delivery: it is not followed.
    """
    parts = urlsplit(url)
    connection = _connection(parts.scheme, parts.hostname or "", parts.port, seconds)
    # A connection that is to be closed lets go of its socket before the answer is read.
    sockets: list[socket.socket] = []
    cut = threading.Event()
    alarm = threading.Timer(seconds, _cut, (sockets, cut))
    alarm.daemon = True
    alarm.start()
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.connect()
        sockets.append(connection.sock)
        connection.request("POST", path, body, {"Content-Type": "application/json; charset=utf-8", **headers})
        answer = connection.getresponse()
        said = answer.read(_ANSWER_BYTES)
    except (OSError, HTTPException, ValueError) as error:
        # The address may hold a name and a password: it is not repeated.
        raise NotSent(f"{type(error).__name__}: {_reason(error)}") from error
    finally:
        alarm.cancel()
        connection.close()
    if cut.is_set():
        # What was cut off looks like a short answer.
        raise NotSent("no whole answer in time")
    _judge(answer.status)
    return said


def _judge(status: int) -> None:
    if _OK <= status < _END_OF_OK:
        return
    if _CLIENT_FAULT <= status < _SERVER_FAULT and status not in _PASSING:
        raise Rejected(f"HTTP {status}")
    raise NotSent(f"HTTP {status}")


def _connection(scheme: str, host: str, port: int | None, seconds: float) -> HTTPConnection:
    if scheme == "https":
        return HTTPSConnection(host, port, timeout=seconds, context=ssl.create_default_context())
    return HTTPConnection(host, port, timeout=seconds)


def _cut(sockets: list[socket.socket], cut: threading.Event) -> None:
    cut.set()
    # A receiver that answers a byte at a time never runs into the time-out of a single read.
    for each in sockets:
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or "")[:100] or "no answer"
