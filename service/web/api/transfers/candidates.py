"""Before a start: whom one may choose, what stands in his form already, and one application for several of them."""

from typing import Any

import marshmallow as ma

from service.domain.applying.choosing import MOST_AT_ONCE, Chosen, Selected
from service.use_cases.transfers import submit_several as starting
from service.use_cases.transfers.answer import Answer as Answered
from service.use_cases.transfers.draft_application import Draft, draft_application
from service.use_cases.transfers.list_candidates import Candidates, list_candidates
from service.web.api.arguments import Blueprint
from service.web.api.fields import LARGEST, Answers, Text
from service.web.api.transfers.lists import Paging
from service.web.api.transfers.transfer_schemas import Answer, Route
from service.web.deployed import deployment, now
from service.web.requests import idempotency_key
from service.web.sessions import actor

blueprint = Blueprint("candidates", __name__, description="选择党员 / candidates")


class Person(ma.Schema):
    """One member: by key, or by name and identity number; nobody named is the member himself."""

    member_id = ma.fields.Integer(load_default=None, strict=True, validate=ma.validate.Range(1, LARGEST))
    name = Text(load_default="", validate=ma.validate.Length(max=200))
    id_number = Text(load_default="", validate=ma.validate.Length(max=40))


class OneOfSeveral(Person):
    """One of several members, with the answers that are his own: age, contact, dues_paid_to."""

    answers = Answers(load_default=dict)


class Several(ma.Schema):
    """Several members with one target; `answers` are the same for all of them."""

    members = ma.fields.List(
        ma.fields.Nested(OneOfSeveral), required=True, validate=ma.validate.Length(max=MOST_AT_ONCE)
    )
    answers = Answers(required=True)


class Named(Paging):
    """A page of members, by exact name where one is given."""

    name = Text(load_default="", validate=ma.validate.Length(max=200))


class Hindrance(ma.Schema):
    """Why somebody cannot be chosen."""

    code = ma.fields.String(required=True)
    message_zh = ma.fields.String(required=True)
    message_en = ma.fields.String(required=True)


class CandidateShown(ma.Schema):
    """A member with his masked number; `hindrance` is null for one who may be chosen."""

    id = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)
    id_number = ma.fields.String(required=True)
    sex = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    branch_code = ma.fields.String(required=True)
    branch_name = ma.fields.String(required=True)
    hindrance = ma.fields.Nested(Hindrance, allow_none=True)


class CandidatesShown(ma.Schema):
    """One page of members; `takes_several`: whether one application may name more than one."""

    items = ma.fields.List(ma.fields.Nested(CandidateShown), required=True)
    total = ma.fields.Integer(required=True)
    page = ma.fields.Integer(required=True)
    per_page = ma.fields.Integer(required=True)
    takes_several = ma.fields.Boolean(required=True)


class MemberShown(ma.Schema):
    """The member an application is for; his number is masked."""

    id = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)
    id_number = ma.fields.String(required=True)
    branch_name = ma.fields.String(required=True)


class DraftShown(ma.Schema):
    """An application to be filled in: what stands in it already, and what it cannot go without."""

    member = ma.fields.Nested(MemberShown, required=True)
    form = ma.fields.String(required=True, attribute="form.name")
    values = ma.fields.Dict(keys=ma.fields.String(), required=True)
    required_fields = ma.fields.List(ma.fields.String(), required=True, attribute="required", data_key="required")
    required_outside = ma.fields.List(ma.fields.String(), required=True)
    asks_attestation = ma.fields.Boolean(required=True)


class PlannedShown(ma.Schema):
    """The route of one of several members."""

    member_id = ma.fields.Integer(required=True)
    member_name = ma.fields.String(required=True)
    member_number = ma.fields.String(required=True)
    route = ma.fields.Nested(Route, required=True)


class AllPlanned(ma.Schema):
    """The routes of all of them."""

    items = ma.fields.List(ma.fields.Nested(PlannedShown), required=True)


class AllStarted(ma.Schema):
    """Where each of them stands, in the order of their keys."""

    items = ma.fields.List(ma.fields.Nested(Answer), required=True)


@blueprint.get("/transfers/candidates")
@blueprint.arguments(Named, location="query")
@blueprint.response(200, CandidatesShown)
def get_candidates(wanted: dict[str, Any]) -> Candidates:
    """可选党员 / Members whose transfer the acting organisation may start."""
    return list_candidates(actor=actor(), now=now(), deployment=deployment(), **wanted)


@blueprint.post("/transfers/draft")
@blueprint.arguments(Person)
@blueprint.response(200, DraftShown)
def post_draft(given: dict[str, Any]) -> Draft:
    """核对党员 / Identify a member and show what the system fills into his application; nothing is started."""
    return draft_application(actor=actor(), chosen=Chosen(**given), now=now(), deployment=deployment())


@blueprint.post("/transfers/several")
@blueprint.arguments(Several)
@blueprint.response(201, AllStarted)
@blueprint.takes_key
def post_several(given: dict[str, Any]) -> dict[str, tuple[Answered, ...]]:
    """批量发起 / Start a transfer for each of several members: all of them, or, when one is refused, none."""
    answers = starting.submit_several(
        given["answers"],
        selected=_selected(given),
        actor=actor(),
        key=idempotency_key(),
        now=now(),
        deployment=deployment(),
    )
    return {"items": answers}


@blueprint.post("/transfers/several/preview")
@blueprint.arguments(Several)
@blueprint.response(200, AllPlanned)
def post_several_preview(given: dict[str, Any]) -> dict[str, tuple[starting.Planned, ...]]:
    """预览批量路径 / Check an application for several members and show the route of each; nothing is started."""
    planned = starting.preview_several(
        given["answers"], selected=_selected(given), actor=actor(), now=now(), deployment=deployment()
    )
    return {"items": planned}


def _selected(given: dict[str, Any]) -> list[Selected]:
    found = []
    for each in given["members"]:
        answers = each.pop("answers")
        found.append(Selected(Chosen(**each), answers))
    return found
