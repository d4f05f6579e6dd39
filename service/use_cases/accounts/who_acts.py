"""Who is behind a session token, and in which role he acts (R-024)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from service.domain.accounts.actors import Actor
from service.domain.accounts.roles import Role
from service.domain.clock import local_date
from service.domain.errors import Refused
from service.storage.accounts import accounts, grants
from service.storage.accounts.accounts import Account, StoredSession
from service.storage.accounts.grants import Grant
from service.storage.db import reading, transaction
from service.storage.organisations import organisations

_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a session lasts: without use, and at all."""

    idle: timedelta
    absolute: timedelta


@dataclass(frozen=True, slots=True)
class ActingSession:
    """A live session: its account, the acting role, and the token that forms must carry.

    `awaits` is what was left open at log-in; `certificate` the fingerprint that each request must show (R-036).
    """

    actor: Actor
    account: Account
    grant_id: int | None
    csrf: str
    awaits: str | None = None
    certificate: str | None = None
    agent: str = ""
    digest: str = ""


def who_acts(token: str, *, now: datetime, limits: Limits) -> ActingSession:
    """Find the actor of a token; refuses E_LOGIN_REQUIRED for one that is unknown, idle or too old."""
    with reading():
        found = accounts.session(token) if token else None
        if found is None or _has_ended(found[0], now, limits) or found[0].account.status != "ACTIVE":
            raise Refused("E_LOGIN_REQUIRED")
        stored, role, code = found
        chain = organisations.chain(code) if code else ()
    if stored.seen_at < now - _NOTED_EVERY:
        with transaction():
            accounts.seen(token, now=now)
    account = stored.account
    # Nobody stops being a member by acting as an officer: that he would decide on himself stays visible.
    actor = Actor(account.id, account.name, role or Role.MEMBER, chain[0] if chain else None, account.member_id)
    return ActingSession(
        actor,
        account,
        stored.grant_id,
        stored.csrf,
        stored.awaits,
        stored.certificate,
        stored.agent,
        accounts.digest(token),
    )


def roles_of(account_id: int) -> tuple[Grant, ...]:
    """The roles an account may switch to."""
    with reading():
        return tuple(grants.of_account(account_id))


def _has_ended(stored: StoredSession, now: datetime, limits: Limits) -> bool:
    is_over = stored.valid_until is not None and stored.valid_until < local_date(now)
    return is_over or stored.seen_at < now - limits.idle or stored.created_at < now - limits.absolute
