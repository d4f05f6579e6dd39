"""Messages to the world outside that were given up, for the system administrator."""

from typing import Any

import marshmallow as ma

from service.use_cases.outbox.dead_messages import DeadPage, list_dead, require_operator, resend_dead
from service.web.api.arguments import Blueprint
from service.web.api.fields import LARGEST, Moment, PageNumber
from service.web.deployed import now
from service.web.sessions import actor

blueprint = Blueprint("messages", __name__, description="消息 / messages")
_PER_PAGE, _MOST_PER_PAGE = 50, 200


class MessagePaging(ma.Schema):
    """Which page, counted from 1, and how many messages a page has."""

    page = PageNumber(load_default=1, validate=ma.validate.Range(1, 10_000_000))
    per_page = PageNumber(load_default=_PER_PAGE, validate=ma.validate.Range(1, _MOST_PER_PAGE))


class DeadMessageShown(ma.Schema):
    """One message that was given up, and what its last attempt said."""

    id = ma.fields.Integer(required=True)
    key = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    created_at = Moment(required=True)
    attempts = ma.fields.Integer(required=True)
    last_error = ma.fields.String(required=True)


class DeadMessages(ma.Schema):
    """One page of them, the oldest first."""

    items = ma.fields.List(ma.fields.Nested(DeadMessageShown), required=True)
    total = ma.fields.Integer(required=True)
    page = ma.fields.Integer(required=True)
    per_page = ma.fields.Integer(required=True)


class Resending(ma.Schema):
    """The messages to send again, by number; null for all."""

    ids = ma.fields.List(
        ma.fields.Integer(strict=True, validate=ma.validate.Range(1, LARGEST)),
        required=True,
        allow_none=True,
        validate=ma.validate.Length(1, _MOST_PER_PAGE),
    )


class Resent(ma.Schema):
    """How many will be sent again."""

    resent = ma.fields.Integer(required=True)


@blueprint.get("/messages/dead")
@blueprint.arguments(MessagePaging, location="query")
@blueprint.response(200, DeadMessages)
def get_dead_messages(paging: dict[str, Any]) -> DeadPage:
    """已放弃的消息 / Messages that were given up; system administrator only."""
    require_operator(actor())
    return list_dead(**paging)


@blueprint.post("/messages/resend")
@blueprint.arguments(Resending)
@blueprint.response(200, Resent)
def post_messages_resend(given: dict[str, Any]) -> dict[str, int]:
    """重新发送 / Send messages that were given up again; system administrator only."""
    return {"resent": resend_dead(given["ids"], now=now(), actor=actor())}
