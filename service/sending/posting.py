"""Posting JSON to an address of the operator's choice: bounded in time and size, and never led elsewhere."""

import json
import ssl
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from service.sending.failures import NotSent, Rejected
from service.sending.in_time import watched

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
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = _connection(parts.scheme, parts.hostname or "", parts.port, seconds)
    with watched(seconds) as watch:
        try:
            connection.connect()
            # A connection that is to be closed lets go of its socket before the answer is read.
            watch.over(connection.sock)
            connection.request("POST", path, body, {"Content-Type": "application/json; charset=utf-8", **headers})
            answer = connection.getresponse()
            said = answer.read(_ANSWER_BYTES)
        except (OSError, HTTPException, ValueError) as error:
            # The address may hold a name and a password: it is not repeated.
            raise NotSent(f"{type(error).__name__}: {_reason(error)}") from error
        finally:
            connection.close()
        watch.require_time()
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


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or "")[:100] or "no answer"
