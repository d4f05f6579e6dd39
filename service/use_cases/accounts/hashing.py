"""Hashing passwords: deliberately slow, so only two at a time; nobody's name costs as much as somebody's."""

import secrets
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_AT_ONCE = BoundedSemaphore(2)
_NOBODY = _HASHER.hash(secrets.token_hex())


def hash_password(password: str) -> str:
    """Hash a password for storage."""
    with _AT_ONCE:
        return _HASHER.hash(password)


def matches(password: str, hashed: str | None) -> bool:
    """Whether it is the password of this hash; without one nothing matches, and it takes as long."""
    return check(password, hashed or _NOBODY) and hashed is not None


def check(password: str, hashed: str) -> bool:
    """Compare with a hash; the one place where that work is done."""
    try:
        with _AT_ONCE:
            return _HASHER.verify(hashed, password)
    except (Argon2Error, InvalidHashError):
        return False
