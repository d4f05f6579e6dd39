"""The lists: to-do, handled, not reported, history, own."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.domain.clock import local_date
from service.domain.errors import Refused
from service.storage.inbox import InboxRow
from service.use_cases.transfers.list_inbox import ListName, list_transfers
from service.web import sessions
from service.web.deployed import deployment, now
from service.web.pages.answers import whole_number

_NEAR, _DUE = 10, 3
_FULL = 30
_WIDTH = 100

blueprint = Blueprint("lists", __name__)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list; `days_left` of the letter is negative once it has expired, None without a letter."""

    row: InboxRow
    waiting_days: int
    days_left: int | None

    @property
    def tone(self) -> str:
        """How urgent the letter is."""
        if self.days_left is None or self.days_left > _NEAR:
            return "calm"
        return "due" if self.days_left <= _DUE else "near"

    @property
    def width(self) -> int:
        """Length of the bar, percent."""
        left = max(0, min(self.days_left or 0, _FULL))
        return max(8, _WIDTH - left * _WIDTH // _FULL)


@blueprint.get("/")
def first() -> ResponseReturnValue:
    """The list to begin with: the organisation's work, or the member's own transfers."""
    name = ListName.TO_DO if sessions.actor().decides_for_org else ListName.OWN
    return redirect(url_for("lists.show", name=name.value), code=303)


@blueprint.get("/lists/<name>")
def show(name: str) -> ResponseReturnValue:
    """One page of a list; refuses E_NOT_FOUND, E_QUERY_INVALID."""
    if name not in set(ListName):
        raise Refused("E_NOT_FOUND")
    number = request.args.get("page", "1")
    page = whole_number(number) or 0
    found = list_transfers(ListName(name), actor=sessions.actor(), deployment=deployment(), page=page)
    lines = [_line(row, local_date(now())) for row in found.items]
    last = max(1, -(-found.total // found.per_page))
    return render_template("list.html", name=ListName(name), found=found, lines=lines, last=last)


def _line(row: InboxRow, today: date) -> Line:
    left = (row.valid_until - today).days if row.valid_until else None
    return Line(row, (today - local_date(row.opened_at)).days, left)
