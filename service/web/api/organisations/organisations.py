"""The organisation tree, for choosing a target: search, one organisation, the level below it."""

from collections.abc import Sequence
from typing import Any

import marshmallow as ma

from service.domain.organisations.organisations import Organisation
from service.use_cases.organisations.search_organisations import MOST, search_organisations
from service.use_cases.organisations.show_organisation import list_children, show_organisation
from service.web.api.arguments import Blueprint
from service.web.api.fields import PageNumber, Text
from service.web.api.transfers.lists import Paging

blueprint = Blueprint("organisations", __name__, description="组织 / organisations")


class Search(ma.Schema):
    """Code, a part of the name, or first letters of how it is read."""

    query = Text(required=True, validate=ma.validate.Length(max=100))
    limit = PageNumber(load_default=20, validate=ma.validate.Range(1, MOST))


class OrganisationShown(ma.Schema):
    """An organisation; `superiors` are the names from the next one up to the root."""

    code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    org_type = ma.fields.String(required=True)
    unit_kind = ma.fields.String(required=True)
    authority_level = ma.fields.String(allow_none=True, attribute="level")
    scope = ma.fields.String(required=True, attribute="scope.name")
    can_transfer = ma.fields.Boolean(required=True)
    status = ma.fields.String(required=True)
    superiors = ma.fields.List(ma.fields.String())


class OrganisationsShown(ma.Schema):
    """Several organisations."""

    items = ma.fields.List(ma.fields.Nested(OrganisationShown), required=True)


@blueprint.get("/organisations")
@blueprint.arguments(Search, location="query")
@blueprint.response(200, OrganisationsShown)
def get_organisations(given: dict[str, Any]) -> dict[str, Any]:
    """查找组织 / Active organisations with this code, this text in their name, or these first letters."""
    found = search_organisations(given["query"], limit=given["limit"])
    return {"items": [_with_superiors(each.organisation, each.superiors) for each in found]}


@blueprint.get("/organisations/<string:code>")
@blueprint.response(200, OrganisationShown)
def get_organisation(code: str) -> dict[str, Any]:
    """组织 / One organisation with its superiors."""
    org, *above = show_organisation(code)
    return _with_superiors(org, [each.name for each in above])


@blueprint.get("/organisations/<string:code>/children")
@blueprint.arguments(Paging, location="query")
@blueprint.response(200, OrganisationsShown)
def get_children(paging: dict[str, int], code: str) -> dict[str, Sequence[Organisation]]:
    """下级组织 / The level below an organisation, in the order its superior gave it."""
    return {"items": list_children(code, **paging)}


def _with_superiors(org: Organisation, superiors: Sequence[str]) -> dict[str, Any]:
    return {
        "code": org.code,
        "name": org.name,
        "org_type": org.org_type,
        "unit_kind": org.unit_kind,
        "level": org.level,
        "scope": org.scope,
        "can_transfer": org.can_transfer,
        "status": org.status,
        "superiors": superiors,
    }
