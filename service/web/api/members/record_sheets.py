"""Records of members corrected by a spreadsheet: handed out with what is stored, taken back with a report (R-040, R-210)."""

import marshmallow as ma
from flask import Response

from service.printing.spreadsheets import MEDIA_TYPE
from service.use_cases.members.update_records import RecordsReport, records_sheet, update_records
from service.web import uploads
from service.web.api.arguments import Blueprint
from service.web.api.document import form_with_file
from service.web.api.members.member_admissions import LineDefect
from service.web.deployed import deployment, now
from service.web.sessions import actor

blueprint = Blueprint("record-sheets", __name__, description="批量维护党员信息 / records in a spreadsheet")
_FILE = form_with_file(MEDIA_TYPE)


class LineUpdated(ma.Schema):
    """A line that changed a record: which fields."""

    line = ma.fields.Integer(required=True)
    member_id = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)
    changed_fields = ma.fields.List(ma.fields.String(), required=True, attribute="fields")


class RecordsReported(ma.Schema):
    """The lines that changed a record; or what is wrong with lines, and nothing was changed."""

    lines = ma.fields.Integer(required=True)
    changed = ma.fields.List(ma.fields.Nested(LineUpdated), required=True)
    found = ma.fields.Integer(required=True)
    defects = ma.fields.List(ma.fields.Nested(LineDefect), required=True)


@blueprint.get("/organisations/<string:code>/members/records.xlsx")
@blueprint.response(200, content_type=MEDIA_TYPE)
def get_records_sheet(code: str) -> Response:
    """导出党员信息维护表 / The records of an organisation and below, to be corrected."""
    content = records_sheet(code, actor=actor(), deployment=deployment())
    return Response(content, mimetype=MEDIA_TYPE, headers={"Content-Disposition": "attachment"})


@blueprint.post("/organisations/<string:code>/members/records")
@blueprint.doc(requestBody=_FILE)
@blueprint.response(200, RecordsReported)
@uploads.takes_files
def post_records_sheet(code: str) -> RecordsReport:
    """导入党员信息维护表 / Take a corrected sheet over: all of its lines or none."""
    uploads.require_readable("file")
    content = uploads.sent("file").content
    return update_records(code, content, actor=actor(), now=now(), deployment=deployment())
