"""Who administers an organisation: roles, duties, candidates; granting, changing, taking back."""

from typing import Any

import marshmallow as ma
from flask import Response

from service.domain.accounts.duties import Duty
from service.domain.accounts.roles import Role
from service.storage.accounts.grants import Grant
from service.use_cases.administrators.change_grant import Terms, change_grant, revoke_role
from service.use_cases.administrators.find_candidates import MOST, Found, find_candidates
from service.use_cases.administrators.grant_role import LONGEST_DIVISION, Wanted, grant_role
from service.use_cases.administrators.list_administrators import Administrators, list_administrators
from service.use_cases.administrators.record_duty import record_duty
from service.web.api.arguments import Blueprint
from service.web.api.fields import LARGEST, Text
from service.web.deployed import deployment, now
from service.web.sessions import actor

blueprint = Blueprint("administrators", __name__, description="管理员授权 / administrators")
_IN_RANGE = ma.validate.Range(1, LARGEST)


class GrantTerms(ma.Schema):
    """What may be chosen of a grant; `valid_until` is its last day, null for one without end."""

    is_default = ma.fields.Boolean(load_default=False)
    division = Text(load_default="", validate=ma.validate.Length(max=LONGEST_DIVISION))
    valid_until = ma.fields.Date(load_default=None, allow_none=True)


class GrantWanted(GrantTerms):
    """A role for an account; without `role` the usual one of the organisation."""

    account_id = ma.fields.Integer(required=True, strict=True, validate=_IN_RANGE)
    role = ma.fields.Enum(Role, by_value=True, load_default=None, allow_none=True)


class GrantShown(ma.Schema):
    """A role that somebody holds for the organisation; `duty` names the duty that confers it."""

    grant_id = ma.fields.Integer(attribute="id", required=True)
    account_id = ma.fields.Integer(required=True)
    name = ma.fields.String(attribute="account_name", required=True)
    role = ma.fields.String(required=True)
    is_default = ma.fields.Boolean(required=True)
    duty = ma.fields.String(allow_none=True)
    division = ma.fields.String(required=True)
    valid_until = ma.fields.Date(allow_none=True)


class DutyShown(ma.Schema):
    """A duty with the member who has it."""

    member_id = ma.fields.Integer(attribute="held.member_id", required=True)
    name = ma.fields.String(required=True)
    duty = ma.fields.String(attribute="held.duty", required=True)


class AdministratorsShown(ma.Schema):
    """`roles` are those that the acting role may grant here, none when it may not."""

    grants = ma.fields.List(ma.fields.Nested(GrantShown), required=True)
    duties = ma.fields.List(ma.fields.Nested(DutyShown), required=True)
    roles = ma.fields.List(ma.fields.String(), required=True)
    records_duties = ma.fields.Boolean(required=True)


class CandidateSearch(ma.Schema):
    """An exact name, an identity number, or the assigned name of a virtual account."""

    text = Text(required=True, validate=ma.validate.Length(1, 64))


class AdministratorCandidate(ma.Schema):
    """Somebody who may get a role, or the code of what stands in the way."""

    account_id = ma.fields.Integer(attribute="candidate.account_id", required=True)
    name = ma.fields.String(attribute="candidate.name", required=True)
    branch_name = ma.fields.String(required=True)
    is_virtual = ma.fields.Boolean(attribute="candidate.is_virtual", required=True)
    member_id = ma.fields.Integer(allow_none=True)
    hindrance = ma.fields.String(attribute="hindrance.code", dump_default=None, allow_none=True)


class AdministratorCandidates(ma.Schema):
    """At most twenty."""

    items = ma.fields.List(
        ma.fields.Nested(AdministratorCandidate), required=True, validate=ma.validate.Length(max=MOST)
    )


class DutyWanted(ma.Schema):
    """A duty, or null to take it back."""

    duty = ma.fields.Enum(Duty, by_value=True, required=True, allow_none=True)


@blueprint.get("/organisations/<string:code>/administrators")
@blueprint.response(200, AdministratorsShown)
def get_administrators(code: str) -> Administrators:
    """管理员 / Roles and duties of an organisation, and what the acting role may do about them."""
    return list_administrators(code, actor=actor(), now=now(), deployment=deployment())


@blueprint.get("/organisations/<string:code>/administrators/candidates")
@blueprint.arguments(CandidateSearch, location="query")
@blueprint.response(200, AdministratorCandidates)
def get_administrator_candidates(given: dict[str, str], code: str) -> dict[str, list[Found]]:
    """查找授权人选 / Whom a role of this organisation may be given to."""
    return {"items": list(find_candidates(code, given["text"], actor=actor(), deployment=deployment()))}


@blueprint.post("/organisations/<string:code>/administrators")
@blueprint.arguments(GrantWanted)
@blueprint.response(201, GrantShown)
def post_administrator(given: dict[str, Any], code: str) -> Grant:
    """授权 / Grant a role; it may be used from the next log-in on."""
    return grant_role(code, Wanted(**given), actor=actor(), now=now(), deployment=deployment())


@blueprint.put("/organisations/<string:code>/administrators/<int:grant_id>")
@blueprint.arguments(GrantTerms)
@blueprint.response(200, GrantShown)
def put_administrator(given: dict[str, Any], code: str, grant_id: int) -> Grant:
    """修改授权 / Change default role, division of work or last day."""
    return change_grant(code, grant_id, Terms(**given), actor=actor(), now=now(), deployment=deployment())


@blueprint.delete("/organisations/<string:code>/administrators/<int:grant_id>")
@blueprint.response(204)
def delete_administrator(code: str, grant_id: int) -> Response:
    """解除授权 / Take a role back; sessions that act in it end at once."""
    revoke_role(code, grant_id, actor=actor(), now=now(), deployment=deployment())
    return Response(status=204)


@blueprint.put("/organisations/<string:code>/duties/<int:member_id>")
@blueprint.arguments(DutyWanted)
@blueprint.response(204)
def put_duty(given: dict[str, Duty | None], code: str, member_id: int) -> Response:
    """登记职务 / Record the duty of a member, or take it back; by profile it confers a role."""
    record_duty(code, member_id, given["duty"], actor=actor(), now=now(), deployment=deployment())
    return Response(status=204)
