"""Register a person who comes in from outside (R-137)."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from service.domain.clock import local_date
from service.domain.errors import Refused
from service.use_cases.transfers.draft_application import Draft, draft_incoming
from service.use_cases.transfers.register_incoming import register_incoming
from service.web import sessions
from service.web.deployed import deployment, now
from service.web.pages import answers

_LATER = ("decision", "attachments", "attestation", "opinion")
_MORE = ("age", "via_exchange", "claim_back", "manual_review", "identity_checked", "validity_days", "transfer_in_date")

blueprint = Blueprint("incoming", __name__)


@blueprint.get("/incoming")
def show() -> ResponseReturnValue:
    """The form; refuses E_START_NOT_ALLOWED where the acting role may not register anybody."""
    return _form(draft_incoming(actor=sessions.actor(), now=now(), deployment=deployment()), {})


@blueprint.post("/incoming")
def register() -> ResponseReturnValue:
    """Start the transfer; a refusal is shown in the form, with everything that was entered."""
    draft = draft_incoming(actor=sessions.actor(), now=now(), deployment=deployment())
    given = {**answers.posted(draft.form), "decision": "submit"}
    try:
        answer = register_incoming(
            given,
            actor=sessions.actor(),
            key=answers.request_key(),
            now=now(),
            deployment=deployment(),
        )
    except Refused as refusal:
        return _form(draft, given, refusal), refusal.status
    return redirect(url_for("transfers.show", transfer_id=answer.transfer_id, done="submit"), code=303)


def _form(draft: Draft, values: Mapping[str, Any], refusal: Refused | None = None) -> str:
    today = local_date(now())
    wishes = answers.Wishes(values, (*draft.required, "target"), refusal=refusal)
    names = [each.name for each in draft.form.fields if not each.read_only and each.name not in _LATER]
    main = [name for name in names if name not in _MORE]
    return render_template(
        "incoming.html",
        form_fields=answers.fields_of(draft.form),
        groups=answers.grouped(draft.form, answers.draw(draft.form, main, wishes, today=today)),
        rest=answers.draw(draft.form, _MORE, wishes, today=today),
        refusal=refusal,
        key=answers.request_key(),
    )
