"""How many short messages go out: in all within a minute, to one person within an hour (R-194).

What is too much waits, it is not lost. Several workers count what is delivered, not what each other is sending, so the
bound may be passed by what is under way at one moment.
"""

from collections import Counter
from datetime import datetime, timedelta

from service.storage.db import reading
from service.storage.messages import outbox
from service.storage.messages.outbox import Message
from service.use_cases.outbox.channels import SMS, Channels

_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)


class Rates:
    """Counts for one batch."""

    def __init__(self, channels: Channels, now: datetime) -> None:
        self._channels = channels
        self._now = now
        self._all: int | None = None
        self._each: Counter[str] = Counter()
        self._asked: set[str] = set()

    def pause(self, message: Message) -> datetime | None:
        """Until when a message must wait; None where it may go, which counts."""
        if message.kind != SMS or message.receiver is None:
            return None
        receiver = message.receiver
        self._ask(receiver)
        if self._each[receiver] >= self._channels.sms_per_hour_each:
            return self._now + _HOUR
        if self._all is not None and self._all >= self._channels.sms_per_minute:
            return self._now + _MINUTE
        self._each[receiver] += 1
        self._all = (self._all or 0) + 1
        return None

    def _ask(self, receiver: str) -> None:
        if receiver in self._asked:
            return
        self._asked.add(receiver)
        with reading():
            if self._all is None:
                self._all = outbox.sent_since(self._now - _MINUTE, kind=SMS)
            self._each[receiver] += outbox.sent_since(self._now - _HOUR, kind=SMS, receiver=receiver)
