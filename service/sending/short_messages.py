"""Short messages: written to the log, or handed to the HTTP gateway of the site (R-192, R-194)."""

import logging
from dataclasses import dataclass

from service.sending.discretion import require_discreet
from service.sending.posting import encoded, post

_log = logging.getLogger(__name__)
_SHOWN_DIGITS = 4


def log_short_message(phone: str, text: str, *, key: str) -> None:
    """Write it to the log: for a site without a gateway, and for trying things out."""
    require_discreet(text)
    _log.info("short message %s to *%s: %s", key, phone[-_SHOWN_DIGITS:], text)


@dataclass(frozen=True, slots=True)
class HttpGateway:
    """Posts `{"key", "phone", "text"}`; the gateway drops a repeat of a key it has seen."""

    url: str
    token: str = ""

    def __call__(self, phone: str, text: str, *, key: str) -> None:
        """Send one; raises NotSent, Rejected."""
        require_discreet(text)
        headers = {"Idempotency-Key": key}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        post(self.url, encoded({"key": key, "phone": phone, "text": text}), headers=headers)
