"""Opens a session for an account in one of its roles, with whatever that role asks for (R-024, R-036)."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from service.domain.accounts import certificates as rules_of_certificates
from service.domain.accounts.restrictions import Awaited
from service.domain.clock import local_date
from service.storage.accounts import accounts, certificates, grants, second_factors
from service.storage.accounts.accounts import Account, NewSession
from service.storage.accounts.grants import Grant
from service.storage.organisations import organisations
from service.use_cases.accounts.caller import Caller, DoorRules
from service.use_cases.deployment import Deployment

_TOKEN_BYTES = 32
_LONGEST_AGENT = 200


@dataclass(frozen=True, slots=True)
class Session:
    """A new session: the token goes to the browser or program and is kept nowhere else.

    `awaits` is what is to be done before anything else is open.
    """

    token: str
    csrf: str
    account: Account
    grants: tuple[Grant, ...]
    grant_id: int | None
    awaits: Awaited | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Who asks, what is asked of him, and in which deployment."""

    caller: Caller
    rules: DoorRules
    deployment: Deployment


def standing(
    account: Account, held: tuple[Grant, ...], grant_id: int | None, where: Standing, *, now: datetime
) -> NewSession:
    """A session as it may be opened from here in this role; inside a change.

    Refuses E_CERT_REQUIRED, E_CERT_EXPIRED.
    """
    factors = second_factors.of_account(account.id)
    awaits = Awaited.SECOND_FACTOR if factors else None
    if not factors and held and where.rules.second_factor == "required":
        awaits = Awaited.ENROLMENT
    return NewSession(
        account_id=account.id,
        grant_id=grant_id,
        csrf=secrets.token_urlsafe(_TOKEN_BYTES),
        agent=where.caller.agent[:_LONGEST_AGENT],
        awaits=awaits.value if awaits else None,
        certificate=required_certificate(account.id, held, grant_id, where, now=now),
    )


def required_certificate(
    account_id: int, held: tuple[Grant, ...], grant_id: int | None, where: Standing, *, now: datetime
) -> str | None:
    """The fingerprint of the certificate that the role needs; None where it needs none. Refuses as above (R-036)."""
    grant = next((each for each in held if each.id == grant_id), None)
    if grant is None or grant.org_code is None or not where.rules.certificates:
        return None
    profile = where.deployment.profile
    if not profile.choices("auth.certificate_required_for"):
        return None
    chain = organisations.chain(grant.org_code)
    if not rules_of_certificates.is_needed(chain[0].org_type, profile):
        return None
    own = [each.fingerprint for each in certificates.of_account(account_id)]
    return rules_of_certificates.require_own(where.caller.certificate, own, now=now)


def open_session(account: Account, held: tuple[Grant, ...], new: NewSession, *, now: datetime) -> Session:
    """Store a new session with a new identifier; inside a change."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    accounts.open_session(token, new, now=now)
    awaits = Awaited(new.awaits) if new.awaits else None
    return Session(token, new.csrf, account, held, new.grant_id, awaits)


def valid_grants(account_id: int, now: datetime) -> tuple[Grant, ...]:
    """The roles an account may act in today (R-024)."""
    today = local_date(now)
    held = grants.of_account(account_id)
    return tuple(each for each in held if each.valid_until is None or each.valid_until >= today)
