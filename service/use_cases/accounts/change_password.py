"""A person chooses a password of his own; all other sessions end, and this one gets a new identifier (R-021, R-022)."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from service.domain.accounts import passwords
from service.domain.accounts.guessing import SECOND_FACTOR_TRIES, SECOND_FACTOR_WINDOW, Limit
from service.domain.accounts.passwords import Owner, PasswordKind
from service.domain.errors import Refused
from service.domain.plain import plain
from service.storage import audit
from service.storage.accounts import accounts, limits, session_lists
from service.storage.accounts.accounts import Account, NewSession
from service.storage.audit import Subject
from service.storage.db import transaction
from service.storage.members import members
from service.use_cases.accounts import counting, hashing
from service.use_cases.accounts.opening import Session, open_session, valid_grants
from service.use_cases.accounts.who_acts import ActingSession
from service.use_cases.deployment import Deployment

_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class NewPassword:
    """The password in force, as proof, and the one wished for."""

    current: str
    new: str


def change_password(given: NewPassword, *, acting: ActingSession, now: datetime, deployment: Deployment) -> Session:
    """Change the password; one password opens all modules, so it holds everywhere at once.

    Refuses E_LOGIN_FAILED for a wrong current one, E_RATE_LIMITED for many of them, E_PASSWORD_WEAK.
    """
    limit = Limit(f"change:{acting.account.id}", SECOND_FACTOR_TRIES, SECOND_FACTOR_WINDOW)
    account, owner = count_try(limit, acting=acting, now=now, deployment=deployment)
    if not is_right(account, given.current, owner):
        raise Refused("E_LOGIN_FAILED", field="current")
    passwords.require_strong(given.new, owner)
    if given.new == given.current:
        raise Refused("E_PASSWORD_WEAK", field="password", detail_zh="与原密码相同", detail_en="it is the old one")
    hashed = hashing.hash_password(given.new)
    with transaction():
        limits.forget(limit.subject)
        return _changed(account, hashed, acting, now)


def count_try(limit: Limit, *, acting: ActingSession, now: datetime, deployment: Deployment) -> tuple[Account, Owner]:
    """Count a try before anything is hashed, and read what it is compared with; refuses E_RATE_LIMITED after many."""
    with transaction():
        counting.count([limit], now=now)
        account = accounts.by_id(acting.account.id)
        owner = owner_of(acting.account, deployment)
    assert account is not None  # noqa: S101 - somebody acts with it
    return account, owner


def owner_of(account: Account, deployment: Deployment) -> Owner:
    """What the password of an account must not be made of; of a member his number is known. Inside a reading or change."""
    person = members.by_id(account.member_id, deployment.vault) if account.member_id else None
    number = person.member.id_number if person else ""
    return Owner(account.name, number, passwords.initial_password(deployment.profile, number))


def is_right(account: Account, current: str, owner: Owner) -> bool:
    """Whether this is the password in force."""
    if account.password_kind is not PasswordKind.INITIAL:
        return hashing.matches(current, account.password_hash)
    initial = owner.initial
    return initial is not None and secrets.compare_digest(initial.encode(), current.encode())


def _changed(account: Account, hashed: str, acting: ActingSession, now: datetime) -> Session:
    accounts.set_password(account.id, hashed, PasswordKind.OWN)
    session_lists.end_others(account.id)
    held = valid_grants(account.id, now)
    new = NewSession(
        account_id=account.id,
        grant_id=acting.grant_id,
        csrf=secrets.token_urlsafe(_TOKEN_BYTES),
        agent=acting.agent,
        awaits=acting.awaits,
        certificate=acting.certificate,
    )
    changed = accounts.by_id(account.id)
    assert changed is not None  # noqa: S101 - it was changed just now
    session = open_session(changed, held, new, now=now)
    before, after = ({"password": plain(each.password_kind)} for each in (account, changed))
    subject = Subject("account", str(account.id))
    audit.append("change_password", subject=subject, actor=acting.actor, now=now, before=before, after=after)
    return session
