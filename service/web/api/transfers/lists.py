"""The lists of the acting role: to-do, handled, not reported, finished, auto-approved, own."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import marshmallow as ma

from service.domain.deadlines.deadlines import LetterMark
from service.storage.transfers.inbox import InboxRow
from service.use_cases.transfers import list_inbox
from service.use_cases.transfers.inbox_marks import marks_of
from service.use_cases.transfers.list_inbox import ANYBODY, MOST_PER_PAGE, PER_PAGE, ListName, Page, Sought
from service.web.api.arguments import Blueprint
from service.web.api.fields import Moment, PageNumber, Text
from service.web.deployed import deployment, now
from service.web.sessions import actor

blueprint = Blueprint("lists", __name__, description="列表 / lists")


class Paging(ma.Schema):
    """Which page, counted from 1, and how many lines a page has."""

    page = PageNumber(load_default=1, validate=ma.validate.Range(1, 10_000_000))
    per_page = PageNumber(load_default=PER_PAGE, validate=ma.validate.Range(1, MOST_PER_PAGE))


class Search(ma.Schema):
    """Exact name and exact identity number, either or both; and which page."""

    name = Text(load_default="", validate=ma.validate.Length(max=100))
    id_number = Text(load_default="", validate=ma.validate.Length(max=40))
    page = ma.fields.Integer(load_default=1, strict=True, validate=ma.validate.Range(1, 10_000_000))
    per_page = ma.fields.Integer(load_default=PER_PAGE, strict=True, validate=ma.validate.Range(1, MOST_PER_PAGE))


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
    letter_mark = ma.fields.Enum(LetterMark, by_value=ma.fields.String, allow_none=True)
    due_at = Moment(allow_none=True)
    is_overdue = ma.fields.Boolean(required=True)

    @ma.pre_dump
    def mark(self, row: InboxRow, **_: object) -> dict[str, Any]:
        """Add how the letter and the step stand today."""
        return asdict(row) | asdict(marks_of(row, profile=deployment().profile, now=now()))


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


@blueprint.post("/not-reported/search")
@blueprint.arguments(Search)
@blueprint.response(200, Lines)
def post_not_reported_search(given: dict[str, Any]) -> Page:
    """查找未报到 / Received members found by exact name or number; a body, so that no address holds the number."""
    sought = Sought(given.pop("name"), given.pop("id_number"))
    return _listed(ListName.NOT_REPORTED, given, sought)


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


def _listed(name: ListName, paging: dict[str, Any], sought: Sought = ANYBODY) -> Page:
    return list_inbox.list_transfers(name, actor=actor(), deployment=deployment(), sought=sought, **paging)
