"""One application for several members: the answers of all, what is each one's own, all routes, and then start (R-080)."""

import secrets
from collections.abc import Mapping
from itertools import groupby
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.domain.applying.choosing import Chosen, Selected
from service.domain.clock import local_date
from service.domain.errors import Refused
from service.use_cases.transfers.draft_application import Draft, draft_several
from service.use_cases.transfers.submit_several import Planned, preview_several, submit_several
from service.web import sessions
from service.web.deployed import deployment, now
from service.web.pages import answers
from service.web.pages.transfers import drafts, routes

_OWN = ("contact", "dues_paid_to")
_LONGEST_OWN = 40

blueprint = Blueprint("several", __name__)


@blueprint.get("/apply/several")
def show() -> ResponseReturnValue:
    """The form for the members named in the address; what would refuse one of them refuses here already."""
    draft = _draft([Selected(Chosen(each)) for each in _members(request.args.getlist("member"))])
    return _form(draft, draft.values, {each.id: {"contact": each.mobile} for each in draft.members})


@blueprint.post("/apply/several")
def go_on() -> ResponseReturnValue:
    """What the button says: back to the form, show the routes, or start all of them."""
    own = {each: _own(each) for each in _members(request.form.getlist("member"))}
    selected = [Selected(Chosen(each), said) for each, said in own.items()]
    draft = _draft(selected)
    given = {**answers.posted(draft.form), "decision": "submit"}
    wanted = request.form.get("go", "")
    if wanted == "edit":
        return _form(draft, given, own)
    try:
        return _submit(given, selected) if wanted == "submit" else _preview(draft, given, selected)
    except Refused as refusal:
        return _form(draft, given, own, refusal), refusal.status


def _draft(selected: list[Selected]) -> Draft:
    return draft_several(actor=sessions.actor(), selected=selected, now=now(), deployment=deployment())


def _members(texts: list[str]) -> list[int]:
    return [number for number in map(answers.whole_number, texts) if number is not None]


def _own(member_id: int) -> dict[str, object]:
    # `own-7-contact` is what the member with key 7 says of himself.
    texts = {name: request.form.get(f"own-{member_id}-{name}", "").strip() for name in _OWN}
    return {name: answers.plain_text(text, longest=_LONGEST_OWN) for name, text in texts.items() if text}


def _submit(given: Mapping[str, object], selected: list[Selected]) -> ResponseReturnValue:
    submit_several(
        given,
        actor=sessions.actor(),
        selected=selected,
        key=answers.request_key(),
        now=now(),
        deployment=deployment(),
    )
    return redirect(url_for("lists.show", name="handled"), code=303)


def _preview(draft: Draft, given: Mapping[str, object], selected: list[Selected]) -> str:
    planned = preview_several(given, actor=sessions.actor(), selected=selected, now=now(), deployment=deployment())
    return render_template(
        "several_preview.html",
        draft=draft,
        ways=_ways(planned),
        given=given,
        own={each.chosen.member_id: each.answers for each in selected},
        shown=drafts.entered(draft.form, given),
        box=drafts.box(draft.form, given) if draft.asks_attestation else None,
        key=secrets.token_urlsafe(),
    )


def _ways(planned: tuple[Planned, ...]) -> list[tuple[list[str], tuple[routes.Leg, ...]]]:
    """Each way once, with the names of those who take it."""
    grouped = groupby(sorted(planned, key=_way), key=_way)
    found = [list(group) for _, group in grouped]
    return [([each.member_name for each in group], routes.preview(group[0].route.hops)) for group in found]


def _way(planned: Planned) -> tuple[tuple[str, str], ...]:
    return tuple((hop.code or "", hop.role.value) for hop in planned.route.hops)


def _form(
    draft: Draft, values: Mapping[str, Any], own: Mapping[int, Mapping[str, object]], refusal: Refused | None = None
) -> str:
    main, rest = drafts.fields(draft, but=("contact", "age"))
    wishes = answers.Wishes(values, draft.required, draft.required_outside, refusal=refusal)
    today = local_date(now())
    return render_template(
        "several.html",
        draft=draft,
        own=own,
        months=answers.recent_months(today),
        groups=answers.grouped(draft.form, answers.draw(draft.form, main, wishes, today=today)),
        rest=answers.draw(draft.form, rest, wishes, today=today),
        refusal=refusal,
    )
