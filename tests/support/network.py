"""Tests speak to this machine only: any other address is an error that names itself."""

import ipaddress
import socket
from typing import Any

_connect = socket.socket.connect


class ForbiddenAddress(RuntimeError):
    """A test tried to leave this machine."""


def _guarded(self: socket.socket, address: Any) -> None:
    if self.family in {socket.AF_INET, socket.AF_INET6} and not _is_loopback(str(address[0])):
        raise ForbiddenAddress(f"Expected a loopback address, found {address[0]!r}: tests use no network.")
    _connect(self, address)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def forbid() -> None:
    """Guard every connection that Python code of this process opens from now on."""
    socket.socket.connect = _guarded  # type: ignore[method-assign]
