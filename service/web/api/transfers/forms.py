"""Forms as data, for programs that draw them themselves."""

import marshmallow as ma

from service.definitions.forms import Form
from service.web.api.arguments import Blueprint
from service.web.deployed import deployment

blueprint = Blueprint("forms", __name__, description="表单 / forms")


class OptionShown(ma.Schema):
    """One choice of a field."""

    value = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    title_en = ma.fields.String(required=True)


class FieldShown(ma.Schema):
    """One field; `required` is what every profile requires."""

    name = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    title_en = ma.fields.String(required=True)
    type = ma.fields.String(required=True)
    widget = ma.fields.String(required=True)
    group = ma.fields.String(required=True)
    options = ma.fields.List(ma.fields.Nested(OptionShown), required=True)
    required = ma.fields.Boolean(required=True)
    read_only = ma.fields.Boolean(required=True)
    help = ma.fields.String(required=True)
    help_en = ma.fields.String(required=True)
    max_length = ma.fields.Integer(allow_none=True)
    minimum = ma.fields.Integer(allow_none=True)
    maximum = ma.fields.Integer(allow_none=True)


class GroupShown(ma.Schema):
    """A heading over fields."""

    name = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    title_en = ma.fields.String(required=True)


class FormShown(ma.Schema):
    """The form of a user task."""

    name = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    title_en = ma.fields.String(required=True)
    groups = ma.fields.List(ma.fields.Nested(GroupShown), required=True)
    shown = ma.fields.List(ma.fields.Nested(FieldShown), required=True, attribute="fields", data_key="fields")
    decisions = ma.fields.List(ma.fields.String(), required=True)
    digest = ma.fields.String(required=True)


@blueprint.get("/forms/<string:process>/<string:step>")
@blueprint.response(200, FormShown)
def get_form(process: str, step: str) -> Form:
    """表单 / The form of a user task of a process, as transfer_internal/apply or common/apply."""
    return deployment().catalogue.form(process, step)
