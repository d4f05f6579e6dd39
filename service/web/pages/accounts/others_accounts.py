"""Accounts of others on pages: opened, reset, with certificates bound and released, by who grants roles (R-029–R-036)."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.domain.accounts.certificates import ends_soon
from service.domain.accounts.passwords import PasswordKind
from service.domain.accounts.roles import Role
from service.domain.errors import Refused
from service.use_cases.accounts import own_certificates
from service.use_cases.accounts.open_for_others import Officer, Opened, import_officer, open_virtual_account
from service.use_cases.accounts.reset_password import Reset, remove_second_factors, reset_password
from service.use_cases.administrators.find_candidates import Found, find_candidates
from service.use_cases.administrators.list_administrators import list_administrators
from service.use_cases.administrators.show_account import show_account
from service.use_cases.organisations.search_organisations import name_of
from service.use_cases.organisations.show_organisation import show_organisation
from service.web import sessions
from service.web.deployed import deployment, now
from service.web.pages import confirming
from service.web.pages.accounts.certificates import entered_certificate
from service.web.pages.answers import plain_text
from service.web.pages.confirming import Question
from service.web.pages.language import t
from service.web.requests import LARGEST_ID

_LONGEST = 64
_PATH = "/organisations/<string:code>/accounts"
_ACCOUNT = f"{_PATH}/<int(max={LARGEST_ID}):account_id>"
_DONE = frozenset({"bound", "released", "removed"})

blueprint = Blueprint("others_accounts", __name__)


@blueprint.get("/accounts")
def choose() -> ResponseReturnValue:
    """Of which organisation; a security officer with a scope begins there. Refuses E_FORBIDDEN to who grants nothing."""
    actor = sessions.actor()
    code = plain_text(request.args.get("organisation", "").strip(), longest=_LONGEST)
    if not (actor.decides_for_org or is_offered()):
        raise Refused("E_FORBIDDEN")
    if code and name_of(code):
        return redirect(url_for("others_accounts.listed", code=code), code=303)
    own = actor.org.code if actor.org and actor.role is Role.SECURITY_OFFICER else ""
    return render_template("organisation_choose.html", about="accounts", code=code, own=own, is_unknown=bool(code))


@blueprint.get(_PATH)
def listed(code: str) -> ResponseReturnValue:
    """Accounts with a role of the organisation; refuses E_ORG_NOT_FOUND, E_FORBIDDEN, E_ORG_OUT_OF_SCOPE."""
    return _list(code)


@blueprint.post(f"{_PATH}/find")
def find(code: str) -> ResponseReturnValue:
    """Accounts of members of the organisation; posted, so that no address holds a number."""
    return _list(code, text=_said("text"))


@blueprint.post(f"{_PATH}/virtual")
def open_virtual(code: str) -> ResponseReturnValue:
    """Open an account that is no person's; its password is shown on this answer and never again."""
    names = _said("login_name"), _said("name")
    return _opened(code, lambda: open_virtual_account(code, *names, **_by()))


@blueprint.post(f"{_PATH}/officers")
def bring_in(code: str) -> ResponseReturnValue:
    """Bring in an administrator who was reported; the code goes to his telephone when he gets a role."""
    officer = Officer(_said("officer"), _said("id_number"), _said("phone"))
    return _opened(code, lambda: import_officer(code, officer, **_by()))


@blueprint.get(_ACCOUNT)
def show(code: str, account_id: int) -> ResponseReturnValue:
    """One account; refuses as the list does, E_NOT_FOUND, E_ROLE_NOT_HELD."""
    return _one(code, account_id)


@blueprint.post(f"{_ACCOUNT}/password-reset")
def reset(code: str, account_id: int) -> ResponseReturnValue:
    """Put the password back, after a second question; what there is to tell is shown on this answer and never again."""
    if not confirming.is_sure() and (question := _about_reset(code, account_id)):
        return confirming.ask(question)
    try:
        done = reset_password(code, account_id, **_by())
    except Refused as refusal:
        return _one(code, account_id, refusal=refusal), refusal.status
    return _one(code, account_id, was_reset=done)


@blueprint.post(f"{_ACCOUNT}/second-factors")
def remove_factors(code: str, account_id: int) -> ResponseReturnValue:
    """Take the second factors of somebody away who lost them, after a second question."""
    if not confirming.is_sure() and (question := _about_factors(code, account_id)):
        return confirming.ask(question)
    return _changed(code, account_id, "removed", lambda: remove_second_factors(code, account_id, **_by()))


@blueprint.post(f"{_ACCOUNT}/certificates")
def bind(code: str, account_id: int) -> ResponseReturnValue:
    """Bind a certificate."""

    def work() -> None:
        own_certificates.bind_certificate(code, account_id, entered_certificate(), **_by())

    return _changed(code, account_id, "bound", work)


@blueprint.post(f"{_ACCOUNT}/certificates/release")
def release(code: str, account_id: int) -> ResponseReturnValue:
    """Release one; sessions opened with it end."""
    fingerprint = _said("fingerprint")

    def work() -> None:
        own_certificates.release_certificate(code, account_id, fingerprint, **_by())

    return _changed(code, account_id, "released", work)


def _about_reset(code: str, account_id: int) -> Question | None:
    """What follows from a reset; None where it is refused anyway."""
    view = show_account(code, account_id, actor=sessions.actor(), deployment=deployment())
    if not view.may_reset:
        return None
    opening = {
        PasswordKind.INITIAL: t("密码恢复为初始密码，请告知本人"),
        PasswordKind.ISSUED: t("系统生成一个新密码，只显示一次，由您告知使用人"),
    }
    by_phone = t("授权码发到本人手机 {phone}，凭它设置新密码", phone=view.phone)
    sent = by_phone if view.phone else t("没有登记手机，授权码发不出去；请先为本人绑定手机")
    told = (
        t("“{name}”现在的密码立即失效", name=view.name),
        t("此账号在所有设备上的登录全部结束"),
        opening.get(view.opens_with, sent),
    )
    return Question(t("确认重置“{name}”的密码？", name=view.name), told, t("重置密码"), _address(code, account_id))


def _about_factors(code: str, account_id: int) -> Question | None:
    view = show_account(code, account_id, actor=sessions.actor(), deployment=deployment())
    if not view.may_reset:
        return None
    told = (
        t("“{name}”登记的二次验证方式全部删除，下次登录后须重新登记", name=view.name),
        t("此账号在所有设备上的登录全部结束"),
    )
    heading = t("确认解除“{name}”的二次验证？", name=view.name)
    return Question(heading, told, t("解除二次验证"), _address(code, account_id))


def _address(code: str, account_id: int) -> str:
    return url_for("others_accounts.show", code=code, account_id=account_id)


def is_offered() -> bool:
    """Whether the acting role is that of a security officer, and the profile lets him grant roles."""
    is_officer = sessions.actor().role is Role.SECURITY_OFFICER
    return is_officer and "security_officer" in deployment().profile.choices("admin.roles")


def _by() -> dict[str, Any]:
    return {"actor": sessions.actor(), "now": now(), "deployment": deployment()}


def _opened(code: str, work: Callable[[], Opened]) -> ResponseReturnValue:
    try:
        done = work()
    except Refused as refusal:
        return _list(code, refusal=refusal), refusal.status
    return _list(code, opened=done)


def _changed(code: str, account_id: int, said: str, work: Callable[[], None]) -> ResponseReturnValue:
    try:
        work()
    except Refused as refusal:
        return _one(code, account_id, refusal=refusal), refusal.status
    return redirect(url_for("others_accounts.show", code=code, account_id=account_id, done=said), code=303)


def _list(code: str, *, text: str = "", refusal: Refused | None = None, opened: Opened | None = None) -> str:
    actor, parts = sessions.actor(), deployment()
    view = list_administrators(code, actor=actor, now=now(), deployment=parts)
    if not view.roles:
        raise Refused("E_FORBIDDEN")
    held: dict[int, tuple[str, list[Role]]] = {}
    for grant in view.grants:
        held.setdefault(grant.account_id, (grant.account_name, []))[1].append(grant.role)
    found = find_candidates(code, text, actor=actor, deployment=parts) if text.strip() else ()
    return render_template(
        "accounts_of_others.html",
        org=view.organisation,
        chain=show_organisation(code),
        held=held,
        text=text,
        found=[each for each in found if _is_here(each, code, held)],
        opened=opened,
        values={name: _said(name) for name in ("login_name", "name", "officer", "phone")} if refusal or opened else {},
        is_officer=actor.role is Role.SECURITY_OFFICER,
        refusal=refusal,
    )


def _is_here(found: Found, code: str, held: dict[int, tuple[str, list[Role]]]) -> bool:
    """Whether the account is one of this organisation: by a role, or as that of a member inside it."""
    candidate = found.candidate
    return candidate.account_id in held or any(org.code == code for org in candidate.chain)


def _one(code: str, account_id: int, *, refusal: Refused | None = None, was_reset: Reset | None = None) -> str:
    view, done = (
        show_account(code, account_id, actor=sessions.actor(), deployment=deployment()),
        request.args.get("done"),
    )
    return render_template(
        "account_of_others.html",
        view=view,
        chain=show_organisation(code),
        certificates=[(each, ends_soon(each.not_after, now=now())) for each in view.certificates],
        was_reset=was_reset,
        refusal=refusal,
        done=done if done in _DONE else "",
    )


def _said(name: str) -> str:
    return plain_text(request.form.get(name, "").strip(), longest=_LONGEST)
