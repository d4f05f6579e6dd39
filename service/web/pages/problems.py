"""Refusals and faults that no page of its own shows; who is not logged in is asked to log in."""

from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

from flask import current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.web.errors import Problem
from service.web.requests import is_safe

_AWAITED = {
    "E_PASSWORD_MUST_CHANGE": "account.password",
    "E_SECOND_FACTOR_REQUIRED": "second_factors.ask",
    "E_SECOND_FACTOR_MISSING": "second_factors.choose",
}
"""Where what is awaited of a session is done."""


def show(problem: Problem) -> ResponseReturnValue:
    """The page of a problem, with its code and the id under which it stands in the log."""
    if problem.code == "E_LOGIN_REQUIRED":
        wanted = {"next": request.full_path.rstrip("?")} if is_safe() else {"next": _page_before(), "ended": "yes"}
        return redirect(f"{url_for('log_in.show')}?{urlencode(wanted)}", code=303)
    if problem.code in _AWAITED:
        return redirect(url_for(_AWAITED[problem.code]), code=303)
    # After a fault nothing is looked up any more: the database itself may be what failed.
    g.page_fails = problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return render_template("problem.html", problem=problem), problem.status


def _page_before() -> str:
    """The page from which a form was sent, to begin there again; the first one where that cannot be opened."""
    before = urlsplit(request.referrer or "")
    adapter = current_app.create_url_adapter(request)
    if before.netloc != request.host or adapter is None or not adapter.test(before.path, "GET"):
        return "/"
    return f"{before.path}?{before.query}".rstrip("?")
