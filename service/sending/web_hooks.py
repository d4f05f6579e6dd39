"""The web hook of the member information system: told when a membership moves and when a transfer ends (R-049)."""

import hmac
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.sending.posting import encoded, post

_log = logging.getLogger(__name__)


def log_event(body: Mapping[str, Any], *, key: str) -> None:
    """Write it to the log: for a site without a member information system. Bodies hold ids, never personal data."""
    _log.info("event %s %s", body["event"], key)


@dataclass(frozen=True, slots=True)
class WebHook:
    """Posts the event, signed with the secret that sender and receiver share."""

    url: str
    secret: bytes = b""

    def __call__(self, body: Mapping[str, Any], *, key: str) -> None:
        """Send one; raises NotSent, Rejected."""
        text, headers = encoded({"key": key, **body}), {"Idempotency-Key": key}
        if self.secret:
            headers["X-Zhuanjie-Signature"] = f"sha256={hmac.digest(self.secret, text, 'sha256').hex()}"
        post(self.url, text, headers=headers)
