"""The timers of open hops: claimed by any number of workers, parked when one keeps failing.

A claim lasts half a minute and only spreads the work; that an effect happens once is kept by the transaction that
writes it together with the next timer, under the lock of the transfer. What fails three times, or ends ten workers,
is parked: it waits for the operator and delays nobody.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from service.domain.deadlines.deadlines import Deadlines
from service.domain.transfers.transfers import TransferState
from service.storage.columns import Id, Instant
from service.storage.db import db, execute, is_sqlite
from service.storage.transfers import transfers

CLAIM_SECONDS = 30
MOST_FAULTS = 3
MOST_CLAIMS = 10
LONGEST_ERROR = 500

claims = sa.Table(
    "timer_claims",
    db.metadata,
    sa.Column("transfer_id", Id, sa.ForeignKey("transfers.id"), primary_key=True, autoincrement=False),
    sa.Column("claimed_until", Instant, nullable=False),
    sa.Column("claims", sa.SmallInteger, nullable=False),
    sa.Column("faults", sa.SmallInteger, nullable=False),
    sa.Column("last_error", sa.Text),
    sa.Column("parked_at", Instant),
)
_transfers = transfers.table
_FINAL = [state.value for state in TransferState if state.is_final]


@dataclass(frozen=True, slots=True)
class Parked:
    """A transfer whose timers were given up, since when, and what its last attempt said."""

    transfer_id: int
    parked_at: datetime
    faults: int
    claims: int
    last_error: str


def is_due(now: datetime) -> bool:
    """Whether any timer is due; a look that takes no lock."""
    return execute(_claimable(now).limit(1)).first() is not None


def claim(*, now: datetime, limit: int) -> Sequence[int]:
    """Take transfers whose timer is due for this worker; should it die, they are free again after half a minute."""
    query = _claimable(now).order_by(_transfers.c.timer_at, _transfers.c.id).limit(limit)
    if not is_sqlite():
        query = query.with_for_update(of=_transfers, skip_locked=True)
    found = list(execute(query).scalars())
    return [transfer_id for transfer_id in found if _is_taken(transfer_id, now)]


def done(transfer_id: int, *, timer_at: datetime | None) -> None:
    """Set the next timer of a locked transfer, and let go of the claim; in the transaction of the effects."""
    execute(sa.update(_transfers).where(_transfers.c.id == transfer_id).values(timer_at=timer_at))
    execute(sa.delete(claims).where(claims.c.transfer_id == transfer_id))


def plan(transfer_id: int, planned: Deadlines) -> None:
    """Set due time and timer of a locked transfer."""
    values = {"due_at": planned.due_at, "timer_at": planned.next_at}
    execute(sa.update(_transfers).where(_transfers.c.id == transfer_id).values(values))


def fail(transfer_id: int, *, error: str, now: datetime) -> bool:
    """Note a fault; answers whether the transfer is parked with it. The next attempt comes with the end of the claim."""
    values = {"faults": claims.c.faults + 1, "last_error": error[:LONGEST_ERROR]}
    execute(sa.update(claims).where(claims.c.transfer_id == transfer_id).values(values))
    return transfer_id in park_hopeless(now, among=(transfer_id,))


def park_hopeless(now: datetime, *, among: Collection[int] | None = None) -> Sequence[int]:
    """Park what failed too often, and what was claimed again and again without an end; answers what was parked."""
    lost = sa.and_(claims.c.claims >= MOST_CLAIMS, claims.c.claimed_until <= now)
    hopeless = sa.and_(claims.c.parked_at.is_(None), sa.or_(claims.c.faults >= MOST_FAULTS, lost))
    if among is not None:
        hopeless = sa.and_(hopeless, claims.c.transfer_id.in_(list(among)))
    query = sa.update(claims).where(hopeless).values(parked_at=now).returning(claims.c.transfer_id)
    return list(execute(query).scalars())


def parked(*, limit: int = 1000) -> Sequence[Parked]:
    """What is parked, the longest first."""
    names = tuple(Parked.__dataclass_fields__)
    query = _of_parked(*(claims.c[name] for name in names)).order_by(claims.c.parked_at, claims.c.transfer_id)
    rows = execute(query.limit(limit)).mappings()
    return [Parked(**{**row, "last_error": row["last_error"] or ""}) for row in rows]


def count_parked() -> int:
    """How many transfers are parked."""
    return int(execute(_of_parked(sa.func.count())).scalar_one())


def release(transfer_ids: Collection[int] | None) -> int:
    """Let these, or all that are parked, be tried again; answers how many there were."""
    query = sa.delete(claims).where(claims.c.parked_at.is_not(None))
    if transfer_ids is not None:
        query = query.where(claims.c.transfer_id.in_(list(transfer_ids)))
    return int(execute(query).rowcount)


def open_for_organisations(*, after: int, limit: int, is_unplanned: bool = False) -> Sequence[int]:
    """Unfinished transfers before an organisation, by key from `after` on; only those without any plan if so wished."""
    query = sa.select(_transfers.c.id).where(
        _transfers.c.id > after, _transfers.c.status.not_in(_FINAL), _transfers.c.holder_id.is_not(None)
    )
    if is_unplanned:
        query = query.where(_transfers.c.due_at.is_(None), _transfers.c.timer_at.is_(None))
    return list(execute(query.order_by(_transfers.c.id).limit(limit)).scalars())


def _claimable(now: datetime) -> sa.Select[Any]:
    free = sa.or_(claims.c.transfer_id.is_(None), sa.and_(claims.c.parked_at.is_(None), claims.c.claimed_until <= now))
    joined = _transfers.outerjoin(claims, claims.c.transfer_id == _transfers.c.id)
    return sa.select(_transfers.c.id).select_from(joined).where(_transfers.c.timer_at <= now, free)


def _is_taken(transfer_id: int, now: datetime) -> bool:
    # The row of the claim decides, not the look above: of two workers that saw the same one only one gets it.
    until = now + timedelta(seconds=CLAIM_SECONDS)
    values = {"transfer_id": transfer_id, "claimed_until": until, "claims": 1, "faults": 0}
    insert = (sqlite if is_sqlite() else postgresql).insert(claims).values(values)
    taken = insert.on_conflict_do_update(
        index_elements=["transfer_id"],
        set_={"claimed_until": until, "claims": claims.c.claims + 1},
        where=sa.and_(claims.c.parked_at.is_(None), claims.c.claimed_until <= now),
    )
    return execute(taken.returning(claims.c.transfer_id)).first() is not None


def _of_parked(*columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
    joined = claims.join(_transfers, _transfers.c.id == claims.c.transfer_id)
    return (
        sa.select(*columns)
        .select_from(joined)
        .where(claims.c.parked_at.is_not(None), _transfers.c.status.not_in(_FINAL))
    )
