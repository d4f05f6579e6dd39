"""A person logs in by identity number or assigned name; attempts are counted before anything is hashed (R-021).

Counted as failures from the start and taken back after a success: so many attempts at once are no way around the limit.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error

from service.domain.clock import local_date
from service.domain.errors import Refused
from service.storage import accounts, grants
from service.storage.accounts import Account
from service.storage.db import transaction
from service.storage.grants import Grant
from service.use_cases.deployment import Deployment

WINDOW = timedelta(minutes=15)
FAILURES_PER_ACCOUNT = 5
FAILURES_PER_ADDRESS = 50
_TOKEN_BYTES = 32
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# An unknown name costs the same time as a wrong password.
_NOBODY = _HASHER.hash(secrets.token_hex())


@dataclass(frozen=True, slots=True)
class Session:
    """A new session: the token goes to the browser or program and is kept nowhere else."""

    token: str
    csrf: str
    account: Account
    grants: tuple[Grant, ...]
    grant_id: int | None


def log_in(login_name: str, password: str, *, now: datetime, address: str, deployment: Deployment) -> Session:
    """Open a session; refuses E_LOGIN_FAILED alike for unknown names and wrong passwords, and E_RATE_LIMITED."""
    index = login_index(login_name, deployment)
    by_account, by_address = f"account:{index}", f"address:{address}"
    with transaction():
        _count(by_account, FAILURES_PER_ACCOUNT, now)
        _count(by_address, FAILURES_PER_ADDRESS, now)
        account = accounts.by_login(index)
    if not _is_right(account, password) or account is None:
        raise Refused("E_LOGIN_FAILED")
    with transaction():
        accounts.forget_failures(by_account)
        accounts.uncount_attempt(by_address)
        held = valid_grants(account.id, now)
        acting = next((each.id for each in held if each.is_default), None)
        return open_session(account, held, acting, now=now)


def open_session(account: Account, held: tuple[Grant, ...], grant_id: int | None, *, now: datetime) -> Session:
    """Store a new session with a new identifier; inside a transaction."""
    token, csrf = secrets.token_urlsafe(_TOKEN_BYTES), secrets.token_urlsafe(_TOKEN_BYTES)
    accounts.open_session(token, account_id=account.id, grant_id=grant_id, csrf=csrf, now=now)
    return Session(token, csrf, account, held, grant_id)


def valid_grants(account_id: int, now: datetime) -> tuple[Grant, ...]:
    """The roles an account may act in today (R-024)."""
    today = local_date(now)
    held = grants.of_account(account_id)
    return tuple(each for each in held if each.valid_until is None or each.valid_until >= today)


def login_index(login_name: str, deployment: Deployment) -> str:
    """Keyed index of a log-in name; identity numbers are never compared or stored in plain text."""
    return deployment.vault.index(f"login:{login_name.strip().upper()}")


def hash_password(password: str) -> str:
    """Hash a password for storage."""
    return _HASHER.hash(password)


def _count(subject: str, limit: int, now: datetime) -> None:
    if accounts.count_attempt(subject, now=now, window=WINDOW) > limit:
        raise Refused("E_RATE_LIMITED")


def _is_right(account: Account | None, password: str) -> bool:
    hashed = account.password_hash if account is not None and account.status == "ACTIVE" else None
    try:
        _HASHER.verify(hashed or _NOBODY, password)
    except Argon2Error:
        return False
    return hashed is not None
