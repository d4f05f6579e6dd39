"""The page of an organisation, and the forms in which it is created, changed and dissolved."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.definitions import forms
from service.definitions.forms import Form
from service.domain.clock import local_date
from service.domain.errors import FieldError, Refused
from service.domain.organisations import organisation_records
from service.domain.organisations.organisation_records import Saving
from service.domain.organisations.organisations import OrgType
from service.use_cases.members.authorise_keeping import authorise_keeping, keeps_records
from service.use_cases.members.list_completeness import own_completeness
from service.use_cases.organisations.create_organisation import create_organisation
from service.use_cases.organisations.dissolve_organisation import dissolve_organisation
from service.use_cases.organisations.edit_organisation import edit_organisation
from service.use_cases.organisations.saving import FORM
from service.use_cases.organisations.show_record import (
    OrganisationView,
    count_organisation,
    show_changes,
    show_record,
)
from service.web import sessions
from service.web.deployed import deployment, now
from service.web.pages import answers
from service.web.pages.organisations.organisation_titles import names_in

_TYPE = "org_type"
_DONE = frozenset({"created", "saved", "moved", "applied", "dissolved"})

blueprint = Blueprint("organisation_records", __name__)


@blueprint.get("/organisations/<string:code>")
def show(code: str) -> ResponseReturnValue:
    """The record of one organisation; refuses E_ORG_NOT_FOUND, E_FORBIDDEN, E_ORG_OUT_OF_SCOPE."""
    return _page(code)


@blueprint.get("/organisations/<string:code>/counts")
def counts(code: str) -> ResponseReturnValue:
    """How many it has; a part of the page, as counting a whole province takes a while."""
    found = count_organisation(code, actor=sessions.actor())
    complete = own_completeness(code, actor=sessions.actor()).completeness
    return render_template("parts/organisation_counts.html", counts=found, code=code, completeness=complete)


@blueprint.get("/organisations/<string:code>/edit")
def edit(code: str) -> ResponseReturnValue:
    """The form with what is stored; refuses E_FORBIDDEN to who may not change it."""
    view = _view(code)
    if not view.offers.edit:
        raise Refused("E_FORBIDDEN")
    return _form(view, view.record.answers)


@blueprint.post("/organisations/<string:code>/edit")
def save(code: str) -> ResponseReturnValue:
    """Store it; a refusal is shown in the form, with everything that was entered."""
    view = _view(code)
    given = {**answers.posted(_record_form()), _TYPE: view.record.values[_TYPE]}
    version = answers.whole_number(request.form.get("version", "")) or 0
    try:
        edit_organisation(code, given, version=version, actor=sessions.actor(), now=now(), deployment=deployment())
    except Refused as refusal:
        return _form(view, given, refusal), refusal.status
    return redirect(url_for("organisation_records.show", code=code, done="saved"), code=303)


@blueprint.get("/organisations/<string:code>/new")
def new(code: str) -> ResponseReturnValue:
    """The empty form for an organisation below this one; refuses E_FORBIDDEN where none can be."""
    view = _view(code)
    if not view.offers.create:
        raise Refused("E_FORBIDDEN")
    chosen = OrgType.BRANCH if OrgType.BRANCH in view.offers.create else view.offers.create[0]
    return _form(view, {_TYPE: chosen.value}, is_new=True)


@blueprint.post("/organisations/<string:code>/new")
def create(code: str) -> ResponseReturnValue:
    """Create it; a refusal is shown in the form."""
    view = _view(code)
    given = answers.posted(_record_form())
    try:
        created = create_organisation(
            given, superior=code, actor=sessions.actor(), key=answers.request_key(), now=now(), deployment=deployment()
        )
    except Refused as refusal:
        return _form(view, given, refusal, is_new=True), refusal.status
    return redirect(url_for("organisation_records.show", code=created.code, done="created"), code=303)


@blueprint.post("/organisations/<string:code>/record-keeping")
def authorise(code: str) -> ResponseReturnValue:
    """Let a branch keep the records of its members, or no longer (R-210); a refusal is shown on its page."""
    authorised = request.form.get("go") == "give"
    try:
        authorise_keeping(code, authorised=authorised, actor=sessions.actor(), now=now())
    except Refused as refusal:
        return _page(code, refusal), refusal.status
    return redirect(url_for("organisation_records.show", code=code, done="saved"), code=303)


@blueprint.post("/organisations/<string:code>/dissolve")
def dissolve(code: str) -> ResponseReturnValue:
    """Dissolve it; a refusal, with what stands in the way, is shown on its page."""
    try:
        dissolve_organisation(code, actor=sessions.actor(), now=now(), deployment=deployment())
    except Refused as refusal:
        return _page(code, refusal), refusal.status
    return redirect(url_for("organisation_records.show", code=code, done="dissolved"), code=303)


def _page(code: str, refusal: Refused | None = None) -> str:
    done = request.args.get("done", "")
    log = show_changes(code, actor=sessions.actor())
    return render_template(
        "organisation.html",
        view=_view(code),
        form=_record_form(),
        log=log,
        names=names_in(log),
        keeps=keeps_records(code, actor=sessions.actor()),
        refusal=refusal,
        done=done if done in _DONE else "",
    )


def _form(
    view: OrganisationView, values: Mapping[str, Any], refusal: Refused | None = None, *, is_new: bool = False
) -> str:
    form, today = _record_form(), local_date(now())
    saving = Saving(deployment().profile, today, is_new=is_new)
    kind = str(values.get(_TYPE) or "")
    needed = organisation_records.required(OrgType(kind), saving) if kind in set(OrgType) else ()
    wishes = answers.Wishes(values, ("name", _TYPE, *needed), refusal=refusal)
    names = [field.name for field in form.fields if is_new or field.name != _TYPE]
    return render_template(
        "organisation_form.html",
        view=view,
        is_new=is_new,
        form_fields=answers.fields_of(form),
        groups=answers.grouped(form, answers.draw(form, names, wishes, today=today)),
        version=answers.whole_number(request.form.get("version", "")) or view.record.version,
        refusal=refusal,
        awaited=() if is_new or refusal else _awaited(values, saving),
        key=answers.request_key(),
    )


def _awaited(values: Mapping[str, Any], saving: Saving) -> tuple[FieldError, ...]:
    """What keeps the record, as it stands, from being saved: an imported one lacks what a branch must have (R-005)."""
    facts = organisation_records.clean({name: value for name, value in values.items() if value is not None})
    return tuple(organisation_records.errors(facts, saving))


def _view(code: str) -> OrganisationView:
    return show_record(code, actor=sessions.actor(), deployment=deployment())


def _record_form() -> Form:
    return forms.form(*FORM)
