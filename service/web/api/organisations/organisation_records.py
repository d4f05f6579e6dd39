"""The upkeep of organisations: records, counts, what was changed; creating, editing, dissolving."""

from typing import Any

import marshmallow as ma

from service.storage.audit import Entry
from service.storage.organisations.organisation_lists import Counts
from service.use_cases.organisations.create_organisation import Created, create_organisation
from service.use_cases.organisations.dissolve_organisation import dissolve_organisation
from service.use_cases.organisations.edit_organisation import edit_organisation
from service.use_cases.organisations.show_record import (
    OrganisationView,
    count_organisation,
    show_changes,
    show_record,
)
from service.web.api.arguments import Blueprint
from service.web.api.fields import LARGEST, Answers, Moment, PageNumber, Text
from service.web.deployed import deployment, now
from service.web.requests import idempotency_key
from service.web.sessions import actor

blueprint = Blueprint("organisation-records", __name__, description="党组织维护 / upkeep of organisations")


class NewOrganisation(ma.Schema):
    """Below which organisation, and the answers of the form organisation/record."""

    superior = Text(required=True, validate=ma.validate.Length(max=32))
    answers = Answers(required=True)


class EditedOrganisation(ma.Schema):
    """`version` of the record that was looked at; `answers` are the whole record."""

    version = ma.fields.Integer(required=True, strict=True, validate=ma.validate.Range(0, LARGEST))
    answers = Answers(required=True)


class OrganisationCode(ma.Schema):
    """The code an organisation got."""

    code = ma.fields.String(required=True)


class RecordVersion(ma.Schema):
    """The version a record has now."""

    version = ma.fields.Integer(required=True)


class OrganisationOffers(ma.Schema):
    """What the acting role may do; `create` are the types that may be created below."""

    edit = ma.fields.Boolean(required=True)
    dissolve = ma.fields.Boolean(required=True)
    apply = ma.fields.Boolean(required=True)
    configure = ma.fields.Boolean(required=True)
    create = ma.fields.List(ma.fields.String(), required=True)


class SuperiorShown(ma.Schema):
    """One organisation above."""

    code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)


class LeaderShown(ma.Schema):
    """A member with a duty in the organisation."""

    name = ma.fields.String(required=True)
    duty = ma.fields.String(required=True)


class OrganisationRecordShown(ma.Schema):
    """The record of an organisation; `answers` as its form takes them, empty ones left out."""

    code = ma.fields.String(required=True, attribute="record.code")
    version = ma.fields.Integer(required=True, attribute="record.version")
    status = ma.fields.String(required=True, attribute="record.status")
    dissolved_on = ma.fields.Date(allow_none=True, attribute="record.dissolved_on")
    superiors = ma.fields.List(ma.fields.Nested(SuperiorShown), required=True)
    answers = ma.fields.Dict(keys=ma.fields.String(), required=True, attribute="record.answers")
    leaders = ma.fields.List(ma.fields.Nested(LeaderShown), required=True)
    offers = ma.fields.Nested(OrganisationOffers, required=True)


class OrganisationCounts(ma.Schema):
    """Organisations below by type, members in it and below by kind."""

    organisations = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer(), required=True)
    members = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer(), required=True)


class LogEntry(ma.Schema):
    """One entry of the log."""

    seq = ma.fields.Integer(required=True)
    at = Moment(required=True)
    action = ma.fields.String(required=True)
    acting_org = ma.fields.String(allow_none=True)
    role = ma.fields.String(allow_none=True)
    before = ma.fields.Raw(allow_none=True)
    after = ma.fields.Raw(allow_none=True)


class LogEntries(ma.Schema):
    """What was changed, the newest first."""

    items = ma.fields.List(ma.fields.Nested(LogEntry), required=True)


class LogAsked(ma.Schema):
    """How many entries, and behind which one the list goes on."""

    limit = PageNumber(load_default=20, validate=ma.validate.Range(1, 100))
    below = PageNumber(load_default=None, validate=ma.validate.Range(1, LARGEST))


@blueprint.post("/organisations")
@blueprint.arguments(NewOrganisation)
@blueprint.response(201, OrganisationCode)
@blueprint.takes_key
def post_organisation(given: dict[str, Any]) -> Created:
    """新建党组织 / Create an organisation below another; it gets a code of twelve digits."""
    return create_organisation(
        given["answers"],
        superior=given["superior"],
        actor=actor(),
        key=idempotency_key(),
        now=now(),
        deployment=deployment(),
    )


@blueprint.get("/organisations/<string:code>/record")
@blueprint.response(200, OrganisationRecordShown)
def get_record(code: str) -> dict[str, Any]:
    """党组织信息 / The whole record, for those above and for itself."""
    view: OrganisationView = show_record(code, actor=actor(), deployment=deployment())
    return {"record": view.record, "leaders": view.leaders, "offers": view.offers, "superiors": view.chain[1:]}


@blueprint.put("/organisations/<string:code>/record")
@blueprint.arguments(EditedOrganisation)
@blueprint.response(200, RecordVersion)
def put_record(given: dict[str, Any], code: str) -> dict[str, int]:
    """更新党组织信息 / Store the whole record."""
    version = edit_organisation(code, actor=actor(), now=now(), deployment=deployment(), **given)
    return {"version": version}


@blueprint.delete("/organisations/<string:code>")
@blueprint.response(204)
def delete_organisation(code: str) -> None:
    """撤销党组织 / Dissolve an organisation; it stays in history."""
    dissolve_organisation(code, actor=actor(), now=now(), deployment=deployment())


@blueprint.get("/organisations/<string:code>/counts")
@blueprint.response(200, OrganisationCounts)
def get_organisation_counts(code: str) -> Counts:
    """党员及下级组织数 / How many members and organisations it has."""
    return count_organisation(code, actor=actor())


@blueprint.get("/organisations/<string:code>/changes")
@blueprint.arguments(LogAsked, location="query")
@blueprint.response(200, LogEntries)
def get_organisation_changes(given: dict[str, Any], code: str) -> dict[str, tuple[Entry, ...]]:
    """变更记录 / What was changed about it, by whom, the newest first."""
    return {"items": show_changes(code, actor=actor(), **given)}
