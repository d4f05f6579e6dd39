"""Accounts that superiors open: virtual ones, and those of administrators whom a security officer brings in (R-031, R-034)."""

from dataclasses import dataclass
from datetime import datetime

from service.domain.accounts import phone_binding
from service.domain.accounts.actors import Actor
from service.domain.accounts.passwords import PasswordKind, looks_like_number
from service.domain.accounts.roles import Role
from service.domain.clock import local_date
from service.domain.errors import Refused
from service.domain.members import identity_numbers
from service.storage import audit
from service.storage.accounts import accounts, phones
from service.storage.accounts.accounts import Account
from service.storage.audit import Subject
from service.storage.db import transaction
from service.storage.members import members
from service.use_cases.accounts.hashing import hash_password
from service.use_cases.accounts.log_in import login_index
from service.use_cases.accounts.open_account import open_account
from service.use_cases.accounts.reset_password import initial_kind, new_password
from service.use_cases.administrators.reach import require_grantable
from service.use_cases.deployment import Deployment


@dataclass(frozen=True, slots=True)
class Opened:
    """An account that was opened; `password` is told once, where there is no other way to log in."""

    account_id: int
    password: str | None = None


@dataclass(frozen=True, slots=True)
class Officer:
    """An administrator as he was reported: the telephone gets the authorisation code."""

    name: str
    id_number: str
    phone: str


def open_virtual_account(
    code: str, login_name: str, name: str, *, actor: Actor, now: datetime, deployment: Deployment
) -> Opened:
    """Open an account that is no person's, for an organisation whose roles the actor grants; it has no role yet.

    Refuses as `granting.require_may_grant`, E_REQUIRED_FIELD, E_FIELD_INVALID for a name that is an identity number,
    E_ACCOUNT_EXISTS.
    """
    login, shown = login_name.strip(), name.strip()
    if not login or not shown:
        raise Refused("E_REQUIRED_FIELD", field="name" if login else "login_name")
    if looks_like_number(login):
        raise Refused("E_FIELD_INVALID", field="login_name")
    issued = new_password()
    hashed = hash_password(issued)
    with transaction():
        chain = require_grantable(code, actor=actor, profile=deployment.profile)
        _require_new(login, deployment)
        account_id = open_account(login, name=shown, password=None, deployment=deployment)
        kind = initial_kind(Account(account_id, shown, None, None), deployment)
        accounts.set_password(account_id, hashed if kind is PasswordKind.ISSUED else None, kind)
        subject = Subject("account", str(account_id), chain[0].id)
        audit.append("open_account", subject=subject, actor=actor, now=now, after={"kind": "virtual"})
    return Opened(account_id, issued if kind is PasswordKind.ISSUED else None)


def import_officer(code: str, officer: Officer, *, actor: Actor, now: datetime, deployment: Deployment) -> Opened:
    """Open the account of an administrator who was reported; the code goes out when a role is granted (R-034).

    Only a security officer may, in his scope. Refuses as `granting.require_may_grant`, E_FORBIDDEN, E_ID_FORMAT,
    E_ID_CHECKSUM, E_PHONE_FORMAT, E_ID_MISMATCH where a member of this number has another name, E_ACCOUNT_EXISTS.
    """
    number = identity_numbers.parse(officer.id_number, today=local_date(now))
    phone, name = phone_binding.mobile(officer.phone), officer.name.strip()
    if not name:
        raise Refused("E_REQUIRED_FIELD", field="name")
    with transaction():
        chain = require_grantable(code, actor=actor, profile=deployment.profile)
        if actor.role is not Role.SECURITY_OFFICER:
            raise Refused("E_FORBIDDEN")
        _require_new(number, deployment)
        member_id = _member_of(number, name, deployment)
        account_id = open_account(number, name=name, password=None, member_id=member_id, deployment=deployment)
        phones.keep_contact(account_id, phone, deployment.vault)
        subject = Subject("account", str(account_id), chain[0].id)
        audit.append("open_account", subject=subject, actor=actor, now=now, after={"kind": "officer"})
    return Opened(account_id)


def _require_new(login: str, deployment: Deployment) -> None:
    if accounts.by_login(login_index(login, deployment)) is not None:
        raise Refused("E_ACCOUNT_EXISTS")


def _member_of(number: str, name: str, deployment: Deployment) -> int | None:
    present = [
        each.member for each in members.by_id_number(number, deployment.vault) if not each.member.status.is_historical
    ]
    if present and present[0].name != name:
        raise Refused("E_ID_MISMATCH", field="name")
    return present[0].id if present else None
