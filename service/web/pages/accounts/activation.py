"""Activating an account, before anybody has a session (R-035)."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.domain.accounts.passwords import SHORTEST
from service.domain.errors import Refused
from service.use_cases.accounts.activate_account import Activation, Claim, activate_account, send_activation_code
from service.web.deployed import deployment, now
from service.web.guards import public
from service.web.pages.accounts.account import entered, require_same
from service.web.requests import address

_KEPT = ("name", "id_number", "phone", "authorisation_code")

blueprint = Blueprint("activation", __name__)


@blueprint.get("/activation")
@public
def show() -> ResponseReturnValue:
    """The form; when all is done, it says so."""
    return _form(is_done=request.args.get("done") == "yes")


@blueprint.post("/activation/code")
@public
def send() -> ResponseReturnValue:
    """Send a code, if the claim is right; the page says the same in any case."""
    try:
        send_activation_code(_claim(), address=address(), now=now(), deployment=deployment())
    except Refused as refusal:
        return _form(refusal=refusal), refusal.status
    return _form(is_sent=True)


@blueprint.post("/activation")
@public
def activate() -> ResponseReturnValue:
    """Activate; a refusal is shown in the form, which never repeats the password."""
    given = Activation(_claim(), entered("sms_code"), entered("password"))
    try:
        require_same(given.password, entered("again"))
        activate_account(given, address=address(), now=now(), deployment=deployment())
    except Refused as refusal:
        return _form(refusal=refusal, is_sent=True), refusal.status
    return redirect(url_for("activation.show", done="yes"), code=303)


def _claim() -> Claim:
    return Claim(entered("name"), entered("id_number"), entered("phone"), entered("authorisation_code"))


def _form(*, refusal: Refused | None = None, is_sent: bool = False, is_done: bool = False) -> str:
    way = deployment().profile.choice("auth.activation")
    return render_template(
        "activation.html",
        refusal=refusal,
        is_sent=is_sent,
        is_done=is_done,
        wants_code=way == "authorisation_code_sms",
        values={name: entered(name) for name in _KEPT},
        shortest=SHORTEST,
    )
