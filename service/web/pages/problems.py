"""Refusals and faults that no page of its own shows; who is not logged in is asked to log in."""

from http import HTTPStatus
from urllib.parse import urlencode

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.web.errors import Problem
from service.web.requests import is_safe


def show(problem: Problem) -> ResponseReturnValue:
    """The page of a problem, with its code and the id under which it stands in the log."""
    if problem.code == "E_LOGIN_REQUIRED":
        wanted = {"next": request.full_path.rstrip("?")} if is_safe() else {}
        return redirect(f"{url_for('log_in.show')}?{urlencode(wanted)}".rstrip("?"), code=303)
    # After a fault nothing is looked up any more: the database itself may be what failed.
    g.page_fails = problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return render_template("problem.html", problem=problem), problem.status
