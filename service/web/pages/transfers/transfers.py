"""A transfer: its route, its history, its letters, and what may be done with it now."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.domain.clock import local_date
from service.domain.deadlines.deadlines import LetterMark, letter_mark
from service.domain.errors import Refused
from service.domain.letters.letter_editing import LETTER_FIELDS
from service.domain.transfers.actions import CITY_APPROVALS, NEGATIVE, Action
from service.use_cases.transfers.decide import decide
from service.use_cases.transfers.show_transfer import EventView, TransferView, show_transfer
from service.web import sessions
from service.web.deployed import deployment, now
from service.web.pages import answers
from service.web.pages.transfers import decisions, resubmissions, routes
from service.web.requests import LARGEST_ID

blueprint = Blueprint("transfers", __name__)


@blueprint.get(f"/transfers/<int(max={LARGEST_ID}):transfer_id>")
def show(transfer_id: int) -> ResponseReturnValue:
    """The page; `do` opens the form of one action, `done` names the one just taken. Refuses E_NOT_FOUND."""
    view = show_transfer(transfer_id, actor=sessions.actor(), deployment=deployment())
    return _page(view, wanted=request.args.get("do", ""), values=_known(view))


@blueprint.post(f"/transfers/<int(max={LARGEST_ID}):transfer_id>")
def act(transfer_id: int) -> ResponseReturnValue:
    """Take a decision; a refusal is shown on the page, with everything that was entered."""
    actor, parts = sessions.actor(), deployment()
    view = show_transfer(transfer_id, actor=actor, deployment=parts)
    given = answers.posted(view.form)
    wanted, step = request.form.get("decision", ""), request.form.get("go", "")
    if step == "edit":
        return _page(view, wanted=wanted, values=given)
    try:
        if step == "preview" and resubmissions.takes_preview(view, wanted):
            return resubmissions.preview(view, given, wanted)
        decide(
            transfer_id,
            version=answers.whole_number(request.form.get("version", "")) or 0,
            answers={**given, "decision": wanted},
            actor=actor,
            key=answers.request_key(),
            now=now(),
            deployment=parts,
        )
    except Refused as refusal:
        view = show_transfer(transfer_id, actor=actor, deployment=parts)
        return _page(view, wanted=wanted, values=given, refusal=refusal), refusal.status
    return redirect(url_for("transfers.show", transfer_id=transfer_id, done=wanted), code=303)


def _page(view: TransferView, *, wanted: str, values: Mapping[str, Any], refusal: Refused | None = None) -> str:
    today = local_date(now())
    form = view.form
    offered = decisions.decisions(view)
    chosen = decisions.chosen(offered, wanted)
    fields: tuple[answers.DrawnField, ...] = ()
    if chosen:
        is_again = resubmissions.takes_preview(view, chosen.action)
        if not is_again and refusal is None:
            # Why somebody applied is not why something else is done now.
            values = {name: value for name, value in values.items() if name != "reason"}
        wishes = answers.Wishes(values, required=chosen.required, gates=chosen.gates, refusal=refusal)
        fields = answers.draw(form, chosen.fields, wishes, today=today)
        if not is_again:
            fields = tuple(_asks_why(each) if each.field.name == "reason" else each for each in fields)
    done = request.args.get("done", "")
    return render_template(
        "transfer.html",
        view=view,
        legs=routes.picture(view),
        marks=routes.letter_marks(view.letters),
        hop_name=routes.hop_name,
        offered=offered,
        chosen=chosen,
        is_previewed=chosen is not None and resubmissions.takes_preview(view, chosen.action),
        fields=fields,
        refusal=refusal,
        done=done if done in set(Action) else "",
        sent_back=_sent_back(view),
        key=answers.request_key(),
        days_left=(view.valid_until - today).days if view.valid_until else None,
        must_be_renewed=_must_be_renewed(view, today),
        is_overdue=view.due_at is not None and view.due_at <= now(),
        waiting_days=(today - local_date(view.opened_at)).days,
    )


def _sent_back(view: TransferView) -> EventView | None:
    """Why it lies here again, where it was sent back and nobody went on since."""
    last = next((event for event in reversed(view.events) if not event.is_automatic), None)
    return last if last and last.action in NEGATIVE and not view.transfer.state.is_final else None


def _must_be_renewed(view: TransferView, today: date) -> bool:
    return letter_mark(view.valid_until, today=today, profile=deployment().profile) is LetterMark.BLOCKED


def _asks_why(drawn: answers.DrawnField) -> answers.DrawnField:
    return replace(drawn, field=replace(drawn.field, title="理由", title_en="Reason"))


def _known(view: TransferView) -> Mapping[str, Any]:
    """What a form begins with: the application where it stands with its applicant again, else what a letter says."""
    target = view.transfer.target
    named = target.org.code if target.org else target.text
    if view.transfer.at_application:
        return {**view.application, "target": named}
    known = {name: view.application[name] for name in LETTER_FIELDS if name in view.application}
    if CITY_APPROVALS & set(view.actions):
        known |= {"target": named, "out_type": view.transfer.out_type}
    return known
