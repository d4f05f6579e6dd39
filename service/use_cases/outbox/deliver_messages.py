"""Deliver what is due in the outbox, at least once; what fails is tried again later and later.

Claiming, delivering and noting are three steps: nothing is sent inside a transaction, and a worker that dies in
between leaves messages that fall due again. The key of a message lets its receiver drop a repeat.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from service.domain.deadlines.notices import NoticeKind
from service.sending.failures import Rejected
from service.storage.db import reading, transaction
from service.storage.messages import outbox
from service.storage.messages.outbox import Message
from service.use_cases.outbox.channels import MAIL, NO_CHANNELS, Channels
from service.use_cases.outbox.raise_alarm import raise_alarm
from service.use_cases.outbox.rates import Rates

BATCH = 10
"""So few that even a receiver that never answers lets go of them before the claim ends."""

Deliver = Callable[[Message], None]
"""An adapter that sends one message; whatever it raises is a failed attempt, Rejected the last one."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Outcome:
    message: Message
    error: str = ""
    is_final: bool = False
    wait_until: datetime | None = None


def deliver_messages(
    *,
    deliver: Deliver,
    now: datetime,
    limit: int = BATCH,
    kinds: Iterable[str] | None = None,
    channels: Channels = NO_CHANNELS,
) -> int:
    """Deliver due messages, oldest first; answers how many were claimed."""
    with transaction():
        claimed = outbox.claim(now=now, limit=limit, kinds=kinds)
    if not claimed:
        return 0
    rates = Rates(channels, now)
    outcomes = [_attempt(message, deliver, rates) for message in claimed]
    _note(outcomes, now, channels)
    return len(claimed)


def is_any_due(now: datetime, kinds: Iterable[str]) -> bool:
    """Whether there is anything to do; a look that takes no lock."""
    with reading():
        return not outbox.kinds_due(now).isdisjoint(kinds)


def _attempt(message: Message, deliver: Deliver, rates: Rates) -> _Outcome:
    if until := rates.pause(message):
        return _Outcome(message, wait_until=until)
    try:
        deliver(message)
    except Rejected as error:
        _log.warning("message %s rejected: %s", message.key, error)
        return _Outcome(message, f"Rejected: {error}", is_final=True)
    except Exception as error:  # noqa: BLE001 - whatever a receiver does must not end the worker
        _log.warning("message %s not delivered: %s", message.key, type(error).__name__)
        return _Outcome(message, f"{type(error).__name__}: {error}")
    return _Outcome(message)


def _note(outcomes: Sequence[_Outcome], now: datetime, channels: Channels) -> None:
    with transaction():
        sent = [each.message.id for each in outcomes if not each.error and each.wait_until is None]
        outbox.delivered(sent, now=now)
        for each in outcomes:
            if each.wait_until is not None:
                outbox.postpone(each.message, until=each.wait_until)
            elif each.error:
                dead = outbox.failed(each.message, error=each.error, now=now, is_final=each.is_final)
                # A mail that cannot be sent is no reason to send a mail.
                silent = Channels() if each.message.kind == MAIL else channels
                if dead:
                    key = f"dead:{each.message.id}:{now.timestamp():.0f}"
                    raise_alarm(NoticeKind.MESSAGE_DEAD, key=key, now=now, channels=silent)
