"""Logging in and out, and the role a person acts in."""

from base64 import b64encode
from typing import Any

import marshmallow as ma
from flask import Response, jsonify

from service.domain.accounts import restrictions
from service.domain.accounts.restrictions import Awaited
from service.use_cases.accounts.captcha import CaptchaAnswer, new_captcha
from service.use_cases.accounts.log_in import Credentials, log_in
from service.use_cases.accounts.log_out import log_out
from service.use_cases.accounts.opening import Session
from service.use_cases.accounts.switch_role import switch_role
from service.use_cases.accounts.who_acts import roles_of
from service.web import callers, sessions
from service.web.api.arguments import Blueprint
from service.web.api.fields import LARGEST, Text
from service.web.deployed import deployment, now
from service.web.guards import open_while, own_session, public
from service.web.requests import address

blueprint = Blueprint("session", __name__, description="登录与角色 / log-in and acting role")


class LogIn(ma.Schema):
    """Name and password; after three failures the answer to a captcha; `device` where an earlier log-in told one."""

    login_name = Text(required=True, validate=ma.validate.Length(1, 64))
    password = Text(required=True, validate=ma.validate.Length(1, 128))
    captcha_id = Text(load_default="", validate=ma.validate.Length(max=64))
    captcha_answer = Text(load_default="", validate=ma.validate.Length(max=16))
    device = Text(load_default="", validate=ma.validate.Length(max=64))


class CaptchaShown(ma.Schema):
    """A captcha: the image as a data address, and the name to send with the answer; good once, for five minutes."""

    captcha_id = ma.fields.String(required=True)
    image = ma.fields.String(required=True)


class RoleChoice(ma.Schema):
    """The role to act in: one of `roles`, or null for the member himself."""

    grant_id = ma.fields.Integer(required=True, allow_none=True, strict=True, validate=ma.validate.Range(1, LARGEST))


class RoleHeld(ma.Schema):
    """A role held, with its organisation; null for roles of the whole deployment."""

    grant_id = ma.fields.Integer(attribute="id", required=True)
    role = ma.fields.String(required=True)
    org_code = ma.fields.String(allow_none=True)
    org_name = ma.fields.String(allow_none=True)
    is_default = ma.fields.Boolean(required=True)


class SessionShown(ma.Schema):
    """Who is logged in; `grant_id` null is the member himself. `token` and `device` are told once, when they are new.

    `awaits`: what is to be done before anything else is open.
    """

    account_id = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)
    member_id = ma.fields.Integer(allow_none=True)
    grant_id = ma.fields.Integer(allow_none=True)
    roles = ma.fields.List(ma.fields.Nested(RoleHeld), required=True)
    csrf = ma.fields.String(required=True)
    awaits = ma.fields.Enum(Awaited, by_value=True, required=True, allow_none=True)
    token = ma.fields.String()
    device = ma.fields.String()


@blueprint.post("/session")
@blueprint.arguments(LogIn)
@blueprint.response(201, SessionShown)
@public
def post_session(given: dict[str, str]) -> Response:
    """登录 / Log in: the token comes in the answer for programs and as a cookie for browsers."""
    captcha = CaptchaAnswer(given["captcha_id"], given["captcha_answer"])
    found = log_in(
        Credentials(given["login_name"], given["password"], captcha),
        caller=callers.caller(device=given["device"]),
        now=now(),
        deployment=deployment(),
        rules=callers.rules(),
    )
    return handed_out(found.session, status=201, device=found.device)


@blueprint.post("/session/captcha")
@blueprint.response(201, CaptchaShown)
@public
def post_captcha() -> dict[str, str]:
    """验证码 / A captcha: asked for after three failures."""
    captcha = new_captcha(address=address(), now=now(), deployment=deployment())
    return {"captcha_id": captcha.id, "image": as_data(captcha.image)}


@blueprint.get("/session")
@blueprint.response(200, SessionShown)
@own_session
@open_while(*Awaited)
def get_session() -> dict[str, Any]:
    """当前登录 / Who is logged in, in which role."""
    acting = sessions.current()
    account = acting.account
    return _shown(account.id, account.name, account.member_id) | {
        "grant_id": acting.grant_id,
        "roles": roles_of(account.id),
        "csrf": acting.csrf,
        "awaits": restrictions.awaited(acting.awaits, account.password_kind, deployment().profile),
    }


@blueprint.put("/session/role")
@blueprint.arguments(RoleChoice)
@blueprint.response(200, SessionShown)
@own_session
def put_role(given: dict[str, int | None]) -> Response:
    """切换角色 / Act in another role; the session gets a new token and the old one ends."""
    where = callers.standing()
    session = switch_role(sessions.token(), given["grant_id"], acting=sessions.current(), where=where, now=now())
    return handed_out(session, status=200)


@blueprint.delete("/session")
@blueprint.response(204)
@own_session
@open_while(*Awaited)
def delete_session() -> Response:
    """退出 / Log out: the token is worthless from now on."""
    log_out(sessions.token())
    response = Response(status=204)
    sessions.take_back(response)
    return response


def _shown(account_id: int, name: str, member_id: int | None) -> dict[str, Any]:
    return {"account_id": account_id, "name": name, "member_id": member_id}


def as_data(image: bytes) -> str:
    """A PNG image as a data address."""
    return f"data:image/png;base64,{b64encode(image).decode()}"


def handed_out(session: Session, *, status: int, device: str | None = None) -> Response:
    """The answer that tells of a new session, with its cookies."""
    account = session.account
    body = (
        _shown(account.id, account.name, account.member_id)
        | {
            "grant_id": session.grant_id,
            "roles": session.grants,
            "csrf": session.csrf,
            "awaits": restrictions.awaited(session.awaits, account.password_kind, deployment().profile),
            "token": session.token,
        }
        | ({"device": device} if device else {})
    )
    response = jsonify(SessionShown().dump(body))
    response.status_code = status
    sessions.hand_out(response, session)
    callers.remember(response, device)
    return response
