"""People who come in or come back: looked up before they are registered, retrieved after a mistaken close (R-128, R-138)."""

from typing import Any

import marshmallow as ma

from service.use_cases.members.retrieve_member import Retrieved as RetrievedMember
from service.use_cases.members.retrieve_member import retrieve_member
from service.use_cases.transfers.look_up_newcomer import LookedUp as FoundNewcomer
from service.use_cases.transfers.look_up_newcomer import look_up_newcomer
from service.web.api.arguments import Blueprint
from service.web.api.fields import Text
from service.web.deployed import deployment, now
from service.web.sessions import actor

blueprint = Blueprint("newcomers", __name__, description="转入与找回 / newcomers")


class Sought(ma.Schema):
    """Whom one is asking about; the register is asked only where a name is given too."""

    id_number = Text(required=True, validate=ma.validate.Length(max=40))
    name = Text(load_default="", validate=ma.validate.Length(max=200))


class LookedUp(ma.Schema):
    """How the person stands: UNKNOWN, HELD (to be claimed back), ENTERED; `register`: MATCHES, DIFFERS, UNANSWERED."""

    standing = ma.fields.String(required=True)
    values = ma.fields.Dict(keys=ma.fields.String(), required=True)
    register = ma.fields.String(required=True, allow_none=True)


class Wanted(ma.Schema):
    """Who is to be taken back."""

    id_number = Text(required=True, validate=ma.validate.Length(max=40))


class Retrieved(ma.Schema):
    """Who is back, and the transfer that stays as it was but for the mark."""

    transfer_id = ma.fields.Integer(required=True)
    member_id = ma.fields.Integer(required=True)
    member_name = ma.fields.String(required=True)
    branch = ma.fields.String(required=True)


@blueprint.post("/incoming/lookup")
@blueprint.arguments(Sought)
@blueprint.response(200, LookedUp)
def post_lookup(given: dict[str, Any]) -> FoundNewcomer:
    """转入前查询 / May this person come in, and how; nothing is written."""
    return look_up_newcomer(**given, actor=actor(), now=now(), deployment=deployment())


@blueprint.post("/organisations/<string(maxlength=32):code>/retrievals")
@blueprint.arguments(Wanted)
@blueprint.response(201, Retrieved)
def post_retrieval(given: dict[str, Any], code: str) -> RetrievedMember:
    """找回 / Take back a member of this branch who was closed out by mistake."""
    return retrieve_member(code, given["id_number"], actor=actor(), now=now(), deployment=deployment())
