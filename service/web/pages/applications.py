"""Apply for a transfer: whose, where to, what route it would take, and only then submit (R-074)."""

import secrets
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.domain.clock import local_date
from service.domain.errors import Refused
from service.domain.roles import Role
from service.use_cases.members.list_members import list_members
from service.use_cases.transfers.draft_application import Draft, draft_application
from service.use_cases.transfers.offered_starts import Start, require_start
from service.use_cases.transfers.submit_transfer import Chosen, preview_application, submit_transfer
from service.web import sessions
from service.web.deployed import deployment, now
from service.web.pages import answers, routes

MAIN = ("target", "destination_kind", "off_tree", "contact", "dues_paid_to", "reason")
_LATER = ("decision", "attestation", "opinion", "attachments")
_LONGEST_NAME = 100

blueprint = Blueprint("applications", __name__)


@blueprint.get("/apply")
def show() -> ResponseReturnValue:
    """The form for the member himself, or for the chosen one; an organisation chooses a member first."""
    member_id = answers.whole_number(request.args.get("member", ""))
    if member_id is None and sessions.actor().role is not Role.MEMBER:
        return redirect(url_for("applications.choose"), code=303)
    draft = draft_application(actor=sessions.actor(), chosen=Chosen(member_id), now=now(), deployment=deployment())
    return _form(draft, draft.values)


@blueprint.get("/apply/members")
def choose() -> ResponseReturnValue:
    """Members below the acting organisation, to choose one; refuses E_START_NOT_ALLOWED, E_FORBIDDEN."""
    require_start(Start.OUTGOING, sessions.actor(), profile=deployment().profile)
    name = answers.plain_text(request.args.get("name", "").strip(), longest=_LONGEST_NAME)
    page = answers.whole_number(request.args.get("page", "1")) or 1
    found = list_members(actor=sessions.actor(), deployment=deployment(), name=name, page=page)
    last = max(1, -(-found.total // found.per_page))
    return render_template("choose_member.html", found=found, name=name, last=last)


@blueprint.post("/apply")
def go_on() -> ResponseReturnValue:
    """What the button says: back to the form, show the route, or submit."""
    member_id = answers.whole_number(request.form.get("member", ""))
    draft = draft_application(actor=sessions.actor(), chosen=Chosen(member_id), now=now(), deployment=deployment())
    given = {**answers.posted(draft.form), "decision": "submit"}
    wanted = request.form.get("go", "")
    if wanted == "edit":
        return _form(draft, given)
    try:
        return _submit(draft, given) if wanted == "submit" else _preview(draft, given)
    except Refused as refusal:
        return _form(draft, given, refusal), refusal.status


def _submit(draft: Draft, given: Mapping[str, object]) -> ResponseReturnValue:
    answer = submit_transfer(
        given,
        actor=sessions.actor(),
        chosen=Chosen(draft.member.id if draft.member else None),
        key=answers.request_key(),
        now=now(),
        deployment=deployment(),
    )
    return redirect(url_for("transfers.show", transfer_id=answer.transfer_id, done="submit"), code=303)


def _preview(draft: Draft, given: Mapping[str, object]) -> str:
    route = preview_application(
        given,
        actor=sessions.actor(),
        chosen=Chosen(draft.member.id if draft.member else None),
        now=now(),
        deployment=deployment(),
    )
    entered = [name for name in given if name not in _LATER]
    shown = answers.draw(draft.form, entered, answers.Wishes(given), today=local_date(now()))
    return render_template(
        "apply_preview.html",
        draft=draft,
        route=route,
        legs=routes.preview(route.hops),
        given=given,
        shown=shown,
        box=_box(draft, given),
        key=secrets.token_urlsafe(),
    )


def _form(draft: Draft, values: Mapping[str, Any], refusal: Refused | None = None) -> str:
    today = local_date(now())
    wishes = answers.Wishes(values, draft.required, draft.required_outside, refusal=refusal)
    asked = (*draft.required, *draft.required_outside)
    names = [each.name for each in draft.form.fields if not each.read_only and each.name not in _LATER]
    main = [name for name in names if name in MAIN or name in asked]
    rest = [name for name in names if name not in main]
    return render_template(
        "apply.html",
        draft=draft,
        groups=answers.grouped(draft.form, answers.draw(draft.form, main, wishes, today=today)),
        rest=answers.draw(draft.form, rest, wishes, today=today),
        refusal=refusal,
    )


def _box(draft: Draft, given: Mapping[str, Any]) -> answers.DrawnField | None:
    """The box that must be ticked before the application is sent, where the profile asks for one."""
    if not draft.asks_attestation:
        return None
    wishes = answers.Wishes(given, gates=("attestation",))
    return next(iter(answers.draw(draft.form, ("attestation",), wishes, today=local_date(now()))), None)
