"""When an open hop is due, and what is told on the way there (R-125, R-190).

An organisation may hold a hop for `supervision.overdue_days` working days; the day it opened does not count. What
waits for somebody outside is due after a month, as a receipt is. The applicant himself is under no deadline.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from service.domain.clock import ZONE, local_date
from service.domain.deadlines.workdays import Calendar
from service.domain.letters.letters import LetterState
from service.domain.profile import Profile
from service.domain.routes.hops import HopRole
from service.domain.transfers.transfers import Transfer

REMIND_WORKING_DAYS = 3
RECEIPT_DAYS = 30
EXPIRES_SOON_DAYS = 3
_OUTSIDE_ROLES = frozenset({HopRole.RECORD_RECEIPT, HopRole.CONFIRM_OUTSIDE})


class Mark(StrEnum):
    """What is told of an open hop at its moment, and what lists show from then on."""

    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    LETTER_EXPIRES = "letter_expires"
    LETTER_EXPIRED = "letter_expired"


class LetterMark(StrEnum):
    """How a list shows the letter that travels with an item (R-125)."""

    VALID = "valid"
    EXPIRES_SOON = "expires_soon"
    EXPIRED = "expired"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment at which something is told of a hop."""

    at: datetime
    mark: Mark


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Of an open hop: `due_at` is the end of its last day, `next_at` the next moment at which something is told."""

    due_at: datetime | None = None
    next_at: datetime | None = None


def plan(
    transfer: Transfer, *, opened_at: datetime, valid_until: date | None, profile: Profile, calendar: Calendar
) -> Deadlines:
    """The deadlines of a hop that has just opened."""
    due = due_at(transfer, opened_at=opened_at, profile=profile, calendar=calendar)
    ahead = moments(transfer, due=due, valid_until=valid_until, calendar=calendar)
    return Deadlines(due, next_after(ahead, opened_at))


def due_at(transfer: Transfer, *, opened_at: datetime, profile: Profile, calendar: Calendar) -> datetime | None:
    """The end of the last day on which the current hop is not overdue; None where nobody is held to one."""
    if not _is_open_for_organisation(transfer):
        return None
    opened = local_date(opened_at)
    if transfer.hop.role in _OUTSIDE_ROLES:
        return end_of(opened + timedelta(days=RECEIPT_DAYS))
    days = profile.number("supervision.overdue_days")
    return None if days is None else end_of(calendar.onwards(opened, days))


def moments(
    transfer: Transfer, *, due: datetime | None, valid_until: date | None, calendar: Calendar
) -> Sequence[Moment]:
    """All moments of the current hop, in order."""
    if not _is_open_for_organisation(transfer):
        return ()
    found = []
    if due is not None:
        last_day = local_date(due - timedelta(microseconds=1))
        found.append(Moment(start_of(calendar.backwards(last_day, REMIND_WORKING_DAYS)), Mark.DUE_SOON))
        found.append(Moment(due, Mark.OVERDUE))
    if valid_until is not None and _is_travelling(transfer):
        found.append(Moment(start_of(valid_until - timedelta(days=EXPIRES_SOON_DAYS)), Mark.LETTER_EXPIRES))
        found.append(Moment(end_of(valid_until), Mark.LETTER_EXPIRED))
    return tuple(sorted(found, key=lambda each: each.at))


def next_after(ahead: Sequence[Moment], moment: datetime) -> datetime | None:
    """The first of these moments that lies after this one."""
    return next((each.at for each in ahead if each.at > moment), None)


def reached(ahead: Sequence[Moment], *, since: datetime, now: datetime) -> Sequence[Mark]:
    """What is to be told now: the moments from the planned one on that have come.

    Whoever was away for long tells of what still holds: a letter that has expired does not expire soon.
    """
    marks = [each.mark for each in ahead if since <= each.at <= now]
    passed = {Mark.DUE_SOON: Mark.OVERDUE, Mark.LETTER_EXPIRES: Mark.LETTER_EXPIRED}
    return tuple(mark for mark in marks if passed.get(mark) not in marks)


def letter_mark(valid_until: date | None, *, today: date, profile: Profile) -> LetterMark | None:
    """How a list shows a letter; BLOCKED where one that has expired stops approving and receiving (R-125, C-39)."""
    if valid_until is None:
        return None
    if valid_until < today:
        return LetterMark.BLOCKED if profile.choice("letter.on_expiry") == "block" else LetterMark.EXPIRED
    near = valid_until <= today + timedelta(days=EXPIRES_SOON_DAYS)
    return LetterMark.EXPIRES_SOON if near else LetterMark.VALID


def start_of(day: date) -> datetime:
    """The first moment of a day in Asia/Shanghai."""
    return datetime.combine(day, time(), ZONE)


def end_of(day: date) -> datetime:
    """The moment a day in Asia/Shanghai is over, 24:00 (R-165)."""
    return start_of(day + timedelta(days=1))


def _is_travelling(transfer: Transfer) -> bool:
    # A letter that came back waits to be replaced; once the member has left with it, only the receipt counts.
    letter = transfer.letter
    return letter is not None and letter.state is LetterState.ISSUED and transfer.hop.role not in _OUTSIDE_ROLES


def _is_open_for_organisation(transfer: Transfer) -> bool:
    if transfer.state.is_final or not transfer.hops:
        return False
    return (transfer.hop.org or transfer.starter) is not None
