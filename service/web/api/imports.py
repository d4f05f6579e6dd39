"""Files taken over whole: organisations and members, for the system administrator."""

import io

import marshmallow as ma
from flask import request

from service.domain.accounts.roles import Role
from service.domain.errors import FieldError, Refused
from service.use_cases.imports.defects import ImportReport
from service.use_cases.members.import_members import import_members
from service.use_cases.organisations.import_organisations import import_organisations
from service.web.api.arguments import Blueprint
from service.web.deployed import deployment, now
from service.web.sessions import actor

blueprint = Blueprint("imports", __name__, description="导入 / imports")
_FILE = {
    "required": True,
    "content": {
        "text/csv": {"schema": {"type": "string"}},
        "multipart/form-data": {
            "schema": {"type": "object", "required": ["file"], "properties": {"file": {"type": "string"}}}
        },
    },
}


class Imported(ma.Schema):
    """How many lines were taken over: all of them."""

    imported = ma.fields.Integer(required=True)


@blueprint.post("/imports/organisations")
@blueprint.doc(requestBody=_FILE)
@blueprint.response(201, Imported)
def post_organisations() -> ImportReport:
    """导入组织 / Enter the organisation tree from a CSV file: all of it or nothing."""
    _require_administrator()
    return _accepted(import_organisations(_lines(), profile=deployment().profile, now=now(), actor=actor()))


@blueprint.post("/imports/members")
@blueprint.doc(requestBody=_FILE)
@blueprint.response(201, Imported)
def post_members() -> ImportReport:
    """导入党员 / Enter members from a CSV file: all of it or nothing."""
    _require_administrator()
    return _accepted(import_members(_lines(), deployment=deployment(), now=now(), actor=actor()))


def _require_administrator() -> None:
    if actor().role is not Role.SYSTEM_ADMIN:
        raise Refused("E_FORBIDDEN")


def _lines() -> io.StringIO:
    if request.mimetype == "text/csv":
        body = request.get_data(cache=False)
    elif request.mimetype == "multipart/form-data":
        if "file" not in request.files:
            raise Refused("E_REQUIRED_FIELD", field="file")
        body = request.files["file"].read()
    else:
        raise Refused("E_MEDIA_TYPE", field="Content-Type", detail_zh="应为 text/csv", detail_en="expected text/csv")
    try:
        return io.StringIO(body.decode("utf-8"), newline="")
    except UnicodeDecodeError as error:
        raise Refused("E_IMPORT_FORMAT", field="file", detail_zh="应为 UTF-8", detail_en="expected UTF-8") from error


def _accepted(report: ImportReport) -> ImportReport:
    if report.is_accepted:
        return report
    raise Refused(
        "E_IMPORT_FORMAT",
        detail_zh=f"共 {report.found} 处错误",
        detail_en=f"{report.found} defects",
        fields=[
            FieldError(each.code, f"line {each.line}: {each.field or '-'}", zh=each.reason, en=each.reason)
            for each in report.defects
        ],
    )
