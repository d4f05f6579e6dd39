"""Whom an organisation applies for: chosen from a list, several where the profile allows it, or typed (R-053–R-055)."""

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.domain.errors import Refused
from service.use_cases.transfers.draft_application import draft_application
from service.use_cases.transfers.list_candidates import list_candidates
from service.use_cases.transfers.submit_transfer import Chosen
from service.web import sessions
from service.web.deployed import deployment, now
from service.web.pages import answers

_LONGEST_NAME, _LONGEST_NUMBER = 100, 40

blueprint = Blueprint("candidates", __name__)


@dataclass(frozen=True, slots=True)
class Typed:
    """A name and an identity number as they were typed."""

    name: str = ""
    id_number: str = ""


NOTHING_TYPED = Typed()


@blueprint.get("/apply/members")
def choose() -> ResponseReturnValue:
    """Members whose transfer may be started; refuses E_START_NOT_ALLOWED, E_NO_TRANSFER_PERMISSION, E_FORBIDDEN."""
    if request.args.get("go") == "next":
        return _go_on(request.args.getlist("member"))
    return _page()


@blueprint.post("/apply/members")
def identify() -> ResponseReturnValue:
    """Find a member by name and identity number, which so stand in no address (R-055)."""
    typed = Typed(
        answers.plain_text(request.form.get("name", "").strip(), longest=_LONGEST_NAME),
        answers.plain_text(request.form.get("id_number", "").strip(), longest=_LONGEST_NUMBER),
    )
    chosen = Chosen(name=typed.name, id_number=typed.id_number)
    try:
        draft = draft_application(actor=sessions.actor(), chosen=chosen, now=now(), deployment=deployment())
    except Refused as refusal:
        return _page(typed, refusal), refusal.status
    return redirect(url_for("applications.show", member=draft.member.id if draft.member else None), code=303)


def _go_on(members: list[str]) -> ResponseReturnValue:
    chosen = [number for number in map(answers.whole_number, members) if number is not None]
    if not chosen:
        refusal = Refused("E_NO_MEMBER_SELECTED", field="member")
        return _page(refusal=refusal), refusal.status
    if len(chosen) == 1:
        return redirect(url_for("applications.show", member=chosen[0]), code=303)
    return redirect(url_for("several.show", member=chosen), code=303)


def _page(typed: Typed = NOTHING_TYPED, refusal: Refused | None = None) -> str:
    name = answers.plain_text(request.args.get("name", "").strip(), longest=_LONGEST_NAME)
    page = answers.whole_number(request.args.get("page", "1")) or 1
    found = list_candidates(actor=sessions.actor(), now=now(), deployment=deployment(), name=name, page=page)
    last = max(1, -(-found.total // found.per_page))
    return render_template("choose_member.html", found=found, name=name, last=last, typed=typed, refusal=refusal)
