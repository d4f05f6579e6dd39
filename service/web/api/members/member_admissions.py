"""Spreadsheets of new members: template, submission with a report of each line, decision (R-043)."""

from typing import Any

import marshmallow as ma
from flask import Response, request

from service.domain.errors import Refused
from service.domain.members.admissions import AdmissionKind, Statement
from service.domain.members.identity_numbers import masked
from service.printing.spreadsheets import MEDIA_TYPE
from service.use_cases.members.admission_sheets import template
from service.use_cases.members.admit_members import (
    SheetReport,
    decide_admission,
    list_admissions,
    show_admission,
    submit_admission,
)
from service.web import uploads
from service.web.api.arguments import Blueprint
from service.web.api.document import form_with_file
from service.web.api.fields import Moment, Text, is_storable
from service.web.deployed import deployment, now
from service.web.requests import LARGEST_ID
from service.web.sessions import actor

blueprint = Blueprint("member-admissions", __name__, description="新增党员 / admission of members")
_PATH = f"/admissions/<int(max={LARGEST_ID}):admission_id>"
_LONGEST = 2000
_TEXT = {"type": "string", "maxLength": _LONGEST}
_FILE = form_with_file(
    MEDIA_TYPE,
    kind={"type": "string", "enum": [each.value for each in AdmissionKind]},
    statement=_TEXT,
    reason=_TEXT,
    signed_by=_TEXT,
)


class LineDefect(ma.Schema):
    """What is wrong with a line; the header is line 1."""

    line = ma.fields.Integer(required=True)
    field = ma.fields.String(required=True)
    value = ma.fields.String(required=True)
    code = ma.fields.String(required=True)
    reason = ma.fields.String(required=True)


class SheetReportShown(ma.Schema):
    """The key of what was submitted, or null and what is wrong with the lines."""

    admission_id = ma.fields.Integer(required=True, allow_none=True)
    people = ma.fields.Integer(required=True)
    found = ma.fields.Integer(required=True)
    defects = ma.fields.List(ma.fields.Nested(LineDefect), required=True)


class AdmissionShown(ma.Schema):
    """One submitted spreadsheet."""

    id = ma.fields.Integer(required=True)
    org_code = ma.fields.String(required=True)
    org_name = ma.fields.String(required=True)
    decider_code = ma.fields.String(required=True)
    decider_name = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    statement = ma.fields.String(required=True)
    reason = ma.fields.String(required=True)
    signed_by = ma.fields.String(required=True)
    people = ma.fields.Integer(required=True)
    status = ma.fields.String(required=True)
    applied_at = Moment(required=True)
    decided_at = Moment(allow_none=True)
    opinion = ma.fields.String(required=True)


class AdmittedShown(ma.Schema):
    """One line; the identity number is masked."""

    line = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)
    id_number = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)


class WholeAdmission(ma.Schema):
    """A spreadsheet with its lines."""

    admission = ma.fields.Nested(AdmissionShown, required=True)
    lines = ma.fields.List(ma.fields.Nested(AdmittedShown), required=True)


class AdmissionsShown(ma.Schema):
    """What the acting organisation submitted or decides, the newest first."""

    items = ma.fields.List(ma.fields.Nested(AdmissionShown), required=True)


class AdmissionDecision(ma.Schema):
    """Whether all of them come in; an opinion is needed to refuse."""

    approves = ma.fields.Boolean(required=True)
    opinion = Text(load_default="", validate=ma.validate.Length(max=500))


class AdmissionStatus(ma.Schema):
    """Where it stands."""

    status = ma.fields.String(required=True)


@blueprint.get("/admissions/template.xlsx")
@blueprint.response(200, content_type=MEDIA_TYPE)
def get_admission_template() -> Response:
    """下载新增人员信息表 / The empty spreadsheet."""
    return Response(template(), mimetype=MEDIA_TYPE, headers={"Content-Disposition": "attachment"})


@blueprint.get("/admissions")
@blueprint.response(200, AdmissionsShown)
def get_admissions() -> dict[str, Any]:
    """新增党员报送列表 / What was submitted, and what is to be decided."""
    return {"items": list_admissions(actor=actor())}


@blueprint.post("/admissions")
@blueprint.doc(requestBody=_FILE)
@blueprint.response(200, SheetReportShown)
@uploads.takes_files
def post_admission() -> SheetReport:
    """报送新增人员信息表 / Submit a spreadsheet on the first working day of the month."""
    uploads.require_readable("file")
    kind = request.form.get("kind", AdmissionKind.NEW.value)
    if kind not in set(AdmissionKind):
        raise Refused("E_FIELD_INVALID", field="kind")
    statement = Statement(_text("statement"), _text("reason"), _text("signed_by"))
    content = uploads.sent("file").content
    return submit_admission(content, AdmissionKind(kind), statement, actor=actor(), now=now(), deployment=deployment())


@blueprint.get(_PATH)
@blueprint.response(200, WholeAdmission)
def get_admission(admission_id: int) -> dict[str, Any]:
    """报送详情 / One spreadsheet with its lines."""
    admission, people = show_admission(admission_id, actor=actor(), deployment=deployment())
    lines = [
        {
            "line": each.line,
            "name": each.member.name,
            "id_number": masked(each.member.id_number),
            "kind": each.member.kind.value,
        }
        for each in people
    ]
    return {"admission": admission, "lines": lines}


@blueprint.post(f"{_PATH}/decision")
@blueprint.arguments(AdmissionDecision)
@blueprint.response(200, AdmissionStatus)
def post_admission_decision(given: dict[str, Any], admission_id: int) -> dict[str, str]:
    """审批 / Let everybody of a spreadsheet in, or nobody."""
    status = decide_admission(admission_id, actor=actor(), now=now(), deployment=deployment(), **given)
    return {"status": status.value}


def _text(name: str) -> str:
    text = request.form.get(name, "")
    if len(text) > _LONGEST or not is_storable(text):
        raise Refused("E_FIELD_INVALID", field=name)
    return text
