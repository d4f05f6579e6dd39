"""The history of each transfer: events that can only be added, each bound to the one before by its hash (R-214)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from service.domain.transfers.events import ALGORITHM, CHAIN_VERSION, GENESIS, canonical_record, event_hash
from service.storage.columns import Id, Instant, written
from service.storage.db import db, execute
from service.storage.prepared import Prepared

table = sa.Table(
    "events",
    db.metadata,
    sa.Column("transfer_id", Id, sa.ForeignKey("transfers.id"), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("account_id", Id, nullable=False),
    sa.Column("role", sa.String(24), nullable=False),
    sa.Column("acting_org", sa.String(32)),
    sa.Column("action", sa.String(24), nullable=False),
    sa.Column("position", sa.SmallInteger, nullable=False),
    sa.Column("from_state", sa.String(32), nullable=False),
    sa.Column("to_state", sa.String(32), nullable=False),
    sa.Column("letter_no", sa.String(24)),
    sa.Column("is_automatic", sa.Boolean, nullable=False),
    sa.Column("diagram_digest", sa.String(64), nullable=False),
    sa.Column("record", sa.Text, nullable=False),
    sa.Column("sealed", sa.LargeBinary),
    sa.Column("chain_version", sa.SmallInteger, nullable=False),
    sa.Column("algorithm", sa.String(16), nullable=False),
    sa.Column("previous_hash", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
)


_APPEND = Prepared(sa.insert(table).inline(), columns=table.c.keys())


@dataclass(frozen=True, slots=True)
class Event:
    """One step as history keeps it.

    `record` holds the calls of script functions with their arguments, context digest, facts and effects, and
    what else explains the step; `sealed` the reason, opinion and answers under the person's data key.
    """

    transfer_id: int
    at: datetime
    account_id: int
    role: str
    acting_org: str | None
    action: str
    position: int
    from_state: str
    to_state: str
    diagram_digest: str
    record: Mapping[str, Any]
    sealed: bytes | None = None
    letter_no: str | None = None
    is_automatic: bool = False
    seq: int = 0
    previous_hash: str = GENESIS
    hash: str = ""


def append(events: Sequence[Event], *, last_seq: int, last_hash: str) -> tuple[int, str]:
    """Add events behind the last one; return the new last number and hash."""
    rows, seq, previous = [], last_seq, last_hash or GENESIS
    for event in events:
        seq += 1
        row = _row(event, seq, previous)
        previous = event_hash(_hashed(row))
        rows.append({**row, "hash": previous})
    _APPEND.run_each(rows)
    return seq, previous


def of_transfer(transfer_id: int) -> Sequence[Event]:
    """All events of a transfer in order."""
    query = sa.select(table).where(table.c.transfer_id == transfer_id).order_by(table.c.seq)
    return [_event(row) for row in execute(query).mappings()]


def first_fault(transfer_id: int) -> int | None:
    """Number of the first event that does not fit the chain, None when the whole history is sound."""
    previous, expected = GENESIS, 1
    query = sa.select(table).where(table.c.transfer_id == transfer_id).order_by(table.c.seq)
    for row in execute(query).mappings():
        values = dict(row)
        recorded = values.pop("hash")
        fits = values["seq"] == expected and values["previous_hash"] == previous
        if not fits or event_hash(_hashed(values)) != recorded:
            return int(values["seq"])
        previous, expected = recorded, expected + 1
    head = sa.text("SELECT last_seq, last_hash FROM transfers WHERE id = :id")
    found = execute(head, {"id": transfer_id}).first()
    if found is not None and tuple(found) != (expected - 1, previous):
        return expected
    return None


def _row(event: Event, seq: int, previous: str) -> dict[str, Any]:
    return {
        "transfer_id": event.transfer_id,
        "seq": seq,
        "at": event.at,
        "account_id": event.account_id,
        "role": event.role,
        "acting_org": event.acting_org,
        "action": event.action,
        "position": event.position,
        "from_state": event.from_state,
        "to_state": event.to_state,
        "letter_no": event.letter_no,
        "is_automatic": event.is_automatic,
        "diagram_digest": event.diagram_digest,
        "record": canonical_record(dict(event.record)),
        "sealed": event.sealed,
        "chain_version": CHAIN_VERSION,
        "algorithm": ALGORITHM,
        "previous_hash": previous,
    }


def _hashed(row: Mapping[str, Any]) -> dict[str, Any]:
    sealed = row["sealed"]
    return {**row, "at": written(row["at"]), "sealed": bytes(sealed).hex() if sealed else None}


def _event(row: Mapping[Any, Any]) -> Event:
    values = {name: row[name] for name in Event.__dataclass_fields__}
    return Event(**{**values, "record": json.loads(row["record"])})
