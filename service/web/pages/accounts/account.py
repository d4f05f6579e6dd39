"""My account: who I am here, my roles, where I am logged in, what I log in with."""

from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug import Response

from service.domain.accounts.certificates import ends_soon
from service.domain.accounts.passwords import SHORTEST
from service.domain.accounts.restrictions import Awaited
from service.domain.errors import Refused
from service.storage.accounts.session_lists import key_of
from service.use_cases.accounts import bind_phone, own_certificates, own_sessions, second_factor
from service.use_cases.accounts.bind_phone import Answered
from service.use_cases.accounts.change_password import NewPassword, change_password
from service.web import sessions
from service.web.deployed import deployed, deployment, now
from service.web.guards import open_while, own_session
from service.web.pages.accounts.browsers import browser_name

_LONGEST = 200

blueprint = Blueprint("account", __name__)


@blueprint.get("/account")
@own_session
def show() -> ResponseReturnValue:
    """The page."""
    acting, moment = sessions.current(), now()
    return render_template(
        "account.html",
        phone=bind_phone.bound_phone(acting.account.id, deployment()),
        factors=second_factor.list_factors(acting=acting),
        certificates=[
            (each, ends_soon(each.not_after, now=moment)) for each in own_certificates.list_certificates(acting=acting)
        ],
        has_landline=bind_phone.has_landline(acting.actor, deployment()),
        open_sessions=own_sessions.list_sessions(acting=acting, limits=deployed().limits, now=moment),
        this=key_of(sessions.token()),
        browser_name=browser_name,
    )


@blueprint.get("/account/password")
@own_session
@open_while(Awaited.PASSWORD)
def password() -> ResponseReturnValue:
    """The form for a password of one's own."""
    return _password_form()


@blueprint.post("/account/password")
@own_session
@open_while(Awaited.PASSWORD)
def save_password() -> ResponseReturnValue:
    """Change it; a refusal is shown in the form, which repeats nothing."""
    wanted = NewPassword(entered("current"), entered("password"))
    try:
        require_same(wanted.new, entered("again"))
        session = change_password(wanted, acting=sessions.current(), now=now(), deployment=deployment())
    except Refused as refusal:
        return _password_form(refusal), refusal.status
    response = make_response(redirect(url_for("account.show"), code=303))
    sessions.hand_out(response, session)
    return response


@blueprint.get("/account/phone")
def phone() -> ResponseReturnValue:
    """The form for a telephone."""
    return _phone_form()


@blueprint.post("/account/phone/code")
def send_code() -> ResponseReturnValue:
    """Send a code to the number, then ask for it."""
    number = entered("phone")
    try:
        bind_phone.send_own_code(number, actor=sessions.actor(), now=now(), deployment=deployment())
    except Refused as refusal:
        return _phone_form(number, refusal=refusal), refusal.status
    return _phone_form(number, is_sent=True)


@blueprint.post("/account/phone")
def save_phone() -> ResponseReturnValue:
    """Bind it."""
    answered = Answered(entered("phone"), entered("sms_code"))
    try:
        acting = sessions.current()
        bind_phone.bind_own_phone(answered, proof=entered("proof"), acting=acting, now=now(), deployment=deployment())
    except Refused as refusal:
        return _phone_form(answered.phone, is_sent=True, refusal=refusal), refusal.status
    return _back()


@blueprint.post("/account/phone/clear")
def clear_phone() -> ResponseReturnValue:
    """Clear a landline from one's own record, as no code reaches it; refuses E_ACTION_NOT_ALLOWED."""
    bind_phone.clear_own_phone(actor=sessions.actor(), now=now(), deployment=deployment())
    return _back()


@blueprint.post("/account/sessions/end")
@own_session
def end_one() -> ResponseReturnValue:
    """End one session."""
    own_sessions.end_session(entered("key"), acting=sessions.current(), now=now())
    return _back()


@blueprint.post("/account/sessions/end-others")
@own_session
def end_others() -> ResponseReturnValue:
    """End all sessions but this one."""
    own_sessions.end_other_sessions(sessions.token(), acting=sessions.current(), now=now())
    return _back()


def require_same(password: str, again: str) -> None:
    """Refuse E_FIELD_INVALID when a new password was not written twice alike."""
    if password != again:
        raise Refused("E_FIELD_INVALID", field="again", detail_zh="两次输入不一致", detail_en="the two differ")


def entered(name: str) -> str:
    """What stands in a field, of bounded length."""
    return request.form.get(name, "")[:_LONGEST]


def _back() -> Response:
    return redirect(url_for("account.show"), code=303)


def _password_form(refusal: Refused | None = None) -> str:
    return render_template("account_password.html", refusal=refusal, csrf=sessions.current().csrf, shortest=SHORTEST)


def _phone_form(number: str = "", *, is_sent: bool = False, refusal: Refused | None = None) -> str:
    values: dict[str, Any] = {"number": number, "is_sent": is_sent, "refusal": refusal}
    return render_template("account_phone.html", csrf=sessions.current().csrf, **values)
