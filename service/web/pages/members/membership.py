"""States of a membership on pages: full membership, suspension, resumption, the end (R-045, R-046)."""

from collections.abc import Callable
from datetime import date

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from service.domain.errors import Refused
from service.domain.members.members import MemberStatus
from service.use_cases.members.change_membership import become_full, change_status
from service.web import sessions
from service.web.deployed import deployment, now
from service.web.pages.members.members import page
from service.web.requests import LARGEST_ID

_MEMBER = f"/members/<int(max={LARGEST_ID}):member_id>"

blueprint = Blueprint("membership", __name__)


@blueprint.post(f"{_MEMBER}/full-membership")
def full(member_id: int) -> ResponseReturnValue:
    """A probationary member has become full; a refusal is shown on his page."""

    def work() -> None:
        become_full(member_id, _day("full_on"), actor=sessions.actor(), now=now(), deployment=deployment())

    return _done(member_id, "full", work)


@blueprint.post(f"{_MEMBER}/membership")
def change(member_id: int) -> ResponseReturnValue:
    """Suspend, resume or end a membership; a refusal is shown on his page."""

    def work() -> None:
        wanted, on = request.form.get("status", ""), _day("on")
        missing = "status" if wanted not in set(MemberStatus) else "on" if on is None else None
        if on is None or missing:
            raise Refused("E_REQUIRED_FIELD", field=missing)
        status = MemberStatus(wanted)
        change_status(member_id, status, on=on, actor=sessions.actor(), now=now(), deployment=deployment())

    return _done(member_id, "changed", work)


def _done(member_id: int, said: str, work: Callable[[], None]) -> ResponseReturnValue:
    try:
        work()
    except Refused as refusal:
        return page(member_id, refusal=refusal), refusal.status
    return redirect(url_for("members.show", member_id=member_id, done=said), code=303)


def _day(name: str) -> date | None:
    text = request.form.get(name, "")[:10]
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Refused("E_FIELD_INVALID", field=name, detail_zh=text, detail_en=text) from error
