"""The account of a member on pages: opened again by his branch, his telephone bound with the code he reads out (R-023, R-033)."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.domain.errors import Refused
from service.use_cases.accounts import bind_phone
from service.use_cases.accounts.bind_phone import Answered
from service.use_cases.accounts.reopen_account import reopen_account
from service.use_cases.accounts.show_member_account import MemberAccount, show_member_account
from service.web import sessions
from service.web.deployed import deployment, now
from service.web.pages.answers import plain_text
from service.web.requests import LARGEST_ID

_LONGEST = 20
_MEMBER = f"/members/<int(max={LARGEST_ID}):member_id>"

blueprint = Blueprint("member_accounts", __name__)


@blueprint.post(f"{_MEMBER}/account/activation")
def reopen(member_id: int) -> ResponseReturnValue:
    """Open an account again that was closed for its initial password; refuses as `reopen_account`."""
    reopen_account(member_id, actor=sessions.actor(), now=now(), deployment=deployment())
    return redirect(url_for("members.show", member_id=member_id, done="reopened"), code=303)


@blueprint.get(f"{_MEMBER}/phone")
def phone(member_id: int) -> ResponseReturnValue:
    """The form for a telephone; refuses E_MEMBER_NOT_FOUND, E_FORBIDDEN."""
    return _form(member_id)


@blueprint.post(f"{_MEMBER}/phone/code")
def send_code(member_id: int) -> ResponseReturnValue:
    """Send a code to the number, then ask for what the member reads out."""
    number = _entered("phone")
    try:
        bind_phone.send_member_code(member_id, number, actor=sessions.actor(), now=now(), deployment=deployment())
    except Refused as refusal:
        return _form(member_id, number, refusal=refusal), refusal.status
    return _form(member_id, number, is_sent=True)


@blueprint.post(f"{_MEMBER}/phone")
def bind(member_id: int) -> ResponseReturnValue:
    """Bind it."""
    given = Answered(_entered("phone"), _entered("sms_code"))
    try:
        bind_phone.bind_member_phone(member_id, given, actor=sessions.actor(), now=now(), deployment=deployment())
    except Refused as refusal:
        return _form(member_id, given.phone, is_sent=True, refusal=refusal), refusal.status
    return redirect(url_for("members.show", member_id=member_id, done="bound"), code=303)


def account_of(member_id: int) -> MemberAccount | None:
    """The account as the acting role may see it; None where it may not."""
    try:
        return _account(member_id)
    except Refused:
        return None


def _account(member_id: int) -> MemberAccount:
    return show_member_account(member_id, actor=sessions.actor(), now=now(), deployment=deployment())


def _form(member_id: int, number: str = "", *, is_sent: bool = False, refusal: Refused | None = None) -> str:
    return render_template(
        "member_phone.html",
        account=_account(member_id),
        member_id=member_id,
        number=number,
        is_sent=is_sent,
        refusal=refusal,
    )


def _entered(name: str) -> str:
    return plain_text(request.form.get(name, "").strip(), longest=_LONGEST)
