"""Another superior: applications of units, decisions of the organisation above, and moves without an application."""

from typing import Any

import marshmallow as ma

from service.storage.organisations.superior_changes import SuperiorChange
from service.use_cases.organisations.change_superior import (
    Verdict,
    Wanted,
    apply_for_superior,
    decide_superior,
    move_organisation,
    withdraw_superior,
)
from service.use_cases.organisations.list_superior_changes import (
    SuperiorChanges,
    list_superior_changes,
    show_superior_change,
)
from service.web.api.arguments import Blueprint
from service.web.api.fields import Moment, Text
from service.web.deployed import deployment, now
from service.web.requests import LARGEST_ID
from service.web.sessions import actor

blueprint = Blueprint("superior-changes", __name__, description="上级组织变更 / changes of superior")
_PATH = f"/superior-changes/<int(max={LARGEST_ID}):change_id>"
_LONGEST = 500


class SuperiorApplication(ma.Schema):
    """Which organisation shall stand below which, and why."""

    superior = Text(required=True, validate=ma.validate.Length(1, 32))
    reason = Text(load_default="", validate=ma.validate.Length(max=_LONGEST))


class SuperiorDecision(ma.Schema):
    """`as_a_whole`: it was made sure that the unit moves with all its members."""

    approves = ma.fields.Boolean(required=True)
    as_a_whole = ma.fields.Boolean(load_default=False)
    opinion = Text(load_default="", validate=ma.validate.Length(max=_LONGEST))


class SuperiorMove(ma.Schema):
    """Below which organisation; `as_a_whole` as in a decision."""

    superior = Text(required=True, validate=ma.validate.Length(1, 32))
    as_a_whole = ma.fields.Boolean(load_default=False)


class NamedOrganisation(ma.Schema):
    """An organisation."""

    code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)


class SuperiorChangeShown(ma.Schema):
    """One application."""

    id = ma.fields.Integer(required=True)
    org = ma.fields.Nested(NamedOrganisation, required=True)
    former = ma.fields.Nested(NamedOrganisation, required=True)
    wanted = ma.fields.Nested(NamedOrganisation, required=True)
    decider = ma.fields.Nested(NamedOrganisation, required=True)
    applicant = ma.fields.Nested(NamedOrganisation, required=True)
    reason = ma.fields.String(required=True)
    status = ma.fields.String(required=True)
    applied_at = Moment(required=True)
    decided_at = Moment(allow_none=True)
    opinion = ma.fields.String(required=True)


class SuperiorChangesShown(ma.Schema):
    """The applications that concern the acting organisation."""

    to_decide = ma.fields.List(ma.fields.Nested(SuperiorChangeShown), required=True)
    decided = ma.fields.List(ma.fields.Nested(SuperiorChangeShown), required=True)
    own = ma.fields.List(ma.fields.Nested(SuperiorChangeShown), required=True)


class SuperiorChangeStatus(ma.Schema):
    """Where the application stands."""

    status = ma.fields.String(required=True)


class SuperiorChangeKey(ma.Schema):
    """The key of a new application."""

    id = ma.fields.Integer(required=True)


@blueprint.post("/organisations/<string:code>/superior-changes")
@blueprint.arguments(SuperiorApplication)
@blueprint.response(201, SuperiorChangeKey)
def post_superior_change(given: dict[str, str], code: str) -> dict[str, int]:
    """申请变更上级 / Apply for another superior; the lowest organisation above both decides."""
    wanted = Wanted(code, given["superior"], given["reason"])
    return {"id": apply_for_superior(wanted, actor=actor(), now=now(), deployment=deployment())}


@blueprint.put("/organisations/<string:code>/superior")
@blueprint.arguments(SuperiorMove)
@blueprint.response(204)
def put_superior(given: dict[str, Any], code: str) -> None:
    """变更上级 / Put an organisation with all below it under another superior; for whoever stands above both."""
    verdict = Verdict(approves=True, as_a_whole=given["as_a_whole"])
    move_organisation(Wanted(code, given["superior"]), verdict, actor=actor(), now=now(), deployment=deployment())


@blueprint.get("/superior-changes")
@blueprint.response(200, SuperiorChangesShown)
def get_superior_changes() -> SuperiorChanges:
    """变更申请 / Applications to decide, decided, and one's own."""
    return list_superior_changes(actor=actor())


@blueprint.get(_PATH)
@blueprint.response(200, SuperiorChangeShown)
def get_superior_change(change_id: int) -> SuperiorChange:
    """变更申请 / One application."""
    return show_superior_change(change_id, actor=actor())


@blueprint.post(f"{_PATH}/decision")
@blueprint.arguments(SuperiorDecision)
@blueprint.response(200, SuperiorChangeStatus)
def post_superior_decision(given: dict[str, Any], change_id: int) -> dict[str, str]:
    """审批变更 / Approve, and the unit moves at once; or refuse with a reason."""
    status = decide_superior(change_id, Verdict(**given), actor=actor(), now=now(), deployment=deployment())
    return {"status": status.value}


@blueprint.post(f"{_PATH}/withdrawal")
@blueprint.response(200, SuperiorChangeStatus)
def post_superior_withdrawal(change_id: int) -> dict[str, str]:
    """撤回申请 / Take an application back."""
    return {"status": withdraw_superior(change_id, actor=actor(), now=now()).value}
