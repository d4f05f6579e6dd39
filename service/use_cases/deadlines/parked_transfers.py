"""Transfers whose deadlines keep failing: shown to the operator, tried again when he says so."""

from collections.abc import Collection, Sequence
from datetime import datetime

from service.storage import audit
from service.storage.db import reading, transaction
from service.storage.deadlines import deadlines
from service.storage.deadlines.deadlines import Parked


def list_parked() -> Sequence[Parked]:
    """What is parked, the longest first."""
    with reading():
        return deadlines.parked()


def release_parked(transfer_ids: Collection[int] | None, *, now: datetime) -> int:
    """Let these, or all, be tried again with the next turn of a worker; answers how many there were."""
    with transaction():
        number = deadlines.release(transfer_ids)
        if number:
            after = {"transfers": "all" if transfer_ids is None else sorted(transfer_ids), "number": number}
            subject = audit.Subject("deadlines", "parked")
            audit.append("release_parked", subject=subject, actor=None, now=now, after=after)
        return number
