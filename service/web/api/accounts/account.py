"""One's own account: password, telephone, sessions."""

from typing import Any

import marshmallow as ma
from flask import Response

from service.domain.accounts.passwords import LONGEST
from service.domain.accounts.restrictions import Awaited
from service.use_cases.accounts import bind_phone
from service.use_cases.accounts.bind_phone import Answered
from service.use_cases.accounts.change_password import NewPassword, change_password
from service.use_cases.accounts.own_sessions import end_other_sessions, end_session, list_sessions
from service.web import sessions
from service.web.api.accounts.session import SessionShown, handed_out
from service.web.api.arguments import Blueprint
from service.web.api.fields import Moment, Text
from service.web.deployed import deployed, deployment, now
from service.web.guards import open_while, own_session
from service.web.sessions import actor

blueprint = Blueprint("account", __name__, description="本人账号 / one's own account")
PHONE = ma.validate.Length(1, 20)
CODE = ma.validate.Length(1, 40)


class PasswordChange(ma.Schema):
    """The password in force, and the new one."""

    current = Text(required=True, validate=ma.validate.Length(1, LONGEST))
    password = Text(required=True, validate=ma.validate.Length(1, LONGEST + 1))


class PhoneWanted(ma.Schema):
    """A mobile number."""

    phone = Text(required=True, validate=PHONE)


class PhoneProven(PhoneWanted):
    """A mobile number with the code that was sent to it."""

    sms_code = Text(required=True, validate=CODE)


class OwnPhoneProven(PhoneProven):
    """The same with the password, or a code of a second factor, shown again: the number bound opens the account."""

    proof = Text(required=True, validate=ma.validate.Length(1, 200))


class PhoneShown(ma.Schema):
    """The bound number, masked; empty where there is none."""

    phone = ma.fields.String(required=True)


class SessionListed(ma.Schema):
    """A session: the program it was opened with, since when, when last used, in which role."""

    key = ma.fields.String(required=True)
    agent = ma.fields.String(required=True)
    created_at = Moment(required=True)
    seen_at = Moment(required=True)
    role = ma.fields.String(allow_none=True)
    org_name = ma.fields.String(allow_none=True)


class SessionsListed(ma.Schema):
    """The sessions that still open something, the one used last first."""

    items = ma.fields.List(ma.fields.Nested(SessionListed), required=True)


class Ended(ma.Schema):
    """How many were ended."""

    ended = ma.fields.Integer(required=True)


@blueprint.put("/account/password")
@blueprint.arguments(PasswordChange)
@blueprint.response(200, SessionShown)
@own_session
@open_while(Awaited.PASSWORD)
def put_password(given: dict[str, str]) -> Response:
    """修改密码 / Choose a password of one's own; all other sessions end, this one gets a new token."""
    wanted = NewPassword(given["current"], given["password"])
    session = change_password(wanted, acting=sessions.current(), now=now(), deployment=deployment())
    return handed_out(session, status=200)


@blueprint.get("/account/phone")
@blueprint.response(200, PhoneShown)
@own_session
def get_phone() -> dict[str, str]:
    """已绑定手机 / The bound number, masked."""
    return {"phone": bind_phone.bound_phone(actor().account_id, deployment())}


@blueprint.post("/account/phone/codes")
@blueprint.arguments(PhoneWanted)
@blueprint.response(204)
def post_phone_code(given: dict[str, str]) -> Response:
    """发送验证码 / Send a code to a number that is to be bound."""
    bind_phone.send_own_code(given["phone"], actor=actor(), now=now(), deployment=deployment())
    return Response(status=204)


@blueprint.put("/account/phone")
@blueprint.arguments(OwnPhoneProven)
@blueprint.response(204)
def put_phone(given: dict[str, str]) -> Response:
    """绑定手机 / Bind a number; another person's account that had it lets go of it."""
    answered = Answered(given["phone"], given["sms_code"])
    acting = sessions.current()
    bind_phone.bind_own_phone(answered, proof=given["proof"], acting=acting, now=now(), deployment=deployment())
    return Response(status=204)


@blueprint.delete("/account/phone")
@blueprint.response(204)
def delete_phone() -> Response:
    """清空固定电话 / Clear a landline from one's own record."""
    bind_phone.clear_own_phone(actor=actor(), now=now(), deployment=deployment())
    return Response(status=204)


@blueprint.get("/account/sessions")
@blueprint.response(200, SessionsListed)
@own_session
def get_sessions() -> dict[str, Any]:
    """登录会话 / Where one is logged in."""
    found = list_sessions(acting=sessions.current(), limits=deployed().limits, now=now())
    return {"items": found}


@blueprint.delete("/account/sessions/<string:key>")
@blueprint.response(204)
@own_session
def delete_one_session(key: str) -> Response:
    """结束会话 / End one session."""
    end_session(key, acting=sessions.current(), now=now())
    return Response(status=204)


@blueprint.delete("/account/sessions")
@blueprint.response(200, Ended)
@own_session
def delete_other_sessions() -> dict[str, int]:
    """结束其他会话 / End all sessions but this one; other devices are strangers again."""
    return {"ended": end_other_sessions(sessions.token(), acting=sessions.current(), now=now())}
