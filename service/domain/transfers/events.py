"""The chain of history: the hash of an event covers the whole event and the hash of the one before (R-214)."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from types import NoneType
from typing import Any

from service.domain.plain import canonical

CHAIN_VERSION = 1
ALGORITHM = "SHA-256"
GENESIS = "0" * 64
"""What stands before the first event of a transfer."""
_LARGEST_INTEGER = 2**53 - 1
_PLAIN = frozenset({str, bool, NoneType})


def canonical_record(value: object) -> str:
    """Canonical JSON (RFC 8785) of what an event records: text, whole numbers, truth values, lists, mappings.

    A fraction, a number beyond 2^53, a key that is not ASCII or half a surrogate pair is a fault of the program,
    as two writers would not write the same bytes: TypeError or ValueError.
    """
    _check(value)
    text = canonical(value)  # type: ignore[arg-type]  # _check proved it
    text.encode()
    return text


def event_hash(row: Mapping[str, Any]) -> str:
    """SHA-256, in hex, over the canonical JSON (RFC 8785) of a whole event row without its own hash."""
    return sha256(canonical_record(dict(row)).encode()).hexdigest()


def _check(value: object) -> None:
    # Level by level and by exact type first: records are long, and this runs with every completion.
    waiting = [value]
    while waiting:
        each = waiting.pop()
        kind = type(each)
        if kind is dict:
            _check_keys(each)  # type: ignore[arg-type]
            waiting.extend(each.values())  # type: ignore[attr-defined]
        elif kind is list:
            waiting.extend(each)  # type: ignore[arg-type]
        elif kind not in _PLAIN and not isinstance(each, str | int):
            raise TypeError(f"a record holds no {kind.__name__}")
        elif isinstance(each, int) and abs(each) > _LARGEST_INTEGER:
            raise ValueError(f"{each} cannot be written the same way everywhere")


def _check_keys(keys: Iterable[object]) -> None:
    for key in keys:
        if not (isinstance(key, str) and key.isascii()):
            raise TypeError(f"expected an ASCII key, found {key!r}")
