"""Activating an account: before anybody has a session."""

import marshmallow as ma
from flask import Response

from service.domain.accounts.passwords import LONGEST
from service.use_cases.accounts.activate_account import Activation, Claim, activate_account, send_activation_code
from service.web.api.accounts.account import CODE, PHONE
from service.web.api.arguments import Blueprint
from service.web.api.fields import Text
from service.web.deployed import deployment, now
from service.web.guards import public
from service.web.requests import address

blueprint = Blueprint("activation", __name__, description="账号激活 / activation")


class ClaimMade(ma.Schema):
    """Who somebody says he is; the authorisation code where the profile asks for one."""

    name = Text(required=True, validate=ma.validate.Length(1, 64))
    id_number = Text(required=True, validate=ma.validate.Length(1, 18))
    phone = Text(required=True, validate=PHONE)
    authorisation_code = Text(load_default="", validate=ma.validate.Length(max=40))


class ActivationMade(ClaimMade):
    """The claim with the code by short message and the password wished for."""

    sms_code = Text(required=True, validate=CODE)
    password = Text(required=True, validate=ma.validate.Length(1, LONGEST + 1))


@blueprint.post("/activation/codes")
@blueprint.arguments(ClaimMade)
@blueprint.response(204)
@public
def post_activation_code(given: dict[str, str]) -> Response:
    """发送激活验证码 / Send a code, if the claim is right; whether it was is not told."""
    send_activation_code(_claim(given), address=address(), now=now(), deployment=deployment())
    return Response(status=204)


@blueprint.post("/activation")
@blueprint.arguments(ActivationMade)
@blueprint.response(204)
@public
def post_activation(given: dict[str, str]) -> Response:
    """激活账号 / Activate: the telephone becomes the one by which the password is recovered."""
    activation = Activation(_claim(given), given["sms_code"], given["password"])
    activate_account(activation, address=address(), now=now(), deployment=deployment())
    return Response(status=204)


def _claim(given: dict[str, str]) -> Claim:
    return Claim(given["name"], given["id_number"], given["phone"], given["authorisation_code"])
