"""Tells what is due of open hops: that one will be overdue or is, that a letter will expire or has (R-125, R-190).

Claiming and telling are two steps. The second takes the transfer under its lock, looks whether the timer is still
there, and writes notices and next timer together: whichever worker dies where, each is told once. A transfer at fault
is tried again and then parked; it holds up no other.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from service.domain.deadlines import deadlines as rules
from service.domain.deadlines.deadlines import Mark
from service.domain.deadlines.notices import NoticeKind
from service.storage.db import reading, transaction
from service.storage.deadlines import deadlines, workdays
from service.storage.messages import notices, receivers
from service.storage.messages.notices import Notice
from service.storage.transfers import transfers
from service.storage.transfers.transfer_rows import Stored
from service.use_cases.deployment import Deployment
from service.use_cases.outbox.channels import NO_CHANNELS, Channels
from service.use_cases.outbox.raise_alarm import raise_alarm
from service.use_cases.transfers import surroundings

BATCH = 25

_log = logging.getLogger(__name__)


def fire_deadlines(
    *, deployment: Deployment, now: datetime, channels: Channels = NO_CHANNELS, limit: int = BATCH
) -> int:
    """Tell what is due, the longest due first; answers how many transfers were claimed."""
    with reading():
        if not deadlines.is_due(now):
            return 0
    with transaction():
        for transfer_id in deadlines.park_hopeless(now):
            _alarm(transfer_id, now, channels)
        claimed = deadlines.claim(now=now, limit=limit)
    for transfer_id in claimed:
        try:
            fire(transfer_id, deployment=deployment, now=now)
        except Exception as error:  # noqa: BLE001 - one broken transfer must not hold up the others
            _log.exception("deadlines of transfer %s failed", transfer_id)
            _note(transfer_id, error, now, channels)
    return len(claimed)


def fire(transfer_id: int, *, deployment: Deployment, now: datetime) -> Sequence[Mark]:
    """Tell what is due of one transfer; answers what was told. Told already, or no longer due, it tells nothing."""
    with transaction():
        stored = transfers.lock(transfer_id)
        if stored.timer_at is None or stored.timer_at > now:
            deadlines.done(transfer_id, timer_at=stored.timer_at)
            return ()
        calendar = workdays.calendar(now)
        profile = surroundings.profile_of(stored.profile_digest, deployment)
        due = rules.due_at(stored.transfer, opened_at=stored.opened_at, profile=profile, calendar=calendar)
        ahead = rules.moments(stored.transfer, due=due, valid_until=stored.valid_until, calendar=calendar)
        marks = rules.reached(ahead, since=stored.timer_at, now=now)
        notices.add(notice for mark in marks for notice in _notices(mark, stored, now))
        deadlines.plan(transfer_id, rules.Deadlines(due, None))
        deadlines.done(transfer_id, timer_at=rules.next_after(ahead, now))
        return marks


def _notices(mark: Mark, stored: Stored, now: datetime) -> Iterator[Notice]:
    blank = Notice(mark.value, stored.id, now)
    for org_id in dict.fromkeys(_told(mark, stored)):
        yield replace(blank, org_id=org_id, key=f"{_occasion(mark, stored)}:org:{org_id}")


def _told(mark: Mark, stored: Stored) -> Iterator[int]:
    holder = stored.transfer.hop.org or stored.transfer.starter
    if holder is None:
        return
    yield holder.id
    if mark is Mark.OVERDUE and (superior := receivers.superior_of(holder.id)):
        yield superior
    # Who wrote the letter is the one who can write a new one.
    if mark is Mark.LETTER_EXPIRED and stored.transfer.letter is not None:
        yield stored.transfer.letter.issuer.id


def _occasion(mark: Mark, stored: Stored) -> str:
    # A hop is told of once, however often its days are counted anew; a letter once for each last day it had.
    of_letter = mark in (Mark.LETTER_EXPIRES, Mark.LETTER_EXPIRED)
    which = f"{stored.letter_id}:{stored.valid_until}" if of_letter else ""
    return f"deadline:{stored.id}:{stored.opened_at:%Y%m%d%H%M%S%f}:{mark}:{which}"


def _note(transfer_id: int, error: Exception, now: datetime, channels: Channels) -> None:
    with transaction():
        if deadlines.fail(transfer_id, error=f"{type(error).__name__}: {error}", now=now):
            _alarm(transfer_id, now, channels)


def _alarm(transfer_id: int, now: datetime, channels: Channels) -> None:
    key = f"parked:{transfer_id}:{now.timestamp():.0f}"
    raise_alarm(NoticeKind.TIMER_PARKED, key=key, now=now, channels=channels, transfer_id=transfer_id)
