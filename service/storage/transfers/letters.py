"""Introduction letters and their numbers: by month and scope, without doubles, never reused (R-163, R-164)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from service.domain.letters.letters import LetterState, letter_number
from service.storage.columns import Id, Instant
from service.storage.db import db, execute, is_sqlite
from service.storage.prepared import Prepared

_ORG = "organisations.id"

table = sa.Table(
    "letters",
    db.metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=True),
    sa.Column("transfer_id", Id, sa.ForeignKey("transfers.id"), nullable=False, index=True),
    sa.Column("number_scope", sa.String(40), nullable=False),
    sa.Column("number", sa.String(24), nullable=False),
    sa.Column("position", sa.SmallInteger, nullable=False),
    sa.Column("issuer_id", Id, sa.ForeignKey(_ORG), nullable=False),
    sa.Column("addressee_id", Id, sa.ForeignKey(_ORG)),
    sa.Column("issued_at", Instant, nullable=False),
    sa.Column("validity_days", sa.SmallInteger, nullable=False),
    sa.Column("valid_until", sa.Date, nullable=False),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("is_automatic", sa.Boolean, nullable=False),
    sa.Column("return_reason_sealed", sa.LargeBinary),
    sa.Column("snapshot_sealed", sa.LargeBinary, nullable=False),
    sa.UniqueConstraint("number_scope", "number", name="uq_letters_number"),
)
counters = sa.Table(
    "letter_counters",
    db.metadata,
    sa.Column("number_scope", sa.String(40), primary_key=True),
    sa.Column("month", sa.String(6), primary_key=True),
    sa.Column("last", sa.Integer, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as it is stored; `snapshot_sealed` holds its texts under the member's data key (R-172)."""

    transfer_id: int
    number_scope: str
    number: str
    position: int
    issuer_id: int
    addressee_id: int | None
    issued_at: datetime
    validity_days: int
    valid_until: date
    state: LetterState
    is_automatic: bool
    snapshot_sealed: bytes
    return_reason_sealed: bytes | None = None
    id: int = 0


def _taking(insert: Callable[[sa.Table], sqlite.Insert | postgresql.Insert]) -> Prepared:
    upsert = insert(counters).on_conflict_do_update(
        index_elements=["number_scope", "month"], set_={"last": counters.c.last + 1}
    )
    return Prepared(upsert.returning(counters.c.last), columns=counters.c.keys())


_TAKE = {True: _taking(sqlite.insert), False: _taking(postgresql.insert)}
"""Takes a number, on SQLite and elsewhere."""


def next_number(scope: str, month: date) -> str:
    """Take the next number of the month; refuses E_LETTER_NO_EXHAUSTED after 99999 (R-163)."""
    taken = _TAKE[is_sqlite()].first({"number_scope": scope, "month": f"{month:%Y%m}", "last": 1})
    assert taken is not None  # noqa: S101 - it returns what it wrote
    return letter_number(month, int(taken["last"]))


def add(letter: Letter) -> int:
    """Store a new letter and return its key."""
    added = _ADD.first({name: getattr(letter, name) for name in _STORED})
    assert added is not None  # noqa: S101 - it returns what it wrote
    return int(added["id"])


# Built once, as they run with every completion.
_STORED = tuple(name for name in Letter.__dataclass_fields__ if name != "id")
_ADD = Prepared(sa.insert(table).returning(table.c.id), columns=_STORED)
_GET = Prepared(sa.select(table).where(table.c.id == sa.bindparam("this")))
_STATE = sa.update(table).where(table.c.id == sa.bindparam("this")).values(state=sa.bindparam("state"))
_SET_STATE = Prepared(_STATE)
_SET_RETURNED = Prepared(_STATE.values(return_reason_sealed=sa.bindparam("return_reason_sealed")))
_CORRECTED = (
    "position", "issuer_id", "addressee_id", "issued_at", "validity_days", "valid_until", "state", "snapshot_sealed"
)  # fmt: skip
_CORRECT = Prepared(_STATE.values({name: sa.bindparam(name) for name in _CORRECTED}))


def set_state(letter_id: int, state: LetterState, *, return_reason_sealed: bytes | None = None) -> None:
    """Give a letter its next state; a returned one keeps the reason (R-105)."""
    values: dict[str, Any] = {"this": letter_id, "state": state.value}
    if return_reason_sealed is None:
        _SET_STATE.run(values)
    else:
        _SET_RETURNED.run(values | {"return_reason_sealed": return_reason_sealed})


def correct(letter: Letter) -> None:
    """Store a letter that travels on or was saved: same number, other texts (R-094, R-115, R-164 `single`)."""
    _CORRECT.run({"this": letter.id, **{name: getattr(letter, name) for name in _CORRECTED}})


def of_transfer(transfer_id: int) -> Sequence[Letter]:
    """All letters of a transfer, oldest first."""
    query = sa.select(table).where(table.c.transfer_id == transfer_id).order_by(table.c.id)
    return [_letter(row) for row in execute(query).mappings()]


def get(letter_id: int) -> Letter | None:
    """One letter."""
    row = _GET.first({"this": letter_id})
    return _letter(row) if row else None


def _letter(row: Mapping[Any, Any]) -> Letter:
    values = {name: row[name] for name in Letter.__dataclass_fields__}
    return Letter(**{**values, "state": LetterState(row["state"])})
