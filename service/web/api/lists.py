"""The lists of the acting role: to-do, handled, not reported, finished, auto-approved, own."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma

from service.use_cases.transfers import list_inbox
from service.use_cases.transfers.list_inbox import MOST_PER_PAGE, PER_PAGE, ListName, Page
from service.web.api.arguments import Blueprint
from service.web.api.fields import Moment, PageNumber
from service.web.deployed import deployment
from service.web.sessions import actor

blueprint = Blueprint("lists", __name__, description="列表 / lists")


class Paging(ma.Schema):
    """Which page, counted from 1, and how many lines a page has."""

    page = PageNumber(load_default=1, validate=ma.validate.Range(1, 10_000_000))
    per_page = PageNumber(load_default=PER_PAGE, validate=ma.validate.Range(1, MOST_PER_PAGE))


class Line(ma.Schema):
    """One transfer in a list."""

    id = ma.fields.Integer(required=True)
    version = ma.fields.Integer(required=True)
    variety = ma.fields.String(required=True)
    state = ma.fields.String(required=True, attribute="status")
    cause = ma.fields.String(allow_none=True)
    step = ma.fields.String(required=True)
    position = ma.fields.Integer(required=True)
    hops = ma.fields.Integer(required=True)
    origin = ma.fields.String(required=True)
    target = ma.fields.String(required=True)
    member_name = ma.fields.String(required=True)
    opened_at = Moment(required=True)
    created_at = Moment(required=True)
    valid_until = ma.fields.Date(allow_none=True)


class Lines(ma.Schema):
    """One page of a list."""

    items = ma.fields.List(ma.fields.Nested(Line), required=True)
    total = ma.fields.Integer(required=True)
    page = ma.fields.Integer(required=True)
    per_page = ma.fields.Integer(required=True)


class Counts(ma.Schema):
    """How many lines each list has."""

    todo = ma.fields.Integer(required=True)
    handled = ma.fields.Integer(required=True)
    not_reported = ma.fields.Integer(required=True)
    history = ma.fields.Integer(required=True)
    auto_approved = ma.fields.Integer(required=True)
    own = ma.fields.Integer(required=True)


@blueprint.get("/inbox")
@blueprint.arguments(Paging, location="query")
@blueprint.response(200, Lines)
def get_inbox(paging: dict[str, Any]) -> Page:
    """待办 / What the acting organisation must decide."""
    return _listed(ListName.TO_DO, paging)


@blueprint.get("/handled")
@blueprint.arguments(Paging, location="query")
@blueprint.response(200, Lines)
def get_handled(paging: dict[str, Any]) -> Page:
    """已办 / Unfinished transfers in which the acting organisation has decided."""
    return _listed(ListName.HANDLED, paging)


@blueprint.get("/not-reported")
@blueprint.arguments(Paging, location="query")
@blueprint.response(200, Lines)
def get_not_reported(paging: dict[str, Any]) -> Page:
    """未报到 / Received members who have not reported in."""
    return _listed(ListName.NOT_REPORTED, paging)


@blueprint.get("/history")
@blueprint.arguments(Paging, location="query")
@blueprint.response(200, Lines)
def get_history(paging: dict[str, Any]) -> Page:
    """历史 / Finished transfers of the acting organisation and those below it."""
    return _listed(ListName.HISTORY, paging)


@blueprint.get("/auto-approved")
@blueprint.arguments(Paging, location="query")
@blueprint.response(200, Lines)
def get_auto_approved(paging: dict[str, Any]) -> Page:
    """自动审核 / Transfers that the system approved in the name of the acting organisation."""
    return _listed(ListName.AUTO_APPROVED, paging)


@blueprint.get("/own")
@blueprint.arguments(Paging, location="query")
@blueprint.response(200, Lines)
def get_own(paging: dict[str, Any]) -> Page:
    """本人 / Transfers of the person himself."""
    return _listed(ListName.OWN, paging)


@blueprint.get("/counts")
@blueprint.response(200, Counts)
def get_counts() -> Mapping[str, int]:
    """数量 / How many lines each list has."""
    return list_inbox.counts(actor=actor())


def _listed(name: ListName, paging: dict[str, Any]) -> Page:
    return list_inbox.list_transfers(name, actor=actor(), deployment=deployment(), **paging)
