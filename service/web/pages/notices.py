"""Notices of the acting role, and the messages that wait for the system administrator."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.domain.errors import Refused
from service.use_cases.notices.list_notices import list_notices, mark_read
from service.use_cases.outbox.dead_messages import list_dead, require_operator, resend_dead
from service.web import sessions
from service.web.deployed import now
from service.web.pages.answers import whole_number

blueprint = Blueprint("notices", __name__)


@blueprint.get("/notices")
def show() -> ResponseReturnValue:
    """What the acting organisation and the person were told; refuses E_QUERY_INVALID."""
    found = list_notices(actor=sessions.actor(), page=_page())
    return render_template("notices.html", found=found, last=_last(found.total, found.per_page))


@blueprint.post("/notices")
def read() -> ResponseReturnValue:
    """Mark as read all that the page showed and what was told before."""
    until = whole_number(request.form.get("until", "")) or 0
    mark_read(actor=sessions.actor(), now=now(), until=until)
    return redirect(url_for("notices.show"), code=303)


@blueprint.get("/messages")
def dead() -> ResponseReturnValue:
    """Messages that were given up; refuses E_FORBIDDEN, E_QUERY_INVALID."""
    require_operator(sessions.actor())
    found = list_dead(page=_page())
    return render_template("messages.html", found=found, last=_last(found.total, found.per_page))


@blueprint.post("/messages")
def resend() -> ResponseReturnValue:
    """Send one of them again, or all; refuses E_FORBIDDEN, E_NOT_FOUND."""
    wanted = request.form.get("id", "")
    number = whole_number(wanted)
    if number is None and wanted != "all":
        raise Refused("E_NOT_FOUND")
    resend_dead(None if number is None else [number], now=now(), actor=sessions.actor())
    return redirect(url_for("notices.dead"), code=303)


def _page() -> int:
    return whole_number(request.args.get("page", "1")) or 0


def _last(total: int, per_page: int) -> int:
    return max(1, -(-total // per_page))
