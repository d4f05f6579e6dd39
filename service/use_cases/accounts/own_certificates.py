"""Certificates are bound to accounts by who grants roles; the holder registers the renewed one himself (R-036)."""

from collections.abc import Sequence
from datetime import datetime

from service.domain.accounts import certificates as rules
from service.domain.accounts.actors import Actor
from service.domain.accounts.certificates import Certificate
from service.domain.accounts.roles import Role
from service.domain.deadlines.notices import NoticeKind
from service.domain.errors import Refused
from service.storage import audit
from service.storage.accounts import accounts, certificates, grants
from service.storage.accounts.certificates import Bound
from service.storage.audit import Subject
from service.storage.db import reading, transaction
from service.storage.messages import notices
from service.storage.messages.notices import Notice
from service.use_cases.accounts.who_acts import ActingSession
from service.use_cases.administrators.reach import require_grantable
from service.use_cases.deployment import Deployment
from service.use_cases.organisations.chains import require_chain


def bind_certificate(
    code: str, account_id: int, shown: Certificate, *, actor: Actor, now: datetime, deployment: Deployment
) -> Bound:
    """Bind a certificate to an account with a role of this organisation.

    Refuses as `granting.require_may_grant`, also for the other roles of the account that need a certificate;
    E_ROLE_NOT_HELD, E_CERT_EXPIRED, E_CERT_INVALID for one that is bound already.
    """
    with transaction():
        _require_may_keep(code, account_id, actor, deployment)
        return _bound(account_id, shown, actor, now)


def renew_certificate(shown: Certificate, *, acting: ActingSession, now: datetime) -> Bound:
    """The holder of a certificate that still holds, who logged in with it, registers its successor.

    Refuses E_CERT_REQUIRED to whoever is here without one, E_CERT_EXPIRED, E_CERT_INVALID.
    """
    if acting.certificate is None:
        raise Refused("E_CERT_REQUIRED")
    with transaction():
        return _bound(acting.account.id, shown, acting.actor, now)


def release_certificate(
    code: str, account_id: int, fingerprint: str, *, actor: Actor, now: datetime, deployment: Deployment
) -> None:
    """Release one, as after a loss; sessions opened with it end. Refuses as above, E_NOT_FOUND."""
    with transaction():
        _require_may_keep(code, account_id, actor, deployment)
        if not certificates.remove(account_id, fingerprint):
            raise Refused("E_NOT_FOUND")
        accounts.close_sessions_with(fingerprint)
        subject = Subject("account", str(account_id))
        before = {"certificate": fingerprint}
        audit.append("release_certificate", subject=subject, actor=actor, now=now, before=before)


def list_certificates(*, acting: ActingSession) -> Sequence[Bound]:
    """One's own certificates, the one that lasts longest first."""
    with reading():
        return certificates.of_account(acting.account.id)


def warn_of_certificates(*, now: datetime) -> int:
    """Tell holders of certificates that end within thirty days, each once; answers how many there are."""
    with reading():
        ending = certificates.ending(after=now, until=now + rules.WARNED_BEFORE)
    if ending:
        with transaction():
            notices.add(_warning(each, now) for each in ending)
    return len(ending)


def _warning(bound: Bound, now: datetime) -> Notice:
    kind = NoticeKind.CERTIFICATE_EXPIRES
    return Notice(kind.value, None, now, account_id=bound.account_id, key=f"certificate:{bound.fingerprint}")


def _require_may_keep(code: str, account_id: int, actor: Actor, deployment: Deployment) -> None:
    """May the actor keep the certificates of this account? Who could not give it every role that needs one, may not.

    Else the superior of somebody's lowest role could shut him out of his highest, or let another in beside him.
    """
    require_grantable(code, actor=actor, profile=deployment.profile)
    held = [grant for grant in grants.of_account(account_id) if grant.org_code and grant.role is not Role.MEMBER]
    if all(grant.org_code != code for grant in held):
        raise Refused("E_ROLE_NOT_HELD")
    for elsewhere in {grant.org_code for grant in held if grant.org_code and grant.org_code != code}:
        chain = require_chain(elsewhere)
        if rules.is_needed(chain[0].org_type, deployment.profile):
            require_grantable(elsewhere, actor=actor, profile=deployment.profile)


def _bound(account_id: int, shown: Certificate, actor: Actor, now: datetime) -> Bound:
    rules.require_valid(shown, now=now)
    bound = Bound(shown.fingerprint, account_id, shown.not_after, actor.account_id, now)
    if not certificates.bind(bound):
        raise Refused("E_CERT_INVALID", detail_zh="该证书已登记", detail_en="it is registered already")
    after = {"certificate": bound.fingerprint, "not_after": f"{bound.not_after:%Y-%m-%d}"}
    audit.append("bind_certificate", subject=Subject("account", str(account_id)), actor=actor, now=now, after=after)
    return bound
