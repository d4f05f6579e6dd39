"""The OpenAPI document: how to log in, what a refusal looks like, and every operation the parts declare."""

from collections.abc import Iterator, Mapping

import marshmallow as ma
from flask import Flask
from flask_smorest import Api

from service.web import errors
from service.web.guards import CSRF_HEADER

VERSION = "1"
_SECURITY = {
    "bearer": {"type": "http", "scheme": "bearer"},
    "cookie": {"type": "apiKey", "in": "cookie", "name": "zhuanjie", "description": f"with {CSRF_HEADER} on changes"},
}


def form_with_file(media_type: str, **others: Mapping[str, object]) -> dict[str, object]:
    """How a request that brings a file is described: `file` of this type, and other fields of the form."""
    file = {"type": "string", "contentMediaType": media_type}
    schema = {"type": "object", "required": ["file"], "properties": {"file": file, **others}}
    return {"required": True, "content": {"multipart/form-data": {"schema": schema}}}


class FieldProblem(ma.Schema):
    """One field, or one member, at fault."""

    field = ma.fields.String(allow_none=True)
    member = ma.fields.String(allow_none=True)
    code = ma.fields.String(required=True)
    message_zh = ma.fields.String(required=True)
    message_en = ma.fields.String(required=True)


class Problem(ma.Schema):
    """Why a request was refused; nothing was changed."""

    type = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    status = ma.fields.Integer(required=True)
    code = ma.fields.String(required=True, metadata={"description": "a code of the catalogue, as E_STALE"})
    message_zh = ma.fields.String(required=True)
    message_en = ma.fields.String(required=True)
    errors = ma.fields.List(ma.fields.Nested(FieldProblem), required=True)
    request_id = ma.fields.String(required=True)


class Interface(Api):
    """The interface of an application; refusals are answered by the application's own handler."""

    ERROR_SCHEMA = Problem

    def __init__(self, app: Flask, *, prefix: str) -> None:
        app.config.update(
            API_TITLE="转接 / zhuanjie",
            API_VERSION=VERSION,
            OPENAPI_VERSION="3.1.0",
            OPENAPI_URL_PREFIX=prefix,
            OPENAPI_JSON_PATH="openapi.json",
            API_SPEC_OPTIONS={
                "components": {"securitySchemes": _SECURITY},
                "security": [{name: []} for name in _SECURITY],
            },
        )
        super().__init__(app)

    def own_endpoints(self) -> Iterator[str]:
        """Endpoints that serve the document itself."""
        return (name for name in self._app.view_functions if name.startswith("api-docs."))

    def _register_error_handlers(self) -> None:
        """Nothing: one handler answers for the whole application."""

    def _register_responses(self) -> None:
        # Refusals have a media type of their own; all other answers are plain JSON.
        self.DEFAULT_RESPONSE_CONTENT_TYPE = errors.MEDIA_TYPE
        super()._register_responses()
        self.DEFAULT_RESPONSE_CONTENT_TYPE = Api.DEFAULT_RESPONSE_CONTENT_TYPE
