"""Members who were closed out by mistake and taken back: the mark on the transfer that stays as it was (R-128)."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from service.storage.columns import Id, Instant
from service.storage.db import db, execute
from service.storage.transfers import transfers
from service.storage.transfers.transfer_rows import Stored

table = sa.Table(
    "retrievals",
    db.metadata,
    sa.Column("transfer_id", Id, sa.ForeignKey("transfers.id"), primary_key=True, autoincrement=False),
    sa.Column("member_id", Id, sa.ForeignKey("members.id"), nullable=False),
    sa.Column("branch_id", Id, sa.ForeignKey("organisations.id"), nullable=False),
    sa.Column("account_id", Id, sa.ForeignKey("accounts.id"), nullable=False),
    sa.Column("at", Instant, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Retrieval:
    """Who was taken back, into which branch, by whom and when."""

    transfer_id: int
    member_id: int
    branch_id: int
    account_id: int
    at: datetime


def add(retrieval: Retrieval) -> None:
    """Mark a transfer as retrieved."""
    execute(sa.insert(table).values({name: getattr(retrieval, name) for name in Retrieval.__dataclass_fields__}))


def of_transfer(transfer_id: int) -> Retrieval | None:
    """The mark of a transfer, None where there is none."""
    row = execute(sa.select(table).where(table.c.transfer_id == transfer_id)).mappings().first()
    return Retrieval(**row) if row else None


def closing_transfer(member_id: int) -> Stored | None:
    """The transfer by which a member left last, locked; None for one who left otherwise."""
    known = transfers.table
    left = known.c.status == "COMPLETED"
    query = sa.select(known.c.id).where(known.c.member_id == member_id, left).order_by(known.c.id.desc()).limit(1)
    found = execute(query).scalar_one_or_none()
    return None if found is None else transfers.lock(found)


def append_to_history(stored: Stored, *, last_seq: int, last_hash: str) -> None:
    """Let the finished transfer know its newest event; nothing else of it changes, its version neither."""
    known = transfers.table
    values = {"last_seq": last_seq, "last_hash": last_hash}
    execute(sa.update(known).where(known.c.id == stored.id, known.c.last_seq == stored.last_seq).values(**values))
