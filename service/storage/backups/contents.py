"""What a database holds, in a few numbers: by them a copy is compared with its original.

The heads stand for all history: the last hash of each transfer covers every event before it (R-214). They are summed
up without regard to their order, since a dump has its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

_HEADS = "SELECT id, last_seq, last_hash FROM transfers"
HEAD_COLUMNS = ("id", "last_seq", "last_hash")
_MODULUS = 2**256


@dataclass(slots=True)
class HeadSum:
    """The sum of the heads seen so far."""

    total: int = 0

    def add(self, transfer_id: object, last_seq: object, last_hash: object) -> None:
        """Take one more head in."""
        text = f"{transfer_id}:{last_seq}:{last_hash}"
        self.total = (self.total + int.from_bytes(sha256(text.encode()).digest(), "big")) % _MODULUS

    def __str__(self) -> str:
        return f"{self.total:064x}"


@dataclass(frozen=True, slots=True)
class Contents:
    """Rows per table, and the sum of the heads of all histories in hex."""

    rows: Mapping[str, int] = field(default_factory=dict)
    heads: str = ""

    def differences(self, other: "Contents") -> tuple[str, ...]:
        """The names of the tables whose number of rows differs, and "heads" when the histories do."""
        tables = sorted({*self.rows, *other.rows})
        found = [name for name in tables if self.rows.get(name) != other.rows.get(name)]
        return (*found, "heads") if self.heads != other.heads else tuple(found)


def of_connection(connection: sa.Connection) -> Contents:
    """Count what a database holds as this connection sees it; one of an older schema has other tables."""
    rows = {name: _count(connection, name) for name in sorted(sa.inspect(connection).get_table_names())}
    heads = HeadSum()
    for head in connection.execution_options(yield_per=10_000).execute(sa.text(_HEADS)):
        heads.add(*head)
    return Contents(rows, str(heads))


def _count(connection: sa.Connection, name: str) -> int:
    counted: Any = connection.execute(sa.select(sa.func.count()).select_from(sa.table(name))).scalar_one()
    return int(counted)
