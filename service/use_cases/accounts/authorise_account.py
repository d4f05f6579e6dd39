"""The authorisation code by which somebody may activate his account: one week, sent to his telephone (R-034)."""

import secrets
from datetime import datetime

from service.domain.accounts import codes as rules
from service.domain.accounts.actors import Actor
from service.storage import audit
from service.storage.accounts import codes, phones
from service.storage.accounts.accounts import Account
from service.storage.audit import Subject
from service.use_cases.accounts.sms_codes import send_text
from service.use_cases.deployment import Deployment


def is_to_be_activated(account: Account, deployment: Deployment) -> bool:
    """Whether nobody can log in to the account before it is activated by an authorisation code."""
    by_code = deployment.profile.choice("auth.activation") == "authorisation_code_sms"
    return by_code and account.password_hash is None and account.password_kind.value == "OWN"


def issue_code(account: Account, *, actor: Actor | None, now: datetime, deployment: Deployment) -> bool:
    """Issue a code and send it, inside a change; an older one is void. False where no telephone is known."""
    phone = phones.contact_of(account.id, deployment.vault)
    if not phone:
        return False
    code = "".join(secrets.choice(rules.AUTHORISATION_LETTERS) for _ in range(rules.AUTHORISATION_LENGTH))
    codes.issue(
        account.id,
        code_index(code, deployment),
        issued_by=actor.account_id if actor else None,
        now=now,
        expires_at=now + rules.AUTHORISATION_GOOD_FOR,
    )
    send_text(phone, rules.authorisation_text(code), now=now, deployment=deployment)
    subject = Subject("account", str(account.id))
    audit.append("issue_authorisation", subject=subject, actor=actor, now=now)
    return True


def code_index(code: str, deployment: Deployment) -> str:
    """The keyed index of an authorisation code."""
    return deployment.vault.index(f"authorisation:{rules.as_entered(code)}")
