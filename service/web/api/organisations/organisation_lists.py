"""The list of what stands below an organisation, its order, and both as Excel files."""

from typing import Any

import marshmallow as ma
from flask import Response, request

from service.domain.errors import Refused
from service.domain.organisations.organisations import OrgType
from service.printing.spreadsheets import MEDIA_TYPE
from service.storage.organisations.organisation_lists import Filter
from service.use_cases.organisations.list_subordinates import Page, export_subordinates, list_subordinates
from service.use_cases.organisations.order_subordinates import export_order, import_order, set_order
from service.web.api.arguments import Blueprint
from service.web.api.fields import Text
from service.web.api.transfers.lists import Paging
from service.web.deployed import now
from service.web.sessions import actor

blueprint = Blueprint("organisation-lists", __name__, description="党组织列表 / lists of organisations")
_MOST_CODES = 100_000
_FILE = {
    "required": True,
    "content": {
        MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}},
        "multipart/form-data": {
            "schema": {"type": "object", "required": ["file"], "properties": {"file": {"type": "string"}}}
        },
    },
}


class SubordinatesAsked(ma.Schema):
    """What the list asks for; `deep` includes all levels below, else the next one only."""

    text = Text(load_default="", validate=ma.validate.Length(max=100))
    deep = ma.fields.Boolean(load_default=False)
    org_type = ma.fields.Enum(OrgType, by_value=True, load_default=None)
    is_mainly_older = ma.fields.Boolean(load_default=None)
    dissolved = ma.fields.Boolean(load_default=False)


class SubordinatesPage(SubordinatesAsked, Paging):
    """The same, one page of it."""


class Subordinate(ma.Schema):
    """One organisation; `members` belong to it directly."""

    code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    short_name = ma.fields.String(required=True)
    org_type = ma.fields.String(required=True)
    affiliation = ma.fields.String(required=True)
    unit_kind = ma.fields.String(required=True)
    unit_relation = ma.fields.String(required=True)
    is_mainly_older = ma.fields.Boolean(required=True)
    is_functional = ma.fields.Boolean(required=True)
    status = ma.fields.String(required=True)
    has_children = ma.fields.Boolean(required=True)
    members = ma.fields.Integer(required=True)


class Subordinates(ma.Schema):
    """One page of the list."""

    items = ma.fields.List(ma.fields.Nested(Subordinate), required=True)
    total = ma.fields.Integer(required=True)
    page = ma.fields.Integer(required=True)
    per_page = ma.fields.Integer(required=True)


class OrderOfSubordinates(ma.Schema):
    """Codes of the next level, the first one first; those not named come behind."""

    codes = ma.fields.List(
        Text(validate=ma.validate.Length(1, 32)), required=True, validate=ma.validate.Length(1, _MOST_CODES)
    )


class OrderSet(ma.Schema):
    """How many were put in order."""

    ordered = ma.fields.Integer(required=True)


@blueprint.get("/organisations/<string:code>/subordinates")
@blueprint.arguments(SubordinatesPage, location="query")
@blueprint.response(200, Subordinates)
def get_subordinates(given: dict[str, Any], code: str) -> Page:
    """党组织列表 / What stands below an organisation, filtered."""
    page, per_page = given.pop("page"), given.pop("per_page")
    return list_subordinates(code, Filter(**given), actor=actor(), page=page, per_page=per_page)


@blueprint.get("/organisations/<string:code>/subordinates.xlsx")
@blueprint.arguments(SubordinatesAsked, location="query")
@blueprint.response(200, content_type=MEDIA_TYPE)
def get_subordinates_file(given: dict[str, Any], code: str) -> Response:
    """导出列表 / The same list as an Excel file."""
    return _file(export_subordinates(code, Filter(**given), actor=actor()))


@blueprint.get("/organisations/<string:code>/order.xlsx")
@blueprint.response(200, content_type=MEDIA_TYPE)
def get_order_file(code: str) -> Response:
    """导出组织排序 / The next level in its order, as an Excel file that can be imported again."""
    return _file(export_order(code, actor=actor()))


@blueprint.put("/organisations/<string:code>/order")
@blueprint.arguments(OrderOfSubordinates)
@blueprint.response(200, OrderSet)
def put_order(given: dict[str, list[str]], code: str) -> dict[str, int]:
    """组织机构排序 / Put the next level in order."""
    return {"ordered": set_order(code, given["codes"], actor=actor(), now=now())}


@blueprint.put("/organisations/<string:code>/order.xlsx")
@blueprint.doc(requestBody=_FILE)
@blueprint.response(200, OrderSet)
def put_order_file(code: str) -> dict[str, int]:
    """导入组织排序 / Put the next level in the order of such a file."""
    return {"ordered": import_order(code, _uploaded(), actor=actor(), now=now())}


def _uploaded() -> bytes:
    if request.mimetype == MEDIA_TYPE:
        return request.get_data(cache=False)
    if request.mimetype == "multipart/form-data":
        if "file" not in request.files:
            raise Refused("E_REQUIRED_FIELD", field="file")
        content: bytes = request.files["file"].read()
        return content
    raise Refused("E_MEDIA_TYPE", field="Content-Type", detail_zh="应为 .xlsx", detail_en="expected .xlsx")


def _file(content: bytes) -> Response:
    return Response(content, mimetype=MEDIA_TYPE, headers={"Content-Disposition": "attachment"})
