"""Deliver what is due in the outbox, at least once; what fails is tried again later and later.

Claiming, delivering and noting are three steps: nothing is sent inside a transaction, and a worker that dies in
between leaves messages that fall due again. The key of a message lets its receiver drop a repeat.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from service.storage import outbox
from service.storage.db import transaction
from service.storage.outbox import Message

BATCH = 100

Deliver = Callable[[Message], None]
"""An adapter that sends one message; whatever it raises is a failed attempt."""

_log = logging.getLogger(__name__)


def deliver_messages(*, deliver: Deliver, now: datetime, limit: int = BATCH) -> int:
    """Deliver due messages, oldest first; answers how many were claimed."""
    with transaction():
        claimed = outbox.claim(now=now, limit=limit)
    if not claimed:
        return 0
    outcomes = [(message, _attempt(message, deliver)) for message in claimed]
    _note(outcomes, now)
    return len(claimed)


def _attempt(message: Message, deliver: Deliver) -> str:
    """Answer what went wrong, or nothing."""
    try:
        deliver(message)
    except Exception as error:  # noqa: BLE001 - whatever a receiver does must not end the worker
        _log.warning("message %s not delivered: %s", message.key, error)
        return f"{type(error).__name__}: {error}"
    return ""


def _note(outcomes: Sequence[tuple[Message, str]], now: datetime) -> None:
    with transaction():
        outbox.delivered([message.id for message, error in outcomes if not error], now=now)
        for message, error in outcomes:
            if error:
                outbox.failed(message, error=error, now=now)
