"""Passkeys: a key in the device or on a stick signs a challenge; nothing that could be typed on a false page."""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import webauthn
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from service.domain.errors import Refused
from service.storage.accounts import second_factors
from service.storage.accounts.second_factors import PASSKEY
from service.storage.db import transaction
from service.use_cases.accounts.opening import Session
from service.use_cases.accounts.second_factor import ISSUER, Risen, count_try, enrolled, risen
from service.use_cases.accounts.who_acts import ActingSession
from service.use_cases.deployment import Deployment

_CHALLENGE_BYTES = 32
_GOOD_FOR = timedelta(minutes=5)
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Site:
    """To what passkeys are bound: the name of the host, and the address that the browser shows."""

    host: str
    origin: str


def begin_passkey(site: Site, *, acting: ActingSession, now: datetime) -> dict[str, Any]:
    """What the browser is to make a passkey from."""
    known = _descriptors(acting.account.id, now)
    options = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name=ISSUER,
        user_id=str(acting.account.id).encode(),
        user_name=acting.account.name,
        challenge=known.challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
        exclude_credentials=known.descriptors,
    )
    return dict(json.loads(webauthn.options_to_json(options)))


def add_passkey(
    name: str, credential: dict[str, Any], *, site: Site, acting: ActingSession, now: datetime, deployment: Deployment
) -> Risen:
    """Keep a passkey that the browser made; refuses E_SECOND_FACTOR_INVALID, E_RATE_LIMITED."""
    challenge = _challenge(acting, now)
    try:
        made = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise Refused("E_SECOND_FACTOR_INVALID") from error
    with transaction():
        is_first = not second_factors.of_account(acting.account.id)
        second_factors.add_passkey(
            acting.account.id,
            name=name.strip()[:_LONGEST_NAME],
            credential_id=made.credential_id,
            public_key=made.credential_public_key,
            counter=made.sign_count,
            now=now,
        )
        return enrolled(acting, now, deployment, is_first=is_first)


def ask_passkey(site: Site, *, acting: ActingSession, now: datetime) -> dict[str, Any]:
    """What a passkey is to sign; refuses E_SECOND_FACTOR_MISSING where there is none."""
    known = _descriptors(acting.account.id, now)
    if not known.descriptors:
        raise Refused("E_SECOND_FACTOR_MISSING")
    options = webauthn.generate_authentication_options(
        rp_id=site.host, challenge=known.challenge, allow_credentials=known.descriptors
    )
    return dict(json.loads(webauthn.options_to_json(options)))


def pass_passkey(credential: dict[str, Any], *, site: Site, acting: ActingSession, now: datetime) -> Session:
    """Show what the passkey signed; refuses E_SECOND_FACTOR_INVALID, E_RATE_LIMITED.

    A number of signatures that does not grow is that of a copied key, and refused.
    """
    challenge = _challenge(acting, now)
    with transaction():
        for factor in second_factors.of_account(acting.account.id):
            if factor.kind != PASSKEY or factor.public_key is None or not _is_of(credential, factor.credential_id):
                continue
            try:
                shown = webauthn.verify_authentication_response(
                    credential=credential,
                    expected_challenge=challenge,
                    expected_rp_id=site.host,
                    expected_origin=site.origin,
                    credential_public_key=factor.public_key,
                    credential_current_sign_count=factor.counter,
                )
            except (WebAuthnException, ValueError, KeyError, TypeError) as error:
                raise Refused("E_SECOND_FACTOR_INVALID") from error
            if second_factors.use(factor.id, counter=shown.new_sign_count):
                return risen(acting, now)
        raise Refused("E_SECOND_FACTOR_INVALID")


@dataclass(frozen=True, slots=True)
class _Known:
    challenge: bytes
    descriptors: list[PublicKeyCredentialDescriptor]


def _descriptors(account_id: int, now: datetime) -> _Known:
    """A new challenge, kept until it is answered, and the passkeys that are there."""
    challenge = secrets.token_bytes(_CHALLENGE_BYTES)
    with transaction():
        second_factors.keep_challenge(account_id, challenge, expires_at=now + _GOOD_FOR)
        factors = second_factors.of_account(account_id)
    ids = [each.credential_id for each in factors if each.credential_id is not None]
    return _Known(challenge, [PublicKeyCredentialDescriptor(id=each) for each in ids])


def _challenge(acting: ActingSession, now: datetime) -> bytes:
    """The challenge that was given out; used up by whatever answers it."""
    count_try(acting, now)
    with transaction():
        challenge = second_factors.take_challenge(acting.account.id, now=now)
    if challenge is None:
        raise Refused("E_SECOND_FACTOR_INVALID")
    return challenge


def _is_of(credential: dict[str, Any], credential_id: bytes | None) -> bool:
    given = credential.get("rawId") or credential.get("id")
    try:
        return isinstance(given, str) and webauthn.base64url_to_bytes(given) == credential_id
    except ValueError:
        return False
