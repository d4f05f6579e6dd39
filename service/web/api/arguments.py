"""How the interface reads requests: nothing unknown is passed over, and every defect is named."""

from collections.abc import Callable
from typing import Any, TypeVar

import marshmallow as ma
from flask import Request
from flask_smorest import Blueprint as SmorestBlueprint
from webargs import core
from webargs.flaskparser import FlaskParser

from service.domain.errors import Refused
from service.web.guards import is_marked_public
from service.web.requests import LARGEST_ID

_View = TypeVar("_View", bound=Callable[..., Any])
_KEY_HEADER = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "description": "the same key and content again: the same answer, no second effect",
    "schema": {"type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[!-~]+$"},
}


class Parser(FlaskParser):
    """Reads JSON with the application's own reader; refuses E_MEDIA_TYPE for a body of another kind."""

    DEFAULT_UNKNOWN_BY_LOCATION = {**FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "query": ma.RAISE}  # noqa: RUF012 - as webargs wants it

    def _raw_load_json(self, req: Request) -> Any:
        if not core.is_json(req.mimetype):
            raise Refused("E_MEDIA_TYPE", field="Content-Type", detail_zh="应为 JSON", detail_en="expected JSON")
        return req.get_json()


class Blueprint(SmorestBlueprint):
    """A part of the interface."""

    ARGUMENTS_PARSER = Parser()

    def __init__(self, subject: str, module: str, *, description: str) -> None:
        # The pages have parts of the same names.
        super().__init__(f"api-{subject}", module, description=description)

    def _store_endpoint_docs(self, endpoint: str, obj: Any, parameters: Any, tags: Any, **options: Any) -> None:
        super()._store_endpoint_docs(endpoint, obj, parameters, tags, **options)
        facts: dict[str, Any] = {"operationId": endpoint} | ({"security": []} if is_marked_public(obj) else {})
        for method, doc in self._docs[endpoint].items():
            if method != "parameters":
                doc["manual_doc"] = {**doc.get("manual_doc", {}), **facts}

    def arguments(self, schema: type[ma.Schema], **wishes: Any) -> Callable[[_View], _View]:
        """As in the parent, with one schema for all requests: to make one takes longer than to use it."""
        decorator: Callable[[_View], _View] = super().arguments(schema(), **wishes)
        return decorator

    def takes_key(self, view: _View) -> _View:
        """Say in the document that the operation takes the header Idempotency-Key."""
        marked: _View = self.doc(parameters=[_KEY_HEADER])(view)
        return marked


def transfer_path(rest: str = "") -> str:
    """The path of a transfer."""
    return f"/transfers/<int(max={LARGEST_ID}):transfer_id>{rest}"
