"""Forget what is kept for a time only: answers, sessions, failures, delivered messages, read notices, stray uploads.

What tells of transfers themselves is never forgotten (R-218).
"""

from datetime import datetime, timedelta

from service.storage.accounts import accounts, captchas, codes, devices, limits
from service.storage.db import transaction
from service.storage.messages import notices, outbox
from service.storage.transfers import attachments, requests
from service.use_cases.administrators.change_grant import end_expired_grants

SESSION_KEPT = timedelta(days=7)
"""As long as the longest session that the settings allow."""
FAILURES_KEPT = timedelta(days=1)
CODES_KEPT = timedelta(days=7)
"""Behind their end, so that who brings an old one is told so."""
DEVICES_KEPT = timedelta(days=400)
MESSAGES_KEPT = timedelta(days=30)
READ_NOTICES_KEPT = timedelta(days=365)
LOOSE_FILES_KEPT = timedelta(days=1)
"""Uploads that came to belong to no transfer."""


def forget_old(*, now: datetime) -> int:
    """Drop what is old; answers how many rows it was. Each kind is a change of its own, so that none waits long."""
    dropped = 0
    with transaction():
        dropped += requests.forget(now)
    with transaction():
        dropped += accounts.forget_sessions(before=now - SESSION_KEPT)
    with transaction():
        dropped += limits.forget_old(before=now - FAILURES_KEPT)
    with transaction():
        dropped += captchas.forget_old(before=now)
        dropped += codes.forget_old(before=now - CODES_KEPT)
        dropped += devices.forget_old(before=now - DEVICES_KEPT)
    with transaction():
        dropped += outbox.forget_delivered(before=now - MESSAGES_KEPT)
    with transaction():
        dropped += notices.forget_read(before=now - READ_NOTICES_KEPT)
    with transaction():
        dropped += attachments.forget_loose(before=now - LOOSE_FILES_KEPT)
    return dropped + end_expired_grants(now=now)
