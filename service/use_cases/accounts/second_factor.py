"""The second factor: set up and shown at log-in; each rise of privilege gives a new session identifier.

Six digits that change every half minute (RFC 6238), each good once; ten recovery codes, each good once.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import pyotp

from service.domain.accounts import guessing
from service.domain.accounts.codes import as_entered
from service.domain.deadlines.notices import NoticeKind
from service.domain.errors import Refused
from service.storage import audit
from service.storage.accounts import accounts, limits, second_factors, session_lists
from service.storage.accounts.accounts import NewSession
from service.storage.accounts.second_factors import TOTP, Factor
from service.storage.audit import Subject
from service.storage.db import reading, transaction
from service.storage.messages import notices
from service.storage.messages.notices import Notice
from service.use_cases.accounts import counting
from service.use_cases.accounts.opening import Session, open_session, valid_grants
from service.use_cases.accounts.who_acts import ActingSession
from service.use_cases.deployment import Deployment

ISSUER = "党员组织关系转接"
RECOVERY_CODES = 10
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_RECOVERY_LENGTH = 12
_TOKEN_BYTES = 32
_STEP_SECONDS = 30
_LONGEST_NAME = 60
_SECRET = "totp"  # noqa: S105 - under which name it is sealed


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A secret to be put into an authenticator, told once; `uri` is what its QR code says."""

    factor_id: int
    secret: str
    uri: str


@dataclass(frozen=True, slots=True)
class Factors:
    """The second factors of an account, and how many recovery codes are left."""

    items: Sequence[Factor]
    recovery_left: int


@dataclass(frozen=True, slots=True)
class Risen:
    """A session that is whole now; `recovery` are new recovery codes, told once, after the first set-up."""

    session: Session
    recovery: tuple[str, ...] = ()


def list_factors(*, acting: ActingSession) -> Factors:
    """What is set up."""
    with reading():
        return Factors(second_factors.of_account(acting.account.id), second_factors.count_recovery(acting.account.id))


def begin_totp(name: str, *, acting: ActingSession, now: datetime, deployment: Deployment) -> Enrolment:
    """Make a new secret; it counts once a first code from it has come."""
    secret = pyotp.random_base32()
    with transaction():
        sealed = deployment.vault.seal_secret(secret, name=_SECRET)
        factor_id = second_factors.add_totp(
            acting.account.id, name=name.strip()[:_LONGEST_NAME], secret_sealed=sealed, now=now
        )
        note("begin_second_factor", acting, now)
    uri = pyotp.TOTP(secret).provisioning_uri(name=acting.account.name, issuer_name=ISSUER)
    return Enrolment(factor_id, secret, uri)


def confirm_totp(code: str, *, acting: ActingSession, now: datetime, deployment: Deployment) -> Risen:
    """The first code proves that the secret arrived; refuses E_SECOND_FACTOR_INVALID, E_RATE_LIMITED."""
    count_try(acting, now)
    with transaction():
        is_first = not second_factors.of_account(acting.account.id)
        waiting = [
            each
            for each in second_factors.of_account(acting.account.id, with_unconfirmed=True)
            if not each.is_confirmed
        ]
        if not any(_fits(each, code, now, deployment) for each in waiting):
            raise Refused("E_SECOND_FACTOR_INVALID", field="code")
        return enrolled(acting, now, deployment, is_first=is_first)


def pass_second_factor(code: str, *, acting: ActingSession, now: datetime, deployment: Deployment) -> Session:
    """Show a code of an authenticator, or a recovery code; refuses E_SECOND_FACTOR_INVALID, E_RATE_LIMITED."""
    count_try(acting, now)
    with transaction():
        if not is_code(code, acting=acting, now=now, deployment=deployment):
            raise Refused("E_SECOND_FACTOR_INVALID", field="code")
        return risen(acting, now)


def is_code(code: str, *, acting: ActingSession, now: datetime, deployment: Deployment) -> bool:
    """Whether it is a code of an authenticator or a recovery code; it is used up. Inside a change."""
    totps = [each for each in second_factors.of_account(acting.account.id) if each.kind == TOTP]
    if any(_fits(each, code, now, deployment) for each in totps):
        return True
    is_recovery = second_factors.use_recovery(acting.account.id, recovery_index(acting.account.id, code, deployment))
    if is_recovery:
        note("use_recovery_code", acting, now)
    return is_recovery


def count_try(acting: ActingSession, now: datetime) -> None:
    """Count one try before it is looked at; refuses E_RATE_LIMITED."""
    with transaction():
        counting.count([guessing.of_second_factor(acting.account.id)], now=now)


def enrolled(acting: ActingSession, now: datetime, deployment: Deployment, *, is_first: bool) -> Risen:
    """What follows when a factor was added, inside a change."""
    codes = new_recovery(acting.account.id, deployment) if is_first else ()
    note("add_second_factor", acting, now)
    notices.add([Notice(NoticeKind.FACTOR_ADDED.value, None, now, account_id=acting.account.id)])
    # Those opened before proved nothing by it, and could take it away again.
    session_lists.end_others(acting.account.id)
    return Risen(risen(acting, now), codes)


def risen(acting: ActingSession, now: datetime) -> Session:
    """The same session without what was awaited, under a new identifier; the old one ends. Inside a change."""
    account = accounts.by_id(acting.account.id)
    assert account is not None  # noqa: S101 - somebody acts with it
    limits.forget(guessing.of_second_factor(account.id).subject)
    accounts.close_session_of_digest(acting.digest)
    new = NewSession(
        account_id=account.id,
        grant_id=acting.grant_id,
        csrf=secrets.token_urlsafe(_TOKEN_BYTES),
        agent=acting.agent,
        certificate=acting.certificate,
    )
    return open_session(account, valid_grants(account.id, now), replace(new, awaits=None), now=now)


def recovery_index(account_id: int, code: str, deployment: Deployment) -> str:
    """The keyed index of a recovery code."""
    return deployment.vault.index(f"recovery:{account_id}:{as_entered(code)}")


def _fits(factor: Factor, code: str, now: datetime, deployment: Deployment) -> bool:
    """Whether it is the code of this half minute or of a neighbour, and was not used before."""
    given = as_entered(code)
    if factor.secret_sealed is None or not (given.isascii() and given.isdigit()):
        return False
    totp = pyotp.TOTP(deployment.vault.open_secret(factor.secret_sealed, name=_SECRET))
    this = int(now.timestamp()) // _STEP_SECONDS
    for step in (this, this - 1, this + 1):
        if secrets.compare_digest(totp.generate_otp(step), given):
            return second_factors.use(factor.id, counter=step)
    return False


def new_recovery(account_id: int, deployment: Deployment) -> tuple[str, ...]:
    """Recovery codes in place of those there were; inside a change."""
    codes = tuple("".join(secrets.choice(_ALPHABET) for _ in range(_RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES))
    second_factors.replace_recovery(account_id, [recovery_index(account_id, each, deployment) for each in codes])
    return codes


def note(action: str, acting: ActingSession, now: datetime) -> None:
    """Record what somebody did with his own second factors; inside a change."""
    audit.append(action, subject=Subject("account", str(acting.account.id)), actor=acting.actor, now=now)
