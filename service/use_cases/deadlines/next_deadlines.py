"""The deadlines of a transfer after a change, stored with the change itself; no statement of its own is needed."""

from datetime import date, datetime

from service.domain.deadlines import deadlines as rules
from service.domain.deadlines.deadlines import Deadlines
from service.domain.transfers.context import Context
from service.storage.deadlines import workdays
from service.storage.transfers.transfer_rows import Stored


def next_deadlines(
    before: Stored, after: Context, *, opened_at: datetime, valid_until: date | None, now: datetime
) -> Deadlines:
    """Plan the hop that is open after the change; where the same one stays open, what is due of it stays due."""
    planned = rules.plan(
        after.transfer,
        opened_at=opened_at,
        valid_until=valid_until,
        profile=after.profile,
        calendar=workdays.calendar(now),
    )
    if opened_at != before.opened_at or planned.next_at is None or before.timer_at is None:
        return planned
    if before.timer_at <= now:
        return Deadlines(planned.due_at, before.timer_at)
    ahead = rules.moments(after.transfer, due=planned.due_at, valid_until=valid_until, calendar=workdays.calendar(now))
    return Deadlines(planned.due_at, rules.next_after(ahead, now))
