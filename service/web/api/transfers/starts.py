"""Starting a transfer: by the member, by an organisation, for a person from outside; and the route beforehand."""

from typing import Any

import marshmallow as ma

from service.domain.routes.routes import Route as PlannedRoute
from service.use_cases.transfers import register_incoming as incoming
from service.use_cases.transfers import submit_transfer as submitting
from service.use_cases.transfers.answer import Answer as Answered
from service.use_cases.transfers.preview_resubmission import preview_resubmission
from service.use_cases.transfers.submit_transfer import Chosen
from service.web.api.arguments import Blueprint, transfer_path
from service.web.api.fields import LARGEST, Answers, Text
from service.web.api.transfers.transfer_schemas import Answer, Route
from service.web.deployed import deployment, now
from service.web.requests import idempotency_key
from service.web.sessions import actor

blueprint = Blueprint("starts", __name__, description="发起 / starts")


class Application(ma.Schema):
    """Who is to be transferred (nobody named: the member himself), and the answers of the application's form."""

    member_id = ma.fields.Integer(load_default=None, strict=True, validate=ma.validate.Range(1, LARGEST))
    name = Text(load_default="", validate=ma.validate.Length(max=200))
    id_number = Text(load_default="", validate=ma.validate.Length(max=40))
    answers = Answers(required=True)


class FormAnswers(ma.Schema):
    """The answers of a form."""

    answers = Answers(required=True)


@blueprint.post("/transfers")
@blueprint.arguments(Application)
@blueprint.response(201, Answer)
@blueprint.takes_key
def post_transfer(given: dict[str, Any]) -> Answered:
    """提交申请 / Start an outgoing or internal transfer."""
    return submitting.submit_transfer(
        given.pop("answers"),
        chosen=Chosen(**given),
        actor=actor(),
        key=idempotency_key(),
        now=now(),
        deployment=deployment(),
    )


@blueprint.post("/transfers/preview")
@blueprint.arguments(Application)
@blueprint.response(200, Route)
def post_preview(given: dict[str, Any]) -> PlannedRoute:
    """预览路径 / Check an application and show the route it would take; nothing is started."""
    return submitting.preview_application(
        given.pop("answers"), chosen=Chosen(**given), actor=actor(), now=now(), deployment=deployment()
    )


@blueprint.post(transfer_path("/preview"))
@blueprint.arguments(FormAnswers)
@blueprint.response(200, Route)
def post_preview_again(given: dict[str, Any], transfer_id: int) -> PlannedRoute:
    """预览重新提交的路径 / Check an application that came back, as it would be submitted now, and show its route."""
    previewed = preview_resubmission(
        transfer_id, answers=given["answers"], actor=actor(), now=now(), deployment=deployment()
    )
    return previewed.route


@blueprint.post("/incoming/preview")
@blueprint.arguments(FormAnswers)
@blueprint.response(200, Route)
def post_incoming_preview(given: dict[str, Any]) -> PlannedRoute:
    """预览转入路径 / Check a registration and show the route it would take; nothing is started."""
    return incoming.preview_incoming(given["answers"], actor=actor(), now=now(), deployment=deployment())


@blueprint.post("/incoming")
@blueprint.arguments(FormAnswers)
@blueprint.response(201, Answer)
@blueprint.takes_key
def post_incoming(given: dict[str, Any]) -> Answered:
    """转入登记 / Start the transfer of a person from outside."""
    return incoming.register_incoming(
        given["answers"], actor=actor(), key=idempotency_key(), now=now(), deployment=deployment()
    )
