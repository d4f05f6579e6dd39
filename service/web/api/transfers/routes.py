"""The route a transfer would take, asked for by organisation codes alone: no person, no form."""

from typing import Any

import marshmallow as ma

from service.domain.routes.routes import Route as PlannedRoute
from service.domain.routes.varieties import DestinationKind, OutType, Variety
from service.use_cases.transfers.preview_route import Question, preview_route
from service.web.api.arguments import Blueprint
from service.web.api.fields import Text
from service.web.api.transfers.transfer_schemas import Route
from service.web.deployed import deployment

blueprint = Blueprint("routes", __name__, description="路径 / routes")


class RouteQuestion(ma.Schema):
    """Empty `origin`: from outside; empty `target`: to outside; `starter`: a code, or `applicant`."""

    origin = Text(load_default="", validate=ma.validate.Length(max=32))
    target = Text(load_default="", validate=ma.validate.Length(max=32))
    starter = Text(required=True, validate=ma.validate.Length(1, 32))
    destination_kind = ma.fields.Enum(DestinationKind, by_value=ma.fields.String, load_default=None, allow_none=True)
    variety = ma.fields.Enum(Variety, by_value=ma.fields.String, load_default=None, allow_none=True)
    out_type = ma.fields.Enum(OutType, by_value=ma.fields.String, load_default=None, allow_none=True)
    off_tree = ma.fields.Boolean(load_default=False, truthy={True}, falsy={False})
    is_graduate = ma.fields.Boolean(load_default=False, truthy={True}, falsy={False})


@blueprint.post("/routes/preview")
@blueprint.arguments(RouteQuestion)
@blueprint.response(200, Route)
def post_route(given: dict[str, Any]) -> PlannedRoute:
    """预览路径 / Plan one route on the tree; checks that need a person or a form are left out."""
    return preview_route(Question(**given), profile=deployment().profile)
