"""The second factor: shown at log-in, set up and taken away by its holder."""

from typing import Any

import marshmallow as ma
import segno
from flask import Response, jsonify

from service.domain.accounts.restrictions import Awaited
from service.use_cases.accounts import own_factors, passkeys, second_factor
from service.use_cases.accounts.second_factor import Risen
from service.web import sessions
from service.web.api.accounts.account import CODE
from service.web.api.accounts.session import SessionShown, handed_out
from service.web.api.arguments import Blueprint
from service.web.api.fields import Moment, Text
from service.web.callers import own_site
from service.web.deployed import deployment, now
from service.web.guards import open_while, own_session
from service.web.requests import LARGEST_ID

blueprint = Blueprint("second-factors", __name__, description="二次验证 / second factors")
_SETTING_UP = Awaited.ENROLMENT


class FactorName(ma.Schema):
    """By which name its holder knows it again."""

    name = Text(load_default="", validate=ma.validate.Length(max=60))


class FactorCode(ma.Schema):
    """Six digits of an authenticator, or a recovery code."""

    code = Text(required=True, validate=CODE)


class Proof(ma.Schema):
    """The password, six digits of an authenticator, or a recovery code: shown again for this one change."""

    proof = Text(required=True, validate=ma.validate.Length(1, 200))


class PasskeyAnswer(FactorName):
    """What the browser made or signed, as it gave it."""

    credential = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Raw(), required=True)


class PasskeyOptions(ma.Schema):
    """What the browser is to make or to sign (WebAuthn)."""

    public_key = ma.fields.Dict(required=True)


class FactorShown(ma.Schema):
    """A second factor: `kind` totp or passkey."""

    factor_id = ma.fields.Integer(attribute="id", required=True)
    kind = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    at = Moment(required=True)


class FactorsShown(ma.Schema):
    """What is set up, and how many recovery codes are left."""

    items = ma.fields.List(ma.fields.Nested(FactorShown), required=True)
    recovery_left = ma.fields.Integer(required=True)


class TotpBegun(ma.Schema):
    """A secret for an authenticator, told once; `image` is its QR code as SVG."""

    secret = ma.fields.String(required=True)
    uri = ma.fields.String(required=True)
    image = ma.fields.String(required=True)


class RecoveryShown(ma.Schema):
    """Recovery codes, told once."""

    recovery_codes = ma.fields.List(ma.fields.String(), required=True)


class SetUp(SessionShown):
    """The session under its new identifier, and after the first set-up the recovery codes."""

    recovery_codes = ma.fields.List(ma.fields.String(), required=True)


@blueprint.get("/account/second-factors")
@blueprint.response(200, FactorsShown)
@own_session
@open_while(_SETTING_UP)
def get_second_factors() -> second_factor.Factors:
    """二次验证 / What is set up."""
    return second_factor.list_factors(acting=sessions.current())


@blueprint.post(f"/account/second-factors/<int(max={LARGEST_ID}):factor_id>/removal")
@blueprint.arguments(Proof)
@blueprint.response(204)
@own_session
def post_factor_removal(given: dict[str, str], factor_id: int) -> Response:
    """移除二次验证 / Take one away, with fresh proof."""
    own_factors.remove_factor(
        factor_id, proof=given["proof"], acting=sessions.current(), now=now(), deployment=deployment()
    )
    return Response(status=204)


@blueprint.post("/account/second-factors/totp")
@blueprint.arguments(FactorName)
@blueprint.response(201, TotpBegun)
@own_session
@open_while(_SETTING_UP)
def post_totp(given: dict[str, str]) -> dict[str, str]:
    """登记动态口令 / Begin with an authenticator; it counts once a first code has come."""
    begun = second_factor.begin_totp(given["name"], acting=sessions.current(), now=now(), deployment=deployment())
    return {"secret": begun.secret, "uri": begun.uri, "image": qr(begun.uri)}


@blueprint.put("/account/second-factors/totp")
@blueprint.arguments(FactorCode)
@blueprint.response(200, SetUp)
@own_session
@open_while(_SETTING_UP)
def put_totp(given: dict[str, str]) -> Response:
    """确认动态口令 / Confirm it by a first code."""
    found = second_factor.confirm_totp(given["code"], acting=sessions.current(), now=now(), deployment=deployment())
    return _set_up(found)


@blueprint.post("/account/second-factors/recovery-codes")
@blueprint.arguments(Proof)
@blueprint.response(201, RecoveryShown)
@own_session
def post_recovery_codes(given: dict[str, str]) -> dict[str, Any]:
    """更新恢复码 / New recovery codes in place of the old ones, with fresh proof."""
    codes = own_factors.renew_recovery(
        proof=given["proof"], acting=sessions.current(), now=now(), deployment=deployment()
    )
    return {"recovery_codes": codes}


@blueprint.post("/account/second-factors/passkey/options")
@blueprint.response(201, PasskeyOptions)
@own_session
@open_while(_SETTING_UP)
def post_passkey_options() -> dict[str, Any]:
    """登记通行密钥 / What the browser is to make a passkey from."""
    return {"public_key": passkeys.begin_passkey(own_site(), acting=sessions.current(), now=now())}


@blueprint.post("/account/second-factors/passkey")
@blueprint.arguments(PasskeyAnswer)
@blueprint.response(200, SetUp)
@own_session
@open_while(_SETTING_UP)
def post_passkey(given: dict[str, Any]) -> Response:
    """保存通行密钥 / Keep a passkey that the browser made."""
    found = passkeys.add_passkey(
        given["name"],
        given["credential"],
        site=own_site(),
        acting=sessions.current(),
        now=now(),
        deployment=deployment(),
    )
    return _set_up(found)


@blueprint.post("/session/second-factor")
@blueprint.arguments(FactorCode)
@blueprint.response(200, SessionShown)
@own_session
@open_while(Awaited.SECOND_FACTOR)
def post_second_factor(given: dict[str, str]) -> Response:
    """二次验证 / Show a code or a recovery code; the session gets a new token."""
    session = second_factor.pass_second_factor(
        given["code"], acting=sessions.current(), now=now(), deployment=deployment()
    )
    return handed_out(session, status=200)


@blueprint.post("/session/passkey/options")
@blueprint.response(201, PasskeyOptions)
@own_session
@open_while(Awaited.SECOND_FACTOR)
def post_session_passkey_options() -> dict[str, Any]:
    """通行密钥验证 / What a passkey is to sign."""
    return {"public_key": passkeys.ask_passkey(own_site(), acting=sessions.current(), now=now())}


@blueprint.post("/session/passkey")
@blueprint.arguments(PasskeyAnswer)
@blueprint.response(200, SessionShown)
@own_session
@open_while(Awaited.SECOND_FACTOR)
def post_session_passkey(given: dict[str, Any]) -> Response:
    """提交通行密钥 / Show what the passkey signed; the session gets a new token."""
    session = passkeys.pass_passkey(given["credential"], site=own_site(), acting=sessions.current(), now=now())
    return handed_out(session, status=200)


def qr(uri: str) -> str:
    """A QR code as a data address of an SVG image."""
    return segno.make_qr(uri).svg_data_uri(scale=5, border=4, light="#fff")


def _set_up(found: Risen) -> Response:
    response = handed_out(found.session, status=200)
    body = {**(response.get_json() or {}), "recovery_codes": list(found.recovery)}
    response.set_data(jsonify(body).get_data())
    return response
