"""The superior who grants roles resets passwords to the initial one, and takes away lost second factors (R-029)."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from service.domain.accounts import passwords
from service.domain.accounts.actors import Actor
from service.domain.accounts.passwords import PasswordKind
from service.domain.accounts.roles import BY_OPERATOR
from service.domain.errors import Refused
from service.domain.organisations.organisations import Chain
from service.domain.plain import plain
from service.storage import audit
from service.storage.accounts import accounts, devices, grants, phones, second_factors, session_lists
from service.storage.accounts.accounts import Account
from service.storage.audit import Subject
from service.storage.db import transaction
from service.storage.members import members
from service.storage.organisations import organisations
from service.use_cases.accounts.authorise_account import issue_code
from service.use_cases.accounts.hashing import hash_password
from service.use_cases.administrators.reach import require_grantable
from service.use_cases.deployment import Deployment

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Reset:
    """How the account is opened again: `password` is told once, where there is no other way: virtual accounts, profiles without activation.

    `is_code_sent`: an authorisation code is on its way to the holder's telephone.
    """

    kind: PasswordKind
    password: str | None = None
    is_code_sent: bool = False


def reset_password(code: str, account_id: int, *, actor: Actor, now: datetime, deployment: Deployment) -> Reset:
    """Put the password back to the initial one of the profile; sessions and known devices end.

    For an account with a role of this organisation or of a member inside it. Refuses as `granting.require_may_grant`,
    E_NOT_FOUND, E_ROLE_NOT_HELD for anybody else's account, E_FORBIDDEN for who holds a role that the actor could not
    take back: whoever could reset it would have that role too.
    """
    issued = new_password()
    hashed = hash_password(issued)
    with transaction():
        account, chain = _resettable(code, account_id, actor, deployment)
        kind = initial_kind(account, deployment)
        accounts.set_password(account.id, hashed if kind is PasswordKind.ISSUED else None, kind)
        session_lists.end_others(account.id)
        devices.forget_of(account.id)
        subject = Subject("account", str(account.id), chain[0].id)
        before, after = ({"password": plain(each)} for each in (account.password_kind, kind))
        audit.append("reset_password", subject=subject, actor=actor, now=now, before=before, after=after)
        is_sent = kind is PasswordKind.OWN and issue_code(account, actor=actor, now=now, deployment=deployment)
        return Reset(kind, issued if kind is PasswordKind.ISSUED else None, is_sent)


def remove_second_factors(code: str, account_id: int, *, actor: Actor, now: datetime, deployment: Deployment) -> None:
    """Take all second factors of somebody away who lost them; refuses as above."""
    with transaction():
        account, chain = _resettable(code, account_id, actor, deployment)
        second_factors.remove_all(account.id)
        session_lists.end_others(account.id)
        subject = Subject("account", str(account.id), chain[0].id)
        audit.append("remove_second_factors", subject=subject, actor=actor, now=now)


def initial_kind(account: Account, deployment: Deployment) -> PasswordKind:
    """How an account without a password of its own is opened; inside a reading or change."""
    person = members.by_id(account.member_id, deployment.vault) if account.member_id else None
    number = person.member.id_number if person else ""
    if passwords.initial_password(deployment.profile, number) is not None:
        return PasswordKind.INITIAL
    # Where nobody activates an account, a password that is told once is the only way in again. Who was reported is no
    # member here, but activates his account as a person does.
    activates = bool(deployment.profile.choice("auth.activation"))
    is_person = person is not None or phones.is_reported(account.id)
    return PasswordKind.OWN if activates and is_person else PasswordKind.ISSUED


def new_password() -> str:
    """A random password that can be read out."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def account_here(code: str, account_id: int, actor: Actor, deployment: Deployment) -> tuple[Account, Chain]:
    """An account with a role of this organisation, or of a member inside it, and up(x) of the organisation.

    Inside a reading or change. Refuses as `granting.require_may_grant`, E_NOT_FOUND, E_ROLE_NOT_HELD.
    """
    chain = require_grantable(code, actor=actor, profile=deployment.profile)
    account = accounts.by_id(account_id)
    if account is None:
        raise Refused("E_NOT_FOUND")
    held = grants.of_account(account_id)
    if all(grant.org_code != code for grant in held) and not _belongs_to(account, code, deployment):
        raise Refused("E_ROLE_NOT_HELD")
    return account, chain


def require_not_above(account_id: int, actor: Actor, deployment: Deployment) -> None:
    """Refuse E_FORBIDDEN for oneself, and for who holds a role that the actor could not take back."""
    for grant in grants.of_account(account_id):
        if grant.org_code is None or grant.role in BY_OPERATOR or account_id == actor.account_id:
            raise Refused("E_FORBIDDEN")
        require_grantable(grant.org_code, actor=actor, profile=deployment.profile)


def _resettable(code: str, account_id: int, actor: Actor, deployment: Deployment) -> tuple[Account, Chain]:
    account, chain = account_here(code, account_id, actor, deployment)
    require_not_above(account_id, actor, deployment)
    return account, chain


def _belongs_to(account: Account, code: str, deployment: Deployment) -> bool:
    person = members.by_id(account.member_id, deployment.vault) if account.member_id else None
    chain = organisations.chain(person.branch_code or "") if person else ()
    return any(org.code == code for org in chain)
