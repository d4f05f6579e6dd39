"""Every refusal and every fault as one problem: a code, a sentence in two languages, the fields, the request id.

The body is that of RFC 9457; pages show the same values in their own dress.
"""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, current_app, json, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed
from werkzeug.routing import RequestRedirect

from service.domain.errors import FieldError, Refused
from service.domain.refusal_texts import REFUSAL_TEXTS
from service.web import logs, request_errors
from service.web.requests import request_id

MEDIA_TYPE = "application/problem+json"
_PAGE = "zhuanjie_error_page"
_FOR_PROGRAMS = ("/api/", "/healthz", "/readyz")
_LOG_IN_AGAIN_AFTER = "3600"

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
    if isinstance(error, RequestRedirect):
        return error  # the router sends the browser elsewhere
    problem = problem_of(error)
    page: ErrorPage | None = current_app.extensions.get(_PAGE)
    if page is None or request.path.startswith(_FOR_PROGRAMS):
        return respond(problem, error)
    try:
        return page(problem)
    except Exception as fault:  # noqa: BLE001 - when even the page of a problem fails, the problem is told as it is
        logs.fault(fault)
        return respond(problem, error)


def problem_of(error: Exception) -> Problem:
    """Tell what is wrong; a fault is logged and told without details."""
    if isinstance(error, Refused):
        refusal = error
    elif isinstance(error, HTTPException) and not isinstance(error, InternalServerError):
        refusal = request_errors.refusal_of(error)
    else:
        refusal = Refused("E_INTERNAL")
    if refusal.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        logs.fault(error)
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
    if problem.status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, MethodNotAllowed):
        response.allow.update(error.valid_methods or ())
    return response


def _plain(error: FieldError) -> dict[str, str | None]:
    return {
        "field": error.field,
        "member": error.member,
        "code": error.code,
        "message_zh": error.message_zh,
        "message_en": error.message_en,
    }
