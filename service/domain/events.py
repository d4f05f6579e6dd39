"""The chain of history: the hash of an event covers the whole event and the hash of the one before (R-214)."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from service.domain.plain import canonical

CHAIN_VERSION = 1
ALGORITHM = "SHA-256"
GENESIS = "0" * 64
"""What stands before the first event of a transfer."""


def event_hash(row: Mapping[str, Any]) -> str:
    """SHA-256, in hex, over the canonical JSON (RFC 8785) of a whole event row without its own hash."""
    return sha256(canonical(dict(row)).encode()).hexdigest()
