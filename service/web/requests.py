"""What a request says about itself besides its content: its id, the key of a repeat, where it comes from."""

import re
import secrets

from flask import g, request

from service.domain.errors import Refused

_KEY = re.compile(r"[\x21-\x7e]{1,100}")
LARGEST_ID = 2**31 - 1
"""A larger number in an address or a field is none of ours, whatever the database could hold."""
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def request_id() -> str:
    """The name of this request in the log; the one who asked is told it with every refusal."""
    if "request_id" not in g:
        g.request_id = secrets.token_hex(8)
    return str(g.request_id)


def idempotency_key() -> str:
    """The key under which a repeat gets the same answer; a request without one gets its own.

    Refuses E_FIELD_INVALID for anything but 1 to 100 visible ASCII characters.
    """
    given = request.headers.get("Idempotency-Key")
    if given is None:
        return secrets.token_hex(16)
    if not _KEY.fullmatch(given):
        raise Refused(
            "E_FIELD_INVALID",
            field="Idempotency-Key",
            detail_zh="应为 1–100 个可见 ASCII 字符",
            detail_en="expected 1 to 100 visible ASCII characters",
        )
    return given


def address() -> str:
    """Where the request comes from, as far as this process can tell."""
    return request.remote_addr or "-"


def is_safe() -> bool:
    """Whether the request asks for nothing to be changed."""
    return request.method in SAFE_METHODS


def refuse_packed_bodies() -> None:
    """Refuse E_MEDIA_TYPE for a packed body: how large it becomes is known only too late."""
    packing = request.headers.get("Content-Encoding", "identity")
    if packing.lower() != "identity":
        raise Refused("E_MEDIA_TYPE", field="Content-Encoding")
