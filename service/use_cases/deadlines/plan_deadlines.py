"""Plans the deadlines of open hops anew: after a change of the working days, and where an upgrade left them unplanned."""

import logging
from collections.abc import Sequence
from datetime import datetime

from service.domain.deadlines import deadlines as rules
from service.domain.deadlines.deadlines import Deadlines
from service.storage.db import reading, transaction
from service.storage.deadlines import deadlines, workdays
from service.storage.transfers import transfers
from service.storage.transfers.transfer_rows import Stored
from service.use_cases.deployment import Deployment
from service.use_cases.transfers import surroundings

BATCH = 200

_log = logging.getLogger(__name__)


def plan_deadlines(*, deployment: Deployment, now: datetime, is_unplanned: bool = False) -> int:
    """Plan all open hops, or only those without any plan; answers how many were planned.

    What was told stays told. A transfer that cannot be planned is passed over; its timer tells of it.
    """
    planned = last = 0
    while True:
        with reading():
            found = deadlines.open_for_organisations(after=last, limit=BATCH, is_unplanned=is_unplanned)
        if not found:
            return planned
        planned += _plan(found, deployment, now)
        last = found[-1]


def planned_for(stored: Stored, deployment: Deployment, now: datetime) -> Deadlines:
    """The deadlines of a stored transfer by the working days as they are now."""
    profile = surroundings.profile_of(stored.profile_digest, deployment)
    calendar = workdays.calendar(now)
    return rules.plan(
        stored.transfer, opened_at=stored.opened_at, valid_until=stored.valid_until, profile=profile, calendar=calendar
    )


def _plan(transfer_ids: Sequence[int], deployment: Deployment, now: datetime) -> int:
    planned = 0
    for transfer_id in transfer_ids:
        with transaction():
            try:
                deadlines.plan(transfer_id, planned_for(transfers.lock(transfer_id), deployment, now))
            except (LookupError, ValueError):
                _log.exception("deadlines of transfer %s cannot be planned", transfer_id)
            else:
                planned += 1
    return planned
