"""Activation: name and number as imported, authorisation code, code by short message, a new password (R-034, R-035).

Where members activate by their telephone alone (`auth.activation = "sms"`), the number on record takes the place of the
authorisation code. Strangers learn nothing: without the right authorisation code, or the code sent to the right
telephone, every person is as unknown as one who does not exist.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from service.domain.accounts import guessing, passwords, phone_binding
from service.domain.accounts.codes import Purpose
from service.domain.accounts.passwords import Owner, PasswordKind
from service.domain.errors import Refused
from service.storage import audit
from service.storage.accounts import accounts, codes, devices, grants, phones, session_lists
from service.storage.accounts.accounts import Account
from service.storage.audit import Subject
from service.storage.db import transaction
from service.storage.members import members
from service.use_cases.accounts import counting, hashing
from service.use_cases.accounts.authorise_account import code_index
from service.use_cases.accounts.bind_phone import rebind
from service.use_cases.accounts.log_in import login_index
from service.use_cases.accounts.sms_codes import Question, require_code, send_code, use_code
from service.use_cases.deployment import Deployment


@dataclass(frozen=True, slots=True)
class Claim:
    """Who somebody says he is; `authorisation` is "" where the profile asks for none."""

    name: str
    id_number: str
    phone: str
    authorisation: str = ""


@dataclass(frozen=True, slots=True)
class Activation:
    """What completes the activation."""

    claim: Claim
    sms_code: str
    password: str


def send_activation_code(claim: Claim, *, address: str, now: datetime, deployment: Deployment) -> None:
    """Send the code to who claims rightly; whoever does not is told the same.

    Refuses E_FORBIDDEN where accounts are not activated so, E_PHONE_FORMAT, E_RATE_LIMITED.
    """
    phone = _require_way(claim, deployment)
    with transaction():
        counting.count([guessing.of_address(address)], now=now)
    # Also that too many were sent is told to nobody: it would say that the claim is right.
    with suppress(Refused), transaction():
        if _claimed(claim, phone, now, deployment) is not None:
            send_code(_question(claim, phone), now=now, deployment=deployment)


def activate_account(given: Activation, *, address: str, now: datetime, deployment: Deployment) -> int:
    """Activate and answer the account's key; the telephone becomes the one by which the password is recovered.

    Refuses E_AUTH_CODE_INVALID, E_AUTH_CODE_EXPIRED, E_ACTIVATION_MISMATCH only to who has a right authorisation code,
    E_SMS_CODE_INVALID, E_SMS_CODE_EXPIRED, E_PASSWORD_WEAK, E_PHONE_FORMAT, E_FORBIDDEN, E_RATE_LIMITED.
    """
    claim = given.claim
    phone = _require_way(claim, deployment)
    with transaction():
        counting.count([guessing.of_address(address)], now=now)
    with transaction():
        account = _claimed(claim, phone, now, deployment)
    require_code(_question(claim, phone), given.sms_code, now=now, deployment=deployment)
    if account is None:
        raise Refused("E_SMS_CODE_INVALID", field="sms_code")
    initial = passwords.initial_password(deployment.profile, claim.id_number)
    passwords.require_strong(given.password, Owner(account.name, claim.id_number.strip(), initial))
    hashed = hashing.hash_password(given.password)
    with transaction():
        return _activated(account, hashed, claim, phone, now, deployment)


def _require_way(claim: Claim, deployment: Deployment) -> str:
    if deployment.profile.choice("auth.activation") not in ("sms", "authorisation_code_sms"):
        raise Refused("E_FORBIDDEN")
    return phone_binding.mobile(claim.phone)


def _claimed(claim: Claim, phone: str, now: datetime, deployment: Deployment) -> Account | None:
    if deployment.profile.choice("auth.activation") == "sms":
        return _by_record(claim, phone, deployment)
    found = codes.authorisation(code_index(claim.authorisation, deployment))
    if found is None:
        raise Refused("E_AUTH_CODE_INVALID", field="authorisation_code")
    account = accounts.by_id(found.account_id)
    named = accounts.by_login(login_index(claim.id_number, deployment))
    if account is None or named is None or named.id != account.id or account.name != claim.name.strip():
        raise Refused("E_ACTIVATION_MISMATCH", field="id_number")
    if found.expires_at < now:
        raise Refused("E_AUTH_CODE_EXPIRED", field="authorisation_code")
    return account


def _by_record(claim: Claim, phone: str, deployment: Deployment) -> Account | None:
    """The account of a member with this name and number whose telephone is this one.

    That is the bound one; without it the one on record, which others keep: it opens no account that has a role.
    """
    for person in members.by_id_number(claim.id_number.strip().upper(), deployment.vault):
        member = person.member
        if member.status.is_historical or member.name != claim.name.strip():
            continue
        known = accounts.of_member(member.id)
        bound = phones.of_account(known.id, deployment.vault) if known else ""
        if phone != (bound or member.mobile) or (known and not bound and grants.of_account(known.id)):
            continue
        return known or Account(0, member.name, member.id, None)
    return None


def _activated(account: Account, hashed: str, claim: Claim, phone: str, now: datetime, deployment: Deployment) -> int:
    account_id = account.id or accounts.add(
        login_index=login_index(claim.id_number, deployment),
        name=account.name,
        password_hash=None,
        member_id=account.member_id,
    )
    accounts.set_password(account_id, hashed, PasswordKind.OWN)
    accounts.activate(account_id, now=now)
    session_lists.end_others(account_id)
    devices.forget_of(account_id)
    codes.void(account_id)
    use_code(_question(claim, phone), deployment=deployment)
    rebind(account_id, phone, actor=None, now=now, deployment=deployment)
    audit.append("activate_account", subject=Subject("account", str(account_id)), actor=None, now=now)
    return account_id


def _question(claim: Claim, phone: str) -> Question:
    who = f"{claim.name.strip()}:{claim.id_number.strip().upper()}"
    return Question(Purpose.ACTIVATION, who, phone)
