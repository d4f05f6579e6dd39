"""Members of an organisation and below: searched, exported, and how complete their records are."""

from typing import Any

import marshmallow as ma
from flask import Response

from service.domain.members.members import MemberKind, MemberStatus
from service.printing.spreadsheets import MEDIA_TYPE
from service.storage.members.member_search import Sought
from service.use_cases.members.find_members import FoundMembers, export_members, find_members
from service.use_cases.members.list_completeness import CompletenessPage, list_completeness
from service.web.api.arguments import Blueprint
from service.web.api.fields import PageNumber, Text
from service.web.deployed import deployment, now
from service.web.sessions import actor

blueprint = Blueprint("member-lists", __name__, description="党员列表 / lists of members")


class MembersAsked(ma.Schema):
    """The beginning of a name, first letters, or a whole identity number; no status means all who are members."""

    text = Text(load_default="", validate=ma.validate.Length(max=100))
    kind = ma.fields.Enum(MemberKind, by_value=True, load_default=None)
    status = ma.fields.Enum(MemberStatus, by_value=True, load_default=None)


class PageAsked(ma.Schema):
    """Which page, counted from 1."""

    page = PageNumber(load_default=1, validate=ma.validate.Range(1, 10_000_000))


class MembersPageAsked(MembersAsked, PageAsked):
    """The same, one page of it."""


class ListedMemberShown(ma.Schema):
    """One member; completeness is in per cent."""

    id = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)
    id_number = ma.fields.String(required=True)
    sex = ma.fields.String(required=True)
    birth_year = ma.fields.Integer(required=True)
    age = ma.fields.Integer(required=True)
    ethnicity = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    status = ma.fields.String(required=True)
    joined_on = ma.fields.Date(allow_none=True)
    full_on = ma.fields.Date(allow_none=True)
    is_lost_contact = ma.fields.Boolean(required=True)
    branch_code = ma.fields.String(required=True)
    branch_name = ma.fields.String(required=True)
    completeness = ma.fields.Integer(required=True)


class MembersFound(ma.Schema):
    """One page; counting stops at ten thousand, at five hundred for a text: `is_more` says so."""

    items = ma.fields.List(ma.fields.Nested(ListedMemberShown), required=True)
    total = ma.fields.Integer(required=True)
    is_more = ma.fields.Boolean(required=True)
    page = ma.fields.Integer(required=True)
    per_page = ma.fields.Integer(required=True)


class CompletenessShown(ma.Schema):
    """The average of the members in and below an organisation, in per cent."""

    code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    members = ma.fields.Integer(required=True)
    completeness = ma.fields.Float(required=True, allow_none=True)


class CompletenessFound(ma.Schema):
    """The organisation itself, and one page of the next level."""

    own = ma.fields.Nested(CompletenessShown, required=True)
    items = ma.fields.List(ma.fields.Nested(CompletenessShown), required=True)
    total = ma.fields.Integer(required=True)
    page = ma.fields.Integer(required=True)
    per_page = ma.fields.Integer(required=True)


@blueprint.get("/organisations/<string:code>/members")
@blueprint.arguments(MembersPageAsked, location="query")
@blueprint.response(200, MembersFound)
def get_members(given: dict[str, Any], code: str) -> FoundMembers:
    """党员列表 / Members of an organisation and below."""
    page = given.pop("page")
    return find_members(code, Sought(**given), actor=actor(), now=now(), deployment=deployment(), page=page)


@blueprint.get("/organisations/<string:code>/members.xlsx")
@blueprint.arguments(MembersAsked, location="query")
@blueprint.response(200, content_type=MEDIA_TYPE)
def get_members_file(given: dict[str, Any], code: str) -> Response:
    """导出党员列表 / The same list as an Excel file."""
    content = export_members(code, Sought(**given), actor=actor(), now=now(), deployment=deployment())
    return Response(content, mimetype=MEDIA_TYPE, headers={"Content-Disposition": "attachment"})


@blueprint.get("/organisations/<string:code>/completeness")
@blueprint.arguments(PageAsked, location="query")
@blueprint.response(200, CompletenessFound)
def get_completeness(given: dict[str, int], code: str) -> CompletenessPage:
    """信息完整度 / How complete the records of an organisation and of the next level are."""
    return list_completeness(code, actor=actor(), page=given["page"])
