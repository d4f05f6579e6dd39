"""Tell the operator that something waits for him: in the service, and by mail where there is a mail server."""

import logging
from datetime import datetime

from service.domain.clock import local_date
from service.domain.deadlines.notices import NoticeKind
from service.storage.messages import notices, outbox, receivers
from service.storage.messages.notices import Notice
from service.storage.messages.outbox import Message
from service.use_cases.outbox.channels import MAIL, Channels

_log = logging.getLogger(__name__)


def raise_alarm(
    kind: NoticeKind, *, key: str, now: datetime, channels: Channels, transfer_id: int | None = None
) -> None:
    """In the transaction of what went wrong; the same key raises it once."""
    _log.error("%s %s", kind.value, key)
    told = (
        Notice(kind.value, transfer_id, now, account_id=account, key=f"{key}:account:{account}")
        for account in receivers.system_administrators(on=local_date(now))
    )
    notices.add(told)
    if channels.mail is not None:
        payload = {"about": kind.value, "transfer": transfer_id}
        outbox.add_once([Message(f"{key}:mail", MAIL, payload)], now=now)
