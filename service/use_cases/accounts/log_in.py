"""A person logs in by identity number or assigned name (R-021); attempts are counted before anything is hashed.

What is not known is refused as what is wrong is: same answer, same work. Counted as failures from the start and taken
back after a success: so many attempts at once are no way around the limit.
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime

from service.domain.accounts import passwords
from service.domain.accounts.passwords import PasswordKind
from service.domain.clock import local_date
from service.domain.errors import Refused
from service.storage.accounts import accounts, devices
from service.storage.accounts.accounts import Account
from service.storage.db import transaction
from service.storage.members import members
from service.use_cases.accounts import counting, hashing
from service.use_cases.accounts.caller import Caller, DoorRules
from service.use_cases.accounts.captcha import CaptchaAnswer, require_captcha
from service.use_cases.accounts.counting import Attempt
from service.use_cases.accounts.opening import Session, Standing, open_session, standing, valid_grants
from service.use_cases.deployment import Deployment

_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class Credentials:
    """What somebody logs in with."""

    login_name: str
    password: str
    captcha: CaptchaAnswer = field(default_factory=CaptchaAnswer)


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """A new session, and the token of a device that is new; the browser or program keeps both, nobody else."""

    session: Session
    device: str | None


def log_in(
    given: Credentials, *, caller: Caller, now: datetime, deployment: Deployment, rules: DoorRules | None = None
) -> LoggedIn:
    """Open a session.

    Refuses E_LOGIN_FAILED alike for unknown names and wrong passwords, E_CAPTCHA after three failures, E_RATE_LIMITED;
    only to who knows the password E_ACCOUNT_CLOSED, E_CERT_REQUIRED, E_CERT_EXPIRED.
    """
    asked = rules or DoorRules()
    index = login_index(given.login_name, deployment)
    attempt = counting.look(index, caller, asked, now=now)
    if attempt.wants_captcha:
        require_captcha(given.captcha, address=caller.address, now=now, deployment=deployment)
    with transaction():
        counting.count((attempt.own, *attempt.others), now=now)
        account = accounts.by_login(index) or _unopened(given.login_name, deployment)
    if not _is_right(account, given, deployment) or account is None:
        raise Refused("E_LOGIN_FAILED")
    with transaction():
        # Who knows the password guesses no more, even if he may not come in.
        counting.forgive(attempt)
    if passwords.is_closed(account.password_kind, account.activated_at, deployment.profile, today=local_date(now)):
        raise Refused("E_ACCOUNT_CLOSED")
    with transaction():
        return _entered(_opened(account, index), attempt, Standing(caller, asked, deployment), now)


def is_captcha_wanted(login_name: str, *, caller: Caller, now: datetime, deployment: Deployment) -> bool:
    """Whether the next attempt on this name needs a captcha; alike for known and unknown ones."""
    try:
        return counting.look(login_index(login_name, deployment), caller, DoorRules(), now=now).wants_captcha
    except Refused:
        return False


def login_index(login_name: str, deployment: Deployment) -> str:
    """Keyed index of a log-in name; identity numbers are never compared or stored in plain text."""
    return deployment.vault.index(f"login:{login_name.strip().upper()}")


def _entered(account: Account, attempt: Attempt, where: Standing, now: datetime) -> LoggedIn:
    held = valid_grants(account.id, now)
    acting = next((each.id for each in held if each.is_default), None)
    new = standing(account, held, acting, where, now=now)
    session = open_session(account, held, new, now=now)
    if attempt.device:
        devices.seen(attempt.device, now=now)
        return LoggedIn(session, None)
    device = secrets.token_urlsafe(_TOKEN_BYTES)
    devices.add(device, account.id, now=now)
    return LoggedIn(session, device)


def _is_right(account: Account | None, given: Credentials, deployment: Deployment) -> bool:
    live = account if account is not None and account.status == "ACTIVE" else None
    is_initial = live is not None and live.password_kind is PasswordKind.INITIAL
    is_hash_right = hashing.matches(given.password, live.password_hash if live and not is_initial else None)
    initial = passwords.initial_password(deployment.profile, given.login_name) if is_initial else None
    return is_hash_right or (initial is not None and secrets.compare_digest(initial.encode(), given.password.encode()))


def _unopened(login_name: str, deployment: Deployment) -> Account | None:
    """A member who has the initial password of the profile and never logged in: nobody opened an account for him."""
    if not passwords.looks_like_number(login_name):
        return None
    people = members.by_id_number(login_name.strip().upper(), deployment.vault)
    if not people or passwords.initial_password(deployment.profile, login_name) is None:
        return None
    member = people[0].member
    if member.status.is_historical or accounts.of_member(member.id) is not None:
        return None
    return Account(0, member.name, member.id, None, password_kind=PasswordKind.INITIAL)


def _opened(account: Account, index: str) -> Account:
    if account.id:
        return account
    found = accounts.by_login(index)
    if found is None:
        values = {"login_index": index, "name": account.name, "member_id": account.member_id}
        accounts.add(**values, password_hash=None, password_kind=account.password_kind)  # type: ignore[arg-type]
        found = accounts.by_login(index)
    assert found is not None  # noqa: S101 - it was added just now
    return found
