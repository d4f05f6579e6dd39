"""Log in, log out, act in another role."""

from contextlib import suppress

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.domain.accounts.restrictions import Awaited
from service.domain.errors import Refused
from service.use_cases.accounts.captcha import CaptchaAnswer, new_captcha
from service.use_cases.accounts.log_in import Credentials, is_captcha_wanted, log_in
from service.use_cases.accounts.log_out import log_out
from service.use_cases.accounts.switch_role import switch_role
from service.web import callers, logs, sessions
from service.web.api.accounts.session import as_data
from service.web.deployed import deployment, now
from service.web.guards import open_while, own_session, public
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
        return _form(wanted)
    return redirect(local_address(wanted), code=303)


@blueprint.post("/log-in")
@public
def enter() -> ResponseReturnValue:
    """Open a session; a refusal is shown in the form, which never repeats the password."""
    login, wanted = _entered("login"), request.form.get("next", "")
    captcha = CaptchaAnswer(_entered("captcha_id"), _entered("captcha_answer"))
    given = Credentials(login, _entered("password"), captcha)
    try:
        found = log_in(given, caller=callers.caller(), now=now(), deployment=deployment(), rules=callers.rules())
    except Refused as refusal:
        logs.note("log-in refused", code=refusal.code)
        return _form(wanted, login, refusal), refusal.status
    response = make_response(redirect(local_address(wanted), code=303))
    sessions.hand_out(response, found.session)
    callers.remember(response, found.device)
    return response


@blueprint.post("/log-out")
@own_session
@open_while(*Awaited)
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
    where = callers.standing()
    session = switch_role(sessions.token(), grant_id, acting=sessions.current(), where=where, now=now())
    response = make_response(redirect("/", code=303))
    sessions.hand_out(response, session)
    return response


def _entered(name: str) -> str:
    return request.form.get(name, "")[:_LONGEST]


def _form(wanted: str, login: str = "", refusal: Refused | None = None) -> str:
    """The form, with a new captcha where the next attempt needs one."""
    captcha, moment = None, now()
    is_wanted = bool(login) and is_captcha_wanted(login, caller=callers.caller(), now=moment, deployment=deployment())
    if is_wanted or (refusal is not None and refusal.code == "E_CAPTCHA"):
        with suppress(Refused):
            found = new_captcha(address=address(), now=moment, deployment=deployment())
            captcha = {"id": found.id, "image": as_data(found.image)}
    return render_template(
        "log_in.html",
        wanted=wanted,
        login=login,
        refusal=refusal,
        captcha=captcha,
        has_ended=request.args.get("ended") == "yes",
    )
