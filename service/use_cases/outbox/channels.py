"""The ways out of the house that this deployment has; what it has not is left out (R-049, R-192, R-194)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from service.sending.web_hooks import log_event

SMS, MAIL = "sms", "mail"
EVENTS = frozenset({"membership_moved", "membership_left", "transfer_completed"})
"""Messages for the member information system (R-049)."""
NOTICE = "notice"
"""Messages that the service itself takes up: somebody is to be told."""


class SendText(Protocol):
    """Sends a text to a telephone, or a subject and a text to the operator; the key lets the receiver drop a repeat."""

    def __call__(self, first: str, text: str, /, *, key: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Channels:
    """`sms` and `mail` are None where nothing is sent; the rates bound short messages in all and to one person."""

    sms: SendText | None = None
    mail: SendText | None = None
    event: Callable[..., None] = log_event
    sms_per_minute: int = 120
    sms_per_hour_each: int = 20

    @property
    def kinds(self) -> tuple[frozenset[str], ...]:
        """Which messages go one after the other; a channel that hangs holds up no other."""
        return (EVENTS, frozenset({SMS}), frozenset({MAIL}))


NO_CHANNELS = Channels()
