"""The second factor on pages: shown after log-in, set up and taken away on one's account."""

from flask import Blueprint, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from service.domain.accounts.restrictions import Awaited
from service.domain.errors import Refused
from service.use_cases.accounts import own_factors, second_factor
from service.use_cases.accounts.opening import Session
from service.web import sessions
from service.web.api.accounts.second_factors import qr
from service.web.deployed import deployment, now
from service.web.guards import open_while, own_session
from service.web.pages.accounts.account import entered
from service.web.pages.answers import whole_number

blueprint = Blueprint("second_factors", __name__)


@blueprint.get("/log-in/second-factor")
@own_session
@open_while(Awaited.SECOND_FACTOR)
def ask() -> ResponseReturnValue:
    """The form after the password."""
    return _ask()


@blueprint.post("/log-in/second-factor")
@own_session
@open_while(Awaited.SECOND_FACTOR)
def enter() -> ResponseReturnValue:
    """Show a code; a refusal is shown in the form."""
    acting = sessions.current()
    try:
        session = second_factor.pass_second_factor(entered("code"), acting=acting, now=now(), deployment=deployment())
    except Refused as refusal:
        return _ask(refusal), refusal.status
    return _gone_on(session, redirect("/", code=303))


@blueprint.get("/account/second-factor")
@own_session
@open_while(Awaited.ENROLMENT)
def choose() -> ResponseReturnValue:
    """What can be set up."""
    return _set_up()


@blueprint.post("/account/second-factor/totp")
@own_session
@open_while(Awaited.ENROLMENT)
def begin() -> ResponseReturnValue:
    """Show a new secret as QR code."""
    begun = second_factor.begin_totp(entered("name"), acting=sessions.current(), now=now(), deployment=deployment())
    return _set_up(secret=begun.secret, image=qr(begun.uri))


@blueprint.post("/account/second-factor/totp/confirm")
@own_session
@open_while(Awaited.ENROLMENT)
def confirm() -> ResponseReturnValue:
    """Confirm it by a first code; then the recovery codes are shown, once."""
    acting = sessions.current()
    try:
        found = second_factor.confirm_totp(entered("code"), acting=acting, now=now(), deployment=deployment())
    except Refused as refusal:
        return _set_up(refusal=refusal), refusal.status
    if not found.recovery:
        return _gone_on(found.session, redirect(url_for("account.show"), code=303))
    # The forms around it would still carry the token of the old session.
    page = render_template("recovery_codes.html", codes=found.recovery, session=None)
    return _gone_on(found.session, page)


@blueprint.post("/account/second-factor/remove")
@own_session
def remove() -> ResponseReturnValue:
    """Take one away; refuses E_NOT_FOUND, E_LOGIN_FAILED without the password or a code."""
    own_factors.remove_factor(
        whole_number(entered("factor")) or 0,
        proof=entered("proof"),
        acting=sessions.current(),
        now=now(),
        deployment=deployment(),
    )
    return redirect(url_for("account.show"), code=303)


@blueprint.post("/account/second-factor/recovery-codes")
@own_session
def renew() -> ResponseReturnValue:
    """New recovery codes, shown once; refuses E_SECOND_FACTOR_MISSING, E_LOGIN_FAILED without the password or a code."""
    codes = own_factors.renew_recovery(
        proof=entered("proof"), acting=sessions.current(), now=now(), deployment=deployment()
    )
    return render_template("recovery_codes.html", codes=codes)


def _gone_on(session: Session, page: ResponseReturnValue) -> ResponseReturnValue:
    response = make_response(page)
    sessions.hand_out(response, session)
    return response


def _ask(refusal: Refused | None = None) -> str:
    return render_template("second_factor.html", refusal=refusal, csrf=sessions.current().csrf)


def _set_up(*, secret: str = "", image: str = "", refusal: Refused | None = None) -> str:
    csrf = sessions.current().csrf
    return render_template("second_factor_setup.html", refusal=refusal, secret=secret, image=image, csrf=csrf)
