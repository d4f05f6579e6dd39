"""Members on pages: the list with the completeness of each, one member, and the form of his record (R-209, R-210)."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.definitions import forms
from service.definitions.forms import Form
from service.domain.clock import local_date
from service.domain.errors import Refused
from service.domain.members.member_keeping import next_states
from service.domain.members.members import MemberKind, age
from service.printing.spreadsheets import MEDIA_TYPE
from service.storage.members.member_search import Sought
from service.use_cases.members.edit_member import FORM, answers_of, edit_member
from service.use_cases.members.find_members import export_members, find_members
from service.use_cases.members.show_member import MemberView, reveal_number, show_log, show_member
from service.use_cases.members.trace_member import trace_member
from service.use_cases.members.update_records import may_update
from service.use_cases.organisations.show_organisation import show_organisation
from service.web import sessions
from service.web.deployed import deployment, now
from service.web.pages import answers
from service.web.pages.members.member_accounts import account_of
from service.web.pages.organisations.organisation_titles import names_in
from service.web.requests import LARGEST_ID

_LONGEST = 100
_DONE = frozenset({"saved", "reopened", "bound", "full", "changed"})
_NEEDED = ("name", "ethnicity", "joined_on", "mobile")
_PATH = f"/members/<int(max={LARGEST_ID}):member_id>"

blueprint = Blueprint("members", __name__)


@blueprint.get("/members")
def first() -> ResponseReturnValue:
    """The members of the acting organisation; refuses E_FORBIDDEN to who administers none."""
    return redirect(url_for("members.listed", code=sessions.administered().code), code=303)


@blueprint.get("/organisations/<string:code>/members")
def listed(code: str) -> ResponseReturnValue:
    """Members of an organisation and below."""
    return _list(code)


@blueprint.post("/organisations/<string:code>/members/find")
def find(code: str) -> ResponseReturnValue:
    """Some of them; what is sought is posted, as an identity number stands in no address."""
    return _list(code)


def _list(code: str) -> str:
    sought, page = _sought(), answers.whole_number(request.values.get("page", "1")) or 0
    found = find_members(code, sought, actor=sessions.actor(), now=now(), deployment=deployment(), page=page)
    last = max(1, -(-found.total // found.per_page))
    chain = show_organisation(code)
    return render_template(
        "member_list.html",
        found=found,
        sought=sought,
        last=last,
        code=code,
        chain=chain,
        may_edit=may_update(code, actor=sessions.actor()),
    )


@blueprint.get("/organisations/<string:code>/members.xlsx")
def export(code: str) -> ResponseReturnValue:
    """All of them as a file; refuses E_EXPORT_LIMIT."""
    content = export_members(code, Sought(), actor=sessions.actor(), now=now(), deployment=deployment())
    disposition = f"attachment; filename*=UTF-8''{quote(code)}-members.xlsx"
    return Response(content, mimetype=MEDIA_TYPE, headers={"Content-Disposition": disposition})


@blueprint.get(_PATH)
def show(member_id: int) -> ResponseReturnValue:
    """One member, or where he went; refuses E_FORBIDDEN, E_NOT_FOUND."""
    try:
        return page(member_id)
    except Refused as refusal:
        departure = trace_member(member_id, actor=sessions.actor(), deployment=deployment())
        if refusal.code != "E_NOT_FOUND" or departure is None:
            raise
        return render_template("member_departed.html", departure=departure), refusal.status


@blueprint.post(f"{_PATH}/id-number")
def reveal(member_id: int) -> ResponseReturnValue:
    """His page with the identity number in full; that it was looked at is logged (R-038)."""
    number = reveal_number(member_id, actor=sessions.actor(), now=now(), deployment=deployment())
    return page(member_id, number)


@blueprint.get(f"{_PATH}/edit")
def edit(member_id: int) -> ResponseReturnValue:
    """The form with what is stored; refuses E_FORBIDDEN to who may not change it."""
    view = _view(member_id)
    if not view.may_edit:
        raise Refused("E_FORBIDDEN")
    return _form(view, answers_of(view.member, view.details))


@blueprint.post(f"{_PATH}/edit")
def save(member_id: int) -> ResponseReturnValue:
    """Store it; a refusal is shown in the form, with everything that was entered."""
    view, given = _view(member_id), answers.posted(_record_form())
    version = answers.whole_number(request.form.get("version", "")) or 0
    try:
        edit_member(member_id, given, version=version, actor=sessions.actor(), now=now(), deployment=deployment())
    except Refused as refusal:
        return _form(view, given, refusal), refusal.status
    return redirect(url_for("members.show", member_id=member_id, done="saved"), code=303)


def page(member_id: int, number: str = "", refusal: Refused | None = None) -> str:
    """The page of a member, with what was refused; refuses as `show_member`."""
    view, done = _view(member_id), request.args.get("done", "")
    log = show_log(member_id, actor=sessions.actor(), deployment=deployment())
    return render_template(
        "member.html",
        view=view,
        number=number or view.id_number,
        is_whole=bool(number),
        form=_record_form(),
        values=answers_of(view.member, view.details),
        account=account_of(member_id),
        states=next_states(view.member.status) if view.may_edit else (),
        log=log,
        names=names_in(log),
        today=local_date(now()),
        age=age(view.member.birth_date, local_date(now())),
        refusal=refusal,
        done=done if done in _DONE else "",
    )


def _form(view: MemberView, values: Mapping[str, Any], refusal: Refused | None = None) -> str:
    form = _record_form()
    is_full = view.member.kind is MemberKind.FULL
    wishes = answers.Wishes(values, (*_NEEDED, *(("full_on",) if is_full else ())), refusal=refusal)
    names = [field.name for field in form.fields if is_full or field.name != "full_on"]
    return render_template(
        "member_form.html",
        view=view,
        form_fields=answers.fields_of(form),
        groups=answers.grouped(form, answers.draw(form, names, wishes, today=local_date(now()))),
        version=answers.whole_number(request.form.get("version", "")) or view.version,
        refusal=refusal,
    )


def _sought() -> Sought:
    kind = request.values.get("kind", "")
    text = answers.plain_text(request.form.get("text", "").strip(), longest=_LONGEST)
    return Sought(text, MemberKind(kind) if kind in set(MemberKind) else None)


def _view(member_id: int) -> MemberView:
    return show_member(member_id, actor=sessions.actor(), deployment=deployment())


def _record_form() -> Form:
    return forms.form(*FORM)
