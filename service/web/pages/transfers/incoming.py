"""Register a person who comes in from outside: look him up, fill in, see the route, and only then start (R-137–R-147)."""

import secrets
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.domain import attachments
from service.domain.applying.origins import PROVINCES
from service.domain.attachments import AttachmentKind
from service.domain.clock import local_date
from service.domain.errors import FieldError, Refused
from service.use_cases.transfers.draft_application import Draft, draft_incoming
from service.use_cases.transfers.look_up_newcomer import LookedUp, look_up_newcomer
from service.use_cases.transfers.register_incoming import preview_incoming, register_incoming
from service.web import sessions, uploads
from service.web.deployed import deployment, now
from service.web.pages import answers
from service.web.pages.transfers import drafts, loose_files, origins, routes

_EXCHANGE = "via_exchange"
_REVIEW = ("manual_review", "identity_checked")
_LATER = ("decision", "attachments", "attestation", "opinion", _EXCHANGE, *_REVIEW)
_MORE = ("age", "claim_back", "validity_days", "transfer_in_date")
_TICKED = ("true", "on", "1")

blueprint = Blueprint("incoming", __name__)


@blueprint.get("/incoming")
def show() -> ResponseReturnValue:
    """The form; refuses E_START_NOT_ALLOWED where the acting role may not register anybody."""
    return _form(draft_incoming(actor=sessions.actor(), now=now(), deployment=deployment()), {}, [])


@blueprint.post("/incoming")
@uploads.takes_files
def go_on() -> ResponseReturnValue:
    """What the button says: look the person up, keep files, show the route, start. A refusal is shown in the form."""
    draft = draft_incoming(actor=sessions.actor(), now=now(), deployment=deployment())
    given: dict[str, Any] = {**answers.posted(draft.form), **origins.posted(), "decision": "submit"}
    wanted = request.form.get("go", "")
    names = loose_files.without_removed(loose_files.named(), wanted)
    try:
        names += [name for name in loose_files.arrived(_kinds()) if name not in names]
        given[loose_files.FIELD] = names
        return _gone_on(wanted, draft, given, names)
    except Refused as refusal:
        return _form(draft, given, names, refusal), refusal.status


def _gone_on(wanted: str, draft: Draft, given: dict[str, Any], names: list[str]) -> ResponseReturnValue:
    if wanted == "look_up":
        found = _looked_up(given)
        return _form(draft, {**given, **found.values}, names, found=found)
    if wanted == "preview":
        return _preview(draft, given, names)
    if wanted == "submit":
        return _submit(given)
    return _form(draft, given, names)


def _looked_up(given: Mapping[str, Any]) -> LookedUp:
    return look_up_newcomer(
        str(given.get("id_number", "")),
        name=str(given.get("name", "")),
        actor=sessions.actor(),
        now=now(),
        deployment=deployment(),
    )


def _submit(given: Mapping[str, Any]) -> ResponseReturnValue:
    answer = register_incoming(
        given, actor=sessions.actor(), key=answers.request_key(), now=now(), deployment=deployment()
    )
    return redirect(url_for("transfers.show", transfer_id=answer.transfer_id, done="submit"), code=303)


def _preview(draft: Draft, given: Mapping[str, Any], names: list[str]) -> str:
    route = preview_incoming(given, actor=sessions.actor(), now=now(), deployment=deployment())
    entered = {name: value for name, value in given.items() if name != loose_files.FIELD}
    return render_template(
        "incoming_preview.html",
        route=route,
        legs=routes.preview(route.hops),
        given=entered,
        shown=drafts.entered(draft.form, entered),
        names=names,
        files=loose_files.shown(names),
        key=secrets.token_urlsafe(),
    )


def _form(
    draft: Draft,
    values: Mapping[str, Any],
    names: list[str],
    refusal: Refused | None = None,
    found: LookedUp | None = None,
) -> str:
    today = local_date(now())
    wishes = answers.Wishes({**draft.values, **values}, (*draft.required, "target"), refusal=refusal)
    fields = _fields(draft)
    reviews = AttachmentKind.ID_CARD_PHOTO in _kinds()
    places = loose_files.places(_kinds())
    return render_template(
        "incoming.html",
        form_fields={**answers.fields_of(draft.form), **{each.kind.value: each for each in places}},
        groups=answers.grouped(draft.form, answers.draw(draft.form, _main(fields), wishes, today=today)),
        rest=answers.draw(draft.form, [name for name in _MORE if name in fields], wishes, today=today),
        review=answers.draw(draft.form, _REVIEW, wishes, today=today) if reviews else (),
        is_reviewed=_is_reviewed(values, refusal),
        exchange=str(values.get(_EXCHANGE, "")) if _EXCHANGE in draft.required else None,
        places=places,
        region=origins.shown(wishes.values),
        provinces=PROVINCES,
        origin_faults=_faults(refusal, origins.FIELD),
        needs_photo=deployment().profile.flag("incoming.letter_photo_required"),
        names=names,
        files=loose_files.shown(names),
        found=found,
        refusal=refusal,
    )


def _fields(draft: Draft) -> list[str]:
    """What this profile asks for at all."""
    left_out = {*_LATER, *draft.not_asked}
    if "in_type" not in draft.required:
        left_out.add("in_type")
    if not deployment().profile.flag("incoming.claim_back"):
        left_out.add("claim_back")
    if origins.is_chosen():
        left_out.add(origins.FIELD)
    return [each.name for each in draft.form.fields if not each.read_only and each.name not in left_out]


def _faults(refusal: Refused | None, field: str) -> tuple[FieldError, ...]:
    return tuple(each for each in refusal.fields if each.field == field) if refusal else ()


def _main(fields: list[str]) -> list[str]:
    return [name for name in fields if name not in _MORE]


def _kinds() -> tuple[AttachmentKind, ...]:
    return attachments.kinds_of_start(deployment().profile, is_incoming=True)


def _is_reviewed(values: Mapping[str, Any], refusal: Refused | None) -> bool:
    """Whether the review by hand is to be shown at once."""
    asked = {"E_REAL_NAME_FAILED", "E_ID_PHOTO_REQUIRED", "E_ATTESTATION_REQUIRED"}
    return str(values.get(_REVIEW[0], "")).lower() in _TICKED or (refusal is not None and refusal.code in asked)
