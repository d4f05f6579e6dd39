"""Apply for a transfer: whose, where to, what route it would take, and only then submit (R-074)."""

import secrets
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.domain.accounts.roles import Role
from service.domain.clock import local_date
from service.domain.errors import Refused
from service.use_cases.transfers.draft_application import Draft, draft_application
from service.use_cases.transfers.submit_transfer import Chosen, preview_application, submit_transfer
from service.web import sessions
from service.web.deployed import deployment, now
from service.web.pages import answers
from service.web.pages.transfers import drafts, routes

blueprint = Blueprint("applications", __name__)


@blueprint.get("/apply")
def show() -> ResponseReturnValue:
    """The form for the member himself, or for the chosen one; an organisation chooses a member first."""
    member_id = answers.whole_number(request.args.get("member", ""))
    if member_id is None and sessions.actor().role is not Role.MEMBER:
        return redirect(url_for("candidates.choose"), code=303)
    draft = draft_application(actor=sessions.actor(), chosen=Chosen(member_id), now=now(), deployment=deployment())
    return _form(draft, draft.values)


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
    return render_template(
        "apply_preview.html",
        draft=draft,
        route=route,
        legs=routes.preview(route.hops),
        given=given,
        shown=drafts.entered(draft.form, given),
        box=drafts.box(draft.form, given) if draft.asks_attestation else None,
        key=secrets.token_urlsafe(),
    )


def _form(draft: Draft, values: Mapping[str, Any], refusal: Refused | None = None) -> str:
    main, rest = drafts.fields(draft)
    wishes = answers.Wishes(values, draft.required, draft.required_outside, refusal=refusal)
    today = local_date(now())
    return render_template(
        "apply.html",
        draft=draft,
        groups=answers.grouped(draft.form, answers.draw(draft.form, main, wishes, today=today)),
        rest=answers.draw(draft.form, rest, wishes, today=today),
        refusal=refusal,
    )
