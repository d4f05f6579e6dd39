"""Logging in and out, and the role a person acts in."""

from typing import Any

import marshmallow as ma
from flask import Response, jsonify

from service.use_cases.accounts.log_in import Session, log_in
from service.use_cases.accounts.log_out import log_out
from service.use_cases.accounts.switch_role import switch_role
from service.use_cases.accounts.who_acts import roles_of
from service.web import sessions
from service.web.api.arguments import Blueprint
from service.web.api.fields import LARGEST, Text
from service.web.deployed import deployment, now
from service.web.guards import own_session, public
from service.web.requests import address

blueprint = Blueprint("session", __name__, description="登录与角色 / log-in and acting role")


class LogIn(ma.Schema):
    """Name and password."""

    login_name = Text(required=True, validate=ma.validate.Length(1, 64))
    password = Text(required=True, validate=ma.validate.Length(1, 128))


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
    """Who is logged in; `grant_id` null is the member himself. `token` is told once, when it is new."""

    account_id = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)
    member_id = ma.fields.Integer(allow_none=True)
    grant_id = ma.fields.Integer(allow_none=True)
    roles = ma.fields.List(ma.fields.Nested(RoleHeld), required=True)
    csrf = ma.fields.String(required=True)
    token = ma.fields.String()


@blueprint.post("/session")
@blueprint.arguments(LogIn)
@blueprint.response(201, SessionShown)
@public
def post_session(given: dict[str, str]) -> Response:
    """登录 / Log in: the token comes in the answer for programs and as a cookie for browsers."""
    session = log_in(given["login_name"], given["password"], now=now(), address=address(), deployment=deployment())
    return _handed_out(session, status=201)


@blueprint.get("/session")
@blueprint.response(200, SessionShown)
def get_session() -> dict[str, Any]:
    """当前登录 / Who is logged in, in which role."""
    acting = sessions.current()
    account = acting.account
    return _shown(account.id, account.name, account.member_id) | {
        "grant_id": acting.grant_id,
        "roles": roles_of(account.id),
        "csrf": acting.csrf,
    }


@blueprint.put("/session/role")
@blueprint.arguments(RoleChoice)
@blueprint.response(200, SessionShown)
@own_session
def put_role(given: dict[str, int | None]) -> Response:
    """切换角色 / Act in another role; the session gets a new token and the old one ends."""
    session = switch_role(sessions.token(), given["grant_id"], acting=sessions.current(), now=now())
    return _handed_out(session, status=200)


@blueprint.delete("/session")
@blueprint.response(204)
@own_session
def delete_session() -> Response:
    """退出 / Log out: the token is worthless from now on."""
    log_out(sessions.token())
    response = Response(status=204)
    sessions.take_back(response)
    return response


def _shown(account_id: int, name: str, member_id: int | None) -> dict[str, Any]:
    return {"account_id": account_id, "name": name, "member_id": member_id}


def _handed_out(session: Session, *, status: int) -> Response:
    account = session.account
    body = _shown(account.id, account.name, account.member_id) | {
        "grant_id": session.grant_id,
        "roles": session.grants,
        "csrf": session.csrf,
        "token": session.token,
    }
    response = jsonify(SessionShown().dump(body))
    response.status_code = status
    sessions.hand_out(response, session)
    return response
