"""Log in, log out, act in another role."""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.domain.errors import Refused
from service.use_cases.accounts.log_in import log_in
from service.use_cases.accounts.log_out import log_out
from service.use_cases.accounts.switch_role import switch_role
from service.web import logs, sessions
from service.web.deployed import deployment, now
from service.web.guards import own_session, public
from service.web.pages.answers import whole_number
from service.web.pages.preferences import local_address
from service.web.requests import address

_LONGEST = 200

blueprint = Blueprint("log_in", __name__)


@blueprint.get("/log-in")
@public
def show() -> ResponseReturnValue:
    """The form; who is logged in goes on."""
    wanted = request.args.get("next", "")
    try:
        sessions.current()
    except Refused:
        return render_template("log_in.html", wanted=wanted, login="", refusal=None)
    return redirect(local_address(wanted), code=303)


@blueprint.post("/log-in")
@public
def enter() -> ResponseReturnValue:
    """Open a session; a refusal is shown in the form, which never repeats the password."""
    login, wanted = request.form.get("login", "")[:_LONGEST], request.form.get("next", "")
    password = request.form.get("password", "")[:_LONGEST]
    try:
        session = log_in(login, password, now=now(), address=address(), deployment=deployment())
    except Refused as refusal:
        logs.note("log-in refused", code=refusal.code)
        return render_template("log_in.html", wanted=wanted, login=login, refusal=refusal), refusal.status
    response = make_response(redirect(local_address(wanted), code=303))
    sessions.hand_out(response, session)
    return response


@blueprint.post("/log-out")
@own_session
def leave() -> ResponseReturnValue:
    """End the session."""
    log_out(sessions.token())
    response = make_response(redirect(url_for("log_in.show"), code=303))
    sessions.take_back(response)
    return response


@blueprint.post("/role")
@own_session
def switch() -> ResponseReturnValue:
    """Act in another role; refuses E_ROLE_NOT_HELD."""
    grant_id = whole_number(request.form.get("grant", ""))
    session = switch_role(sessions.token(), grant_id, acting=sessions.current(), now=now())
    response = make_response(redirect("/", code=303))
    sessions.hand_out(response, session)
    return response
