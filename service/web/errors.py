"""Every refusal and every fault as one problem: a code, a sentence in two languages, the fields, the request id.

The body is that of RFC 9457; pages show the same values in their own dress.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, current_app, json, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from service.domain.errors import FieldError, Refused
from service.domain.refusal_texts import REFUSAL_TEXTS
from service.web import logs
from service.web.requests import request_id

MEDIA_TYPE = "application/problem+json"
_PAGE = "zhuanjie_error_page"
_LOG_IN_AGAIN_AFTER = "900"
_BY_STATUS = {
    404: "E_NOT_FOUND",
    405: "E_METHOD_NOT_ALLOWED",
    413: "E_REQUEST_TOO_LARGE",
    415: "E_MEDIA_TYPE",
    429: "E_RATE_LIMITED",
}
_MISSING = "Missing data for required field."
_UNKNOWN = "Unknown field."

ErrorPage = Callable[["Problem"], ResponseReturnValue]


@dataclass(frozen=True, slots=True)
class Problem:
    """What the one who asked is told; `title` is the sentence of the code without the particulars of the case."""

    code: str
    status: int
    title: str
    message_zh: str
    message_en: str
    errors: tuple[FieldError, ...]
    request_id: str

    def plain(self) -> dict[str, Any]:
        """The body of the answer."""
        return {
            "type": f"urn:zhuanjie:{self.code}",
            "title": self.title,
            "status": self.status,
            "code": self.code,
            "message_zh": self.message_zh,
            "message_en": self.message_en,
            "errors": [_plain(error) for error in self.errors],
            "request_id": self.request_id,
        }


def install(app: Flask) -> None:
    """Answer every refusal and every fault of an application."""
    app.register_error_handler(Exception, answer)


def show_with(app: Flask, page: ErrorPage) -> None:
    """Show problems outside the interface with a page of this application."""
    app.extensions[_PAGE] = page


def answer(error: Exception) -> ResponseReturnValue:
    """Answer one exception: as problem JSON for programs, as a page for people."""
    if isinstance(error, HTTPException) and (error.code or 500) < 400:
        return error  # the router sends the browser elsewhere
    problem = problem_of(error)
    page: ErrorPage | None = current_app.extensions.get(_PAGE)
    if page is None or request.path.startswith("/api/"):
        return respond(problem, error)
    return page(problem)


def problem_of(error: Exception) -> Problem:
    """Tell what is wrong; what nobody foresaw is logged and told without details."""
    if isinstance(error, Refused):
        refusal = error
    elif isinstance(error, HTTPException) and (error.code or 500) < 500:
        refusal = _translated(error)
    else:
        logs.fault(error)
        refusal = Refused("E_INTERNAL")
    return Problem(
        code=refusal.code,
        status=refusal.status,
        title=REFUSAL_TEXTS[refusal.code].en,
        message_zh=refusal.message_zh,
        message_en=refusal.message_en,
        errors=refusal.fields,
        request_id=request_id(),
    )


def respond(problem: Problem, error: Exception | None = None) -> Response:
    """The problem as JSON."""
    response = Response(json.dumps(problem.plain()), status=problem.status, mimetype=MEDIA_TYPE)
    if problem.code == "E_RATE_LIMITED":
        response.headers["Retry-After"] = _LOG_IN_AGAIN_AFTER
    if problem.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if problem.status == 405 and isinstance(error, HTTPException):
        response.headers.extend([each for each in error.get_headers() if each[0] == "Allow"])
    return response


def _translated(error: HTTPException) -> Refused:
    messages = (getattr(error, "data", None) or {}).get("messages")
    if not isinstance(messages, Mapping):
        return Refused(_BY_STATUS.get(error.code or 0, "E_QUERY_INVALID"))
    fields = [each for location, found in messages.items() for each in _field_errors(location, found)]
    code = "E_QUERY_INVALID" if "query" in messages or not fields else fields[0].code
    return Refused(code, fields=fields)


def _field_errors(location: str, found: Any, path: tuple[str, ...] = ()) -> Iterator[FieldError]:
    """Flatten what marshmallow found: names of fields, perhaps nested, down to lists of sentences."""
    if isinstance(found, Mapping):
        for name, inner in found.items():
            step = () if name in ("_schema", "value") else (str(name)[:80],)
            yield from _field_errors(location, inner, (*path, *step))
        return
    sentences = found if isinstance(found, Iterable) and not isinstance(found, str) else [found]
    for sentence in sentences:
        yield _field_error(location, ".".join(path) or None, sentence)


def _field_error(location: str, field: str | None, sentence: Any) -> FieldError:
    if isinstance(sentence, FieldError):
        return sentence
    if sentence == _MISSING:
        return FieldError("E_REQUIRED_FIELD", field)
    code = "E_QUERY_INVALID" if location == "query" or field is None else "E_FIELD_INVALID"
    if sentence == _UNKNOWN:
        return FieldError(code, field, zh="没有此字段", en="there is no such field")
    return FieldError(code, field, zh=str(sentence), en=str(sentence))


def _plain(error: FieldError) -> dict[str, str | None]:
    return {
        "field": error.field,
        "member": error.member,
        "code": error.code,
        "message_zh": error.message_zh,
        "message_en": error.message_en,
    }
