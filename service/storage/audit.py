"""The audit log: who changed what outside transfers, when, in which role, from what to what (R-032, R-038; security).

One chain for the whole deployment: entries can only be added, each is bound to the one before by its hash, and a
row beside them holds the last number and hash, so that a tail cut off is missed. Transfers have their own history.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from service.domain.accounts.actors import Actor
from service.domain.plain import plain
from service.domain.transfers.events import ALGORITHM, CHAIN_VERSION, GENESIS, canonical_record, event_hash
from service.storage.columns import Id, Instant, written
from service.storage.db import db, execute, is_sqlite

table = sa.Table(
    "audit_events",
    db.metadata,
    sa.Column("seq", Id, primary_key=True, autoincrement=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("account_id", Id),
    sa.Column("role", sa.String(24)),
    sa.Column("acting_org", sa.String(32)),
    sa.Column("action", sa.String(32), nullable=False),
    sa.Column("subject_kind", sa.String(24), nullable=False),
    sa.Column("subject_key", sa.String(64), nullable=False),
    sa.Column("org_id", Id),
    sa.Column("record", sa.Text, nullable=False),
    sa.Column("sealed", sa.LargeBinary),
    sa.Column("chain_version", sa.SmallInteger, nullable=False),
    sa.Column("algorithm", sa.String(16), nullable=False),
    sa.Column("previous_hash", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
)
sa.Index("ix_audit_events_subject", table.c.subject_kind, table.c.subject_key, table.c.seq)
sa.Index("ix_audit_events_org", table.c.org_id, table.c.seq)
sa.Index("ix_audit_events_account", table.c.account_id, table.c.seq)
heads = sa.Table(
    "audit_heads",
    db.metadata,
    sa.Column("id", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("last_seq", Id, nullable=False),
    sa.Column("last_hash", sa.String(64), nullable=False),
)

_CHUNK = 10_000
_THE_HEAD = heads.c.id == 1
_TAKE_NUMBER = (
    sa.update(heads)
    .where(_THE_HEAD)
    .values(last_seq=heads.c.last_seq + 1)
    .returning(heads.c.last_seq, heads.c.last_hash)
)


@dataclass(frozen=True, slots=True)
class Subject:
    """What was changed: `kind` as organisation, account, grant, member; `key` its code or number, never personal.

    `org_id` is the organisation in whose subtree the entry is seen.
    """

    kind: str
    key: str
    org_id: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it is stored; `account_id` is None where nobody was logged in or the service itself acted."""

    seq: int
    at: datetime
    account_id: int | None
    role: str | None
    acting_org: str | None
    action: str
    subject: Subject
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    sealed: bytes | None
    hash: str


def append(
    action: str,
    *,
    subject: Subject,
    actor: Actor | None,
    now: datetime,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
    sealed: bytes | None = None,
) -> int:
    """Add an entry in the change under way, as its last step, and return its number.

    `before` and `after` hold what changed, in plain text, keys in ASCII; whatever is personal (numbers, telephones,
    opinions) goes into `sealed`, under the person's data key (`Vault.seal`). Last, because the number is taken
    under a lock that all who write to the log wait for.
    """
    seq, previous = _next()
    row = {
        "seq": seq,
        "at": now,
        "account_id": actor.account_id if actor else None,
        "role": actor.role.value if actor else None,
        "acting_org": actor.org.code if actor and actor.org else None,
        "action": action,
        "subject_kind": subject.kind,
        "subject_key": subject.key,
        "org_id": subject.org_id,
        "record": canonical_record({"before": _plain(before), "after": _plain(after)}),
        "sealed": sealed,
        "chain_version": CHAIN_VERSION,
        "algorithm": ALGORITHM,
        "previous_hash": previous,
    }
    own = event_hash(_hashed(row))
    execute(sa.insert(table).values(**row, hash=own))
    execute(sa.update(heads).where(_THE_HEAD).values(last_hash=own))
    return seq


def of_subject(subject: Subject, *, limit: int = 100, below: int | None = None) -> Sequence[Entry]:
    """The entries on one subject, the newest first; `below` continues a list behind the entry of this number."""
    same = sa.and_(table.c.subject_kind == subject.kind, table.c.subject_key == subject.key)
    return entries(same, limit=limit, below=below)


def entries(condition: sa.ColumnElement[bool], *, limit: int, below: int | None = None) -> Sequence[Entry]:
    """The entries that meet a condition on `table`, the newest first."""
    older = sa.true() if below is None else table.c.seq < below
    query = sa.select(table).where(condition, older).order_by(table.c.seq.desc()).limit(limit)
    return [_entry(row) for row in execute(query).mappings()]


def head() -> tuple[int, str]:
    """Number and hash of the last entry; 0 and zeros for an empty log."""
    row = execute(sa.select(heads.c.last_seq, heads.c.last_hash).where(_THE_HEAD)).first()
    return (int(row[0]), str(row[1])) if row else (0, GENESIS)


def first_fault() -> int | None:
    """Number of the first entry that does not fit the chain, None when the whole log is sound."""
    previous, expected = GENESIS, 1
    for row in _in_order():
        values = dict(row)
        recorded = values.pop("hash")
        fits = values["seq"] == expected and values["previous_hash"] == previous
        if not fits or event_hash(_hashed(values)) != recorded:
            return int(values["seq"])
        previous, expected = recorded, expected + 1
    return None if head() == (expected - 1, previous) else expected


def _next() -> tuple[int, str]:
    row = execute(_TAKE_NUMBER).first()
    if row is None:
        insert = (sqlite if is_sqlite() else postgresql).insert(heads)
        execute(insert.values(id=1, last_seq=0, last_hash=GENESIS).on_conflict_do_nothing())
        row = execute(_TAKE_NUMBER).one()
    return int(row[0]), str(row[1])


def _in_order() -> Iterator[Mapping[Any, Any]]:
    last = 0
    while (
        rows := execute(sa.select(table).where(table.c.seq > last).order_by(table.c.seq).limit(_CHUNK)).mappings().all()
    ):
        yield from rows
        last = rows[-1]["seq"]


def _plain(values: Mapping[str, object] | None) -> object:
    return None if values is None else plain(dict(values))


def _hashed(row: Mapping[str, Any]) -> dict[str, Any]:
    sealed = row["sealed"]
    return {**row, "at": written(row["at"]), "sealed": bytes(sealed).hex() if sealed else None}


def _entry(row: Mapping[Any, Any]) -> Entry:
    record = json.loads(row["record"])
    values = {name: row[name] for name in Entry.__dataclass_fields__ if name not in ("subject", "before", "after")}
    subject = Subject(row["subject_kind"], row["subject_key"], row["org_id"])
    return Entry(**values, subject=subject, before=record["before"], after=record["after"])
