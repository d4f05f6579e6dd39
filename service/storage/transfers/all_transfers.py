"""Going through all transfers, whoever they belong to, for those who look whether history is sound."""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from service.domain.transfers.transfers import TransferState
from service.storage.db import execute, reading
from service.storage.transfers import transfers

_AT_ONCE = 1000


def ids() -> Iterator[int]:
    """The ids of all transfers in order, read a thousand at a time."""
    last = 0
    key = transfers.table.c.id
    while True:
        with reading():
            found = execute(sa.select(key).where(key > last).order_by(key).limit(_AT_ONCE)).scalars().all()
        yield from (int(each) for each in found)
        if len(found) < _AT_ONCE:
            return
        last = int(found[-1])


def completed_of(member_id: int) -> Sequence[int]:
    """The ids of a member's completed transfers, the last first; inside a reading or change."""
    known = transfers.table.c
    query = sa.select(known.id).where(known.member_id == member_id, known.status == TransferState.COMPLETED.value)
    return [int(each) for each in execute(query.order_by(known.id.desc())).scalars()]


def number() -> int:
    """How many transfers there are."""
    with reading():
        return int(execute(sa.select(sa.func.count()).select_from(transfers.table)).scalar_one())
