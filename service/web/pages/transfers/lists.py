"""The lists: to-do, handled, not reported, history, own."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.domain.clock import local_date
from service.domain.errors import Refused
from service.domain.transfers import sight
from service.storage.transfers.inbox import InboxRow
from service.use_cases.transfers.inbox_marks import Marks, marks_of
from service.use_cases.transfers.list_inbox import ListName, Page, Sought, list_transfers
from service.web import sessions
from service.web.deployed import deployment, now
from service.web.pages import desk
from service.web.pages.answers import plain_text, whole_number

_NEAR, _DUE = 10, 3
_FULL = 30
_WIDTH = 100
_LONGEST = 100

blueprint = Blueprint("lists", __name__)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list; `days_left` of the letter is negative once it has expired, None without a letter."""

    row: InboxRow
    waiting_days: int
    days_left: int | None
    marks: Marks

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
    """Where to begin: the organisation's work, the member's own transfers where he may follow them, or what a role may."""
    actor = sessions.actor()
    if desk.is_for(actor):
        return redirect(url_for("desk.show"), code=303)
    if not sight.follows_progress(actor, deployment().profile):
        return redirect(url_for("account.show"), code=303)
    name = ListName.TO_DO if actor.decides_for_org else ListName.OWN
    return redirect(url_for("lists.show", name=name.value), code=303)


@blueprint.get("/lists/<name>")
def show(name: str) -> ResponseReturnValue:
    """One page of a list; refuses E_NOT_FOUND, E_QUERY_INVALID."""
    if name not in set(ListName):
        raise Refused("E_NOT_FOUND")
    page = whole_number(request.args.get("page", "1")) or 0
    found = list_transfers(ListName(name), actor=sessions.actor(), deployment=deployment(), page=page)
    return _page(ListName(name), found)


@blueprint.post("/lists/not_reported")
def search() -> ResponseReturnValue:
    """Received members found by exact name or number (R-124); posted, so that no address holds the number."""
    name, number = (plain_text(request.form.get(field, "").strip(), longest=_LONGEST) for field in ("name", "number"))
    wanted = ListName.NOT_REPORTED
    found = list_transfers(wanted, actor=sessions.actor(), deployment=deployment(), sought=Sought(name, number))
    return _page(wanted, found, sought=name)


def _page(name: ListName, found: Page, *, sought: str = "") -> str:
    lines = [_line(row, now()) for row in found.items]
    last = max(1, -(-found.total // found.per_page))
    return render_template("list.html", name=name, found=found, lines=lines, last=last, sought=sought)


def _line(row: InboxRow, moment: datetime) -> Line:
    today = local_date(moment)
    left = (row.valid_until - today).days if row.valid_until else None
    marks = marks_of(row, profile=deployment().profile, now=moment)
    return Line(row, (today - local_date(row.opened_at)).days, left, marks)
