"""The sessions of a person: he sees where he is logged in, and ends what he no longer wants (security 2.5)."""

from collections.abc import Sequence
from datetime import datetime

from service.domain.errors import Refused
from service.storage import audit
from service.storage.accounts import devices, session_lists
from service.storage.accounts.session_lists import OpenSession
from service.storage.audit import Subject
from service.storage.db import reading, transaction
from service.use_cases.accounts.who_acts import ActingSession, Limits


def list_sessions(*, acting: ActingSession, limits: Limits, now: datetime) -> Sequence[OpenSession]:
    """His sessions that still open something, the one used last first."""
    with reading():
        return session_lists.of_account(
            acting.account.id, seen_since=now - limits.idle, created_since=now - limits.absolute
        )


def end_session(key: str, *, acting: ActingSession, now: datetime) -> None:
    """End one of them; refuses E_NOT_FOUND for any other."""
    with transaction():
        if not session_lists.end(acting.account.id, key):
            raise Refused("E_NOT_FOUND")
        _note("end_session", acting, now)


def end_other_sessions(token: str, *, acting: ActingSession, now: datetime) -> int:
    """End all but this one, and know no other device any more; answers how many there were."""
    with transaction():
        ended = session_lists.end_others(acting.account.id, keep=session_lists.key_of(token))
        devices.forget_of(acting.account.id)
        _note("end_sessions", acting, now)
    return ended


def _note(action: str, acting: ActingSession, now: datetime) -> None:
    audit.append(action, subject=Subject("account", str(acting.account.id)), actor=acting.actor, now=now)
