"""The notices of the acting role: those to its organisation, and those to the person (R-192, R-193)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from service.domain.accounts.actors import Actor
from service.domain.deadlines.notices import NOTICE_TEXTS, NoticeKind
from service.domain.errors import Refused
from service.storage.db import reading, transaction
from service.storage.messages import notices
from service.storage.messages.notices import Notice, Receiver

PER_PAGE = 20
MOST_PER_PAGE = 200


@dataclass(frozen=True, slots=True)
class ShownNotice:
    """A notice with what it says."""

    notice: Notice
    message_zh: str
    message_en: str


@dataclass(frozen=True, slots=True)
class NoticePage:
    """One page of notices; pages count from 1."""

    items: Sequence[ShownNotice]
    total: int
    unread: int
    page: int
    per_page: int


def list_notices(*, actor: Actor, page: int = 1, per_page: int = PER_PAGE) -> NoticePage:
    """One page, the latest first; refuses E_QUERY_INVALID for an impossible page."""
    if page < 1 or not 1 <= per_page <= MOST_PER_PAGE:
        raise Refused("E_QUERY_INVALID", field="page")
    receiver = _receiver(actor)
    with reading():
        found = notices.to_receiver(receiver, limit=per_page, offset=(page - 1) * per_page)
        total, unread = notices.count(receiver), notices.count(receiver, is_unread=True)
    return NoticePage([_shown(each) for each in found], total, unread, page, per_page)


def count_unread(*, actor: Actor) -> int:
    """How many notices the acting role has not read."""
    with reading():
        return notices.count(_receiver(actor), is_unread=True)


def mark_read(*, actor: Actor, now: datetime, ids: Collection[int] | None = None, until: int | None = None) -> int:
    """Mark notices of the acting role as read, these or all up to one; answers how many are left unread.

    Notices of others are passed over without a word.
    """
    receiver = _receiver(actor)
    with transaction():
        notices.read_by(receiver, ids=ids, until=until, now=now)
        return notices.count(receiver, is_unread=True)


def _receiver(actor: Actor) -> Receiver:
    return Receiver(actor.account_id, actor.org.id if actor.org and actor.decides_for_org else None)


def _shown(notice: Notice) -> ShownNotice:
    text = NOTICE_TEXTS[NoticeKind(notice.kind)]
    return ShownNotice(notice, text.zh, text.en)
