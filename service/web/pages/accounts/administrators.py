"""Who administers an organisation: roles given, changed, taken back; duties recorded (R-025–R-029)."""

from collections.abc import Callable
from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.domain.accounts.duties import DUTY_TITLES, Duty
from service.domain.accounts.roles import Role
from service.domain.errors import Refused
from service.use_cases.administrators.change_grant import Terms, change_grant, revoke_role
from service.use_cases.administrators.find_candidates import find_candidates
from service.use_cases.administrators.grant_role import Wanted, grant_role
from service.use_cases.administrators.list_administrators import list_administrators
from service.use_cases.administrators.record_duty import record_duty
from service.use_cases.organisations.show_organisation import show_organisation
from service.web import sessions
from service.web.deployed import deployment, now
from service.web.pages import confirming
from service.web.pages.answers import plain_text, whole_number
from service.web.pages.confirming import Question
from service.web.pages.language import t
from service.web.pages.titles import title

_LONGEST = 100

blueprint = Blueprint("administrators", __name__)


@blueprint.get("/organisations/<string:code>/administrators")
def show(code: str) -> ResponseReturnValue:
    """Roles and duties; refuses E_ORG_NOT_FOUND, E_FORBIDDEN, E_ORG_OUT_OF_SCOPE."""
    return _page(code)


@blueprint.post("/organisations/<string:code>/administrators/find")
def find(code: str) -> ResponseReturnValue:
    """Candidates of a name or number; posted, so that no address holds a number."""
    return _page(code, text=_said("text"))


@blueprint.post("/organisations/<string:code>/administrators")
def grant(code: str) -> ResponseReturnValue:
    """Give a role."""

    def change() -> None:
        role = _said("role")
        wanted = Wanted(
            account_id=whole_number(_said("account")) or 0,
            role=Role(role) if role in set(Role) else None,
            is_default=_said("is_default") == "true",
            division=_said("division"),
            valid_until=_day(_said("valid_until")),
        )
        grant_role(code, wanted, actor=sessions.actor(), now=now(), deployment=deployment())

    return _done(code, "granted", change)


@blueprint.post("/organisations/<string:code>/administrators/<int:grant_id>")
def change(code: str, grant_id: int) -> ResponseReturnValue:
    """Change what may be changed of a grant, or take it back, after a second question."""
    actor, parts = sessions.actor(), deployment()
    if _said("action") == "revoke":
        if not confirming.is_sure() and (question := _about_revoking(code, grant_id)):
            return confirming.ask(question)
        return _done(code, "revoked", lambda: revoke_role(code, grant_id, actor=actor, now=now(), deployment=parts))

    def save() -> None:
        terms = Terms(_said("is_default") == "true", _said("division"), _day(_said("valid_until")))
        change_grant(code, grant_id, terms, actor=actor, now=now(), deployment=parts)

    return _done(code, "changed", save)


@blueprint.post("/organisations/<string:code>/duties/<int:member_id>")
def duty(code: str, member_id: int) -> ResponseReturnValue:
    """Record a duty or take it back."""
    wanted = Duty(_said("duty")) if _said("duty") in set(Duty) else None
    actor, parts = sessions.actor(), deployment()
    return _done(
        code, "recorded", lambda: record_duty(code, member_id, wanted, actor=actor, now=now(), deployment=parts)
    )


def _about_revoking(code: str, grant_id: int) -> Question | None:
    """What follows from taking a role back; None where it is refused anyway."""
    view = list_administrators(code, actor=sessions.actor(), now=now(), deployment=deployment())
    grant = next((each for each in view.grants if each.id == grant_id), None)
    if grant is None or not view.roles:
        return None
    name, role, org = grant.account_name, title(grant.role), view.organisation.name
    told = (
        t("“{name}”不再是“{org}”的{role}，用此角色的登录立即结束", name=name, org=org, role=role),
        t("账号和其他角色不变；需要时可以重新授权"),
    )
    back = url_for("administrators.show", code=code)
    return Question(t("确认解除“{name}”的授权？", name=name), told, t("解除授权"), back, {"action": "revoke"})


def _done(code: str, said: str, work: Callable[[], None]) -> ResponseReturnValue:
    try:
        work()
    except Refused as refusal:
        return _page(code, refusal=refusal), refusal.status
    return redirect(url_for("administrators.show", code=code, done=said), code=303)


def _page(code: str, *, text: str = "", refusal: Refused | None = None) -> str:
    actor, parts = sessions.actor(), deployment()
    view = list_administrators(code, actor=actor, now=now(), deployment=parts)
    found = (
        find_candidates(code, text, actor=actor, deployment=parts)
        if text.strip() and (view.roles or view.records_duties)
        else ()
    )
    return render_template(
        "administrators.html",
        view=view,
        chain=show_organisation(code),
        text=text,
        found=found,
        duties=DUTY_TITLES,
        refusal=refusal,
        done=request.args.get("done", "")[:20],
    )


def _said(name: str) -> str:
    return plain_text(request.form.get(name, "").strip(), longest=_LONGEST)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Refused("E_FIELD_INVALID", field="valid_until", detail_zh=text[:20], detail_en=text[:20]) from error
