"""The decision on a transfer under way: the one operation by which it moves."""

from typing import Any

import marshmallow as ma

from service.use_cases.transfers.answer import Answer as Answered
from service.use_cases.transfers.decide import decide
from service.web.api.arguments import Blueprint, transfer_path
from service.web.api.fields import LARGEST, Answers
from service.web.api.transfers.transfer_schemas import Answer
from service.web.deployed import deployment, now
from service.web.requests import idempotency_key
from service.web.sessions import actor

blueprint = Blueprint("decisions", __name__, description="办理 / decisions")


class Decision(ma.Schema):
    """`version` of the transfer that was looked at; `answers` of the open task's form, `decision` among them."""

    version = ma.fields.Integer(required=True, strict=True, validate=ma.validate.Range(0, LARGEST))
    answers = Answers(required=True)


@blueprint.post(transfer_path("/decisions"))
@blueprint.arguments(Decision)
@blueprint.response(200, Answer)
@blueprint.takes_key
def post_decision(given: dict[str, Any], transfer_id: int) -> Answered:
    """办理 / Take one decision; the same Idempotency-Key twice gets the same answer and one effect."""
    return decide(
        transfer_id,
        version=given["version"],
        answers=given["answers"],
        actor=actor(),
        key=idempotency_key(),
        now=now(),
        deployment=deployment(),
    )
