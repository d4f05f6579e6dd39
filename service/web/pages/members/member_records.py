"""The record of a member on pages: completed by the administrator who took him in, with his picture (R-150, R-196)."""

from collections.abc import Mapping
from datetime import date

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.definitions.forms import Field
from service.domain.errors import FieldError, Refused
from service.domain.members import member_records as rules
from service.domain.members.member_records import Record
from service.use_cases.members.complete_record import RecordView, complete_record, show_record
from service.use_cases.members.keep_portrait import keep_portrait, show_portrait
from service.web import sessions, uploads
from service.web.deployed import deployment, now
from service.web.pages.answers import DrawnField, plain_text
from service.web.requests import LARGEST_ID

blueprint = Blueprint("member_records", __name__)
_MEMBER = f"/members/<int(max={LARGEST_ID}):member_id>"
_LONGEST = 20
_ASKED = (
    ("ethnicity", "民族", "Ethnicity", "text"),
    ("joined_on", "入党日期", "Joined on", "date"),
    ("full_on", "转正日期", "Full member since", "date"),
    ("mobile", "手机号码", "Mobile number", "tel"),
)


@blueprint.get(f"{_MEMBER}/record")
def show(member_id: int) -> ResponseReturnValue:
    """The form with what is known; refuses E_FORBIDDEN, E_NOT_FOUND."""
    return _page(show_record(member_id, actor=sessions.actor(), deployment=deployment()))


@blueprint.post(f"{_MEMBER}/record")
def save(member_id: int) -> ResponseReturnValue:
    """Save what was entered; a refusal is shown in the form."""
    actor, parts = sessions.actor(), deployment()
    known = show_record(member_id, actor=actor, deployment=parts)
    given = {name: plain_text(request.form.get(name, ""), longest=_LONGEST).strip() for name in rules.FIELDS}
    try:
        saved = complete_record(member_id, _record(given), actor=actor, now=now(), deployment=parts)
    except Refused as refusal:
        return _page(known, given, refusal), refusal.status
    return _page(saved, is_done=True)


@blueprint.post(f"{_MEMBER}/portrait")
@uploads.takes_files
def portray(member_id: int) -> ResponseReturnValue:
    """Put a picture in the place of the one before; refuses as `keep_portrait`, E_REQUIRED_FIELD."""
    found = uploads.sent_all("file")
    if not found:
        raise Refused("E_REQUIRED_FIELD", field="file")
    keep_portrait(member_id, found[0], actor=sessions.actor(), now=now(), deployment=deployment())
    return redirect(url_for("member_records.show", member_id=member_id), code=303)


@blueprint.get(f"{_MEMBER}/portrait")
def portrait(member_id: int) -> Response:
    """The picture, as a download; refuses E_FORBIDDEN, E_NOT_FOUND."""
    return uploads.download(show_portrait(member_id, actor=sessions.actor(), deployment=deployment()))


def record_of(member_id: int) -> RecordView | None:
    """The record as the acting role keeps it; None where it keeps none of his."""
    try:
        return show_record(member_id, actor=sessions.actor(), deployment=deployment())
    except Refused:
        return None


def _record(given: Mapping[str, str]) -> Record:
    wrong = [FieldError("E_FIELD_INVALID", name) for name in ("joined_on", "full_on") if not _is_date(given[name])]
    if wrong:
        raise Refused("E_FIELD_INVALID", fields=tuple(wrong))
    return Record(
        ethnicity=given["ethnicity"],
        joined_on=_date(given["joined_on"]),
        full_on=_date(given["full_on"]),
        mobile=given["mobile"],
    )


def _is_date(text: str) -> bool:
    try:
        _date(text)
    except ValueError:
        return False
    return True


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _page(
    record: RecordView,
    given: Mapping[str, str] | None = None,
    refusal: Refused | None = None,
    *,
    is_done: bool = False,
) -> str:
    fields = tuple(
        _drawn(each, (given or {}).get(each[0], ""), refusal) for each in _ASKED if each[0] in record.missing
    )
    known = tuple((title, title_en, getattr(record.record, name)) for name, title, title_en, _ in _ASKED)
    return render_template(
        "member_record.html",
        record=record,
        fields=fields,
        known=tuple(each for each in known if each[2]),
        refusal=refusal,
        is_done=is_done,
    )


def _drawn(asked: tuple[str, str, str, str], value: str, refusal: Refused | None) -> DrawnField:
    name, title, title_en, widget = asked
    field = Field(
        name=name,
        title=title,
        title_en=title_en,
        type="string",
        widget=widget,
        group="",
        options=(),
        required=True,
        read_only=False,
        help="",
        help_en="",
        max_length=None if widget == "date" else _LONGEST,
        minimum=None,
        maximum=None,
    )
    faults = tuple(each for each in refusal.fields if each.field == name) if refusal else ()
    return DrawnField(field=field, value=value, is_required=True, faults=faults)
