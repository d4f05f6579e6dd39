"""What an auditor reads: the transfers of his scope, and each replayed step by step (R-215–R-217)."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.use_cases.history.list_audited import list_audited
from service.use_cases.history.replay_transfer import replay_transfer
from service.use_cases.transfers.show_transfer import show_transfer
from service.web import sessions
from service.web.deployed import deployment
from service.web.pages.answers import whole_number
from service.web.requests import LARGEST_ID

blueprint = Blueprint("audits", __name__)


@blueprint.get("/audit")
def listed() -> ResponseReturnValue:
    """One page of them, or the one whose number is asked for; refuses E_FORBIDDEN, E_QUERY_INVALID."""
    number = whole_number(request.args.get("number", "").strip())
    if number is not None:
        return redirect(url_for("transfers.show", transfer_id=number), code=303)
    page = whole_number(request.args.get("page", "1")) or 0
    found = list_audited(actor=sessions.actor(), deployment=deployment(), page=page)
    return render_template("audit_list.html", found=found, last=max(1, -(-found.total // found.per_page)))


@blueprint.get(f"/transfers/<int(max={LARGEST_ID}):transfer_id>/replay")
def replay(transfer_id: int) -> ResponseReturnValue:
    """How it came to stand as it does, replayed from its history; refuses E_FORBIDDEN, E_NOT_FOUND."""
    done = replay_transfer(transfer_id, actor=sessions.actor(), deployment=deployment())
    view = show_transfer(transfer_id, actor=sessions.actor(), deployment=deployment())
    told = {event.seq: event for event in view.events}
    return render_template("replay.html", replay=done, view=view, told=told)
