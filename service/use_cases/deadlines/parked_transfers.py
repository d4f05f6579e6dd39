"""Transfers whose deadlines keep failing: shown to the operator, tried again when he says so."""

from collections.abc import Collection, Sequence

from service.storage import deadlines
from service.storage.db import reading, transaction
from service.storage.deadlines import Parked


def list_parked() -> Sequence[Parked]:
    """What is parked, the longest first."""
    with reading():
        return deadlines.parked()


def release_parked(transfer_ids: Collection[int] | None) -> int:
    """Let these, or all, be tried again with the next turn of a worker; answers how many there were."""
    with transaction():
        return deadlines.release(transfer_ids)
