"""What the acting role was told: its organisation, and the person himself."""

from typing import Any

import marshmallow as ma

from service.use_cases.notices import list_notices
from service.use_cases.notices.list_notices import MOST_PER_PAGE, PER_PAGE, NoticePage
from service.web.api.arguments import Blueprint
from service.web.api.fields import LARGEST, Moment, PageNumber
from service.web.deployed import now
from service.web.sessions import actor

blueprint = Blueprint("notices", __name__, description="通知 / notices")
_MOST_IDS = 200
_NUMBER = ma.validate.Range(1, LARGEST)


class NoticePaging(ma.Schema):
    """Which page, counted from 1, and how many notices a page has."""

    page = PageNumber(load_default=1, validate=ma.validate.Range(1, 10_000_000))
    per_page = PageNumber(load_default=PER_PAGE, validate=ma.validate.Range(1, MOST_PER_PAGE))


class ToldNotice(ma.Schema):
    """One notice; `transfer_id` null where it is about no transfer, `read_at` null while it is unread."""

    id = ma.fields.Integer(required=True, attribute="notice.id")
    kind = ma.fields.String(required=True, attribute="notice.kind")
    message_zh = ma.fields.String(required=True)
    message_en = ma.fields.String(required=True)
    transfer_id = ma.fields.Integer(allow_none=True, attribute="notice.transfer_id")
    variety = ma.fields.String(allow_none=True, attribute="notice.variety")
    at = Moment(required=True, attribute="notice.at")
    read_at = Moment(allow_none=True, attribute="notice.read_at")


class ToldNotices(ma.Schema):
    """One page of notices, the latest first."""

    items = ma.fields.List(ma.fields.Nested(ToldNotice), required=True)
    total = ma.fields.Integer(required=True)
    unread = ma.fields.Integer(required=True)
    page = ma.fields.Integer(required=True)
    per_page = ma.fields.Integer(required=True)


class ReadNotices(ma.Schema):
    """These notices, or all up to one."""

    ids = ma.fields.List(ma.fields.Integer(strict=True, validate=_NUMBER), validate=ma.validate.Length(1, _MOST_IDS))
    until = ma.fields.Integer(strict=True, validate=_NUMBER)

    @ma.validates_schema
    def _one_of_both(self, given: dict[str, Any], **_: object) -> None:
        if len(given) != 1:
            raise ma.ValidationError("expected either ids or until", "ids")


class Unread(ma.Schema):
    """How many are left unread."""

    unread = ma.fields.Integer(required=True)


@blueprint.get("/notices")
@blueprint.arguments(NoticePaging, location="query")
@blueprint.response(200, ToldNotices)
def get_notices(paging: dict[str, Any]) -> NoticePage:
    """通知 / What the acting organisation and the person were told."""
    return list_notices.list_notices(actor=actor(), **paging)


@blueprint.post("/notices/read")
@blueprint.arguments(ReadNotices)
@blueprint.response(200, Unread)
def post_notices_read(given: dict[str, Any]) -> dict[str, int]:
    """标为已读 / Mark notices as read: by number, or all up to one."""
    return {"unread": list_notices.mark_read(actor=actor(), now=now(), **given)}
