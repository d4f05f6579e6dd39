"""Another superior: the form of an application, the lists of applications, and their decision."""

import secrets

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.domain.errors import Refused
from service.use_cases.organisations.change_superior import (
    Verdict,
    Wanted,
    apply_for_superior,
    decide_superior,
    move_organisation,
    withdraw_superior,
)
from service.use_cases.organisations.list_superior_changes import list_superior_changes, show_superior_change
from service.use_cases.organisations.search_organisations import name_of
from service.use_cases.organisations.show_record import show_record
from service.web import sessions
from service.web.deployed import deployment, now
from service.web.pages.answers import plain_text
from service.web.requests import LARGEST_ID

_LONGEST = 500
_PATH = f"/superior-changes/<int(max={LARGEST_ID}):change_id>"

blueprint = Blueprint("superior_changes", __name__)


@blueprint.get("/superior-changes")
def listed() -> ResponseReturnValue:
    """Applications to decide, decided, and one's own; refuses E_FORBIDDEN."""
    done = request.args.get("done", "")
    found = list_superior_changes(actor=sessions.actor())
    return render_template("superior_changes.html", found=found, done=done if done in ("decided", "withdrawn") else "")


@blueprint.get("/organisations/<string:code>/superior")
def ask(code: str) -> ResponseReturnValue:
    """The form in which another superior is applied for, or set by whoever stands above both."""
    return _form(code)


@blueprint.post("/organisations/<string:code>/superior")
def apply(code: str) -> ResponseReturnValue:
    """Apply, or move at once; a refusal is shown in the form, with what stands in the way."""
    wanted = Wanted(code, _text("superior"), _text("reason"))
    moves = request.form.get("go") == "move"
    try:
        if moves:
            verdict = Verdict(approves=True, as_a_whole=bool(request.form.get("as_a_whole")))
            move_organisation(wanted, verdict, actor=sessions.actor(), now=now(), deployment=deployment())
        else:
            apply_for_superior(wanted, actor=sessions.actor(), now=now(), deployment=deployment())
    except Refused as refusal:
        return _form(code, refusal), refusal.status
    done = "moved" if moves else "applied"
    return redirect(url_for("organisation_records.show", code=code, done=done), code=303)


@blueprint.get(_PATH)
def show(change_id: int) -> ResponseReturnValue:
    """One application; refuses E_NOT_FOUND."""
    return _one(change_id)


@blueprint.post(_PATH)
def decide(change_id: int) -> ResponseReturnValue:
    """Approve, refuse, or take it back; a refusal is shown on its page."""
    wanted = request.form.get("go", "")
    try:
        if wanted == "withdraw":
            withdraw_superior(change_id, actor=sessions.actor(), now=now())
        else:
            verdict = Verdict(wanted == "approve", bool(request.form.get("as_a_whole")), _text("opinion"))
            decide_superior(change_id, verdict, actor=sessions.actor(), now=now(), deployment=deployment())
    except Refused as refusal:
        return _one(change_id, refusal), refusal.status
    done = "withdrawn" if wanted == "withdraw" else "decided"
    return redirect(url_for("superior_changes.listed", done=done), code=303)


def _one(change_id: int, refusal: Refused | None = None) -> str:
    change = show_superior_change(change_id, actor=sessions.actor())
    org = sessions.actor().org
    return render_template(
        "superior_change.html",
        change=change,
        decides=org is not None and org.code == change.decider.code,
        applied=org is not None and org.code == change.applicant.code,
        opinion=_text("opinion"),
        refusal=refusal,
    )


def _form(code: str, refusal: Refused | None = None) -> str:
    view = show_record(code, actor=sessions.actor(), deployment=deployment())
    if not view.offers.apply:
        raise Refused("E_FORBIDDEN")
    superior = _text("superior")
    return render_template(
        "superior_form.html",
        view=view,
        superior=superior,
        superior_name=name_of(superior) if superior else "",
        reason=_text("reason"),
        refusal=refusal,
        key=secrets.token_urlsafe(),
    )


def _text(name: str) -> str:
    return plain_text(request.form.get(name, "").strip(), longest=_LONGEST)
