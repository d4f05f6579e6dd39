"""Loading many rows at once, past the layers that are made for single ones: COPY or one prepared statement."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import sqlalchemy as sa

from service.storage.db import connection, execute, is_sqlite

CHUNK = 10_000

Row = tuple[Any, ...]


def load(table: sa.Table, columns: Sequence[str], rows: Iterable[Row]) -> int:
    """Append rows, values in the order of the columns and as the driver takes them; return their number."""
    names = ", ".join(columns)
    raw = connection().connection.driver_connection
    if is_sqlite():
        marks = ", ".join("?" * len(columns))
        statement = f"INSERT INTO {table.name} ({names}) VALUES ({marks})"  # noqa: S608 - names of our own tables
        return sum(_inserted(raw, statement, chunk) for chunk in _chunks(rows))
    count = 0
    with raw.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:  # type: ignore[union-attr]
        for row in rows:
            copy.write_row(row)
            count += 1
    return count


def claim_table(table: sa.Table) -> None:
    """Let nobody else write to a table until the transaction ends; on SQLite nobody can anyway."""
    if not is_sqlite():
        execute(sa.text(f"LOCK TABLE {table.name} IN SHARE ROW EXCLUSIVE MODE"))


def continue_numbering(table: sa.Table) -> None:
    """Let rows without a key of their own be numbered behind those that brought one."""
    if is_sqlite():
        return  # SQLite looks at the highest key anyway
    largest = sa.select(sa.func.coalesce(sa.func.max(table.c.id), 0) + 1).scalar_subquery()
    execute(sa.select(sa.func.setval(sa.func.pg_get_serial_sequence(table.name, "id"), largest, False)))


def settle(table: sa.Table) -> None:
    """Let the planner know what the table holds now."""
    execute(sa.text(f"ANALYZE {table.name}"))


def _inserted(raw: Any, statement: str, rows: Sequence[Row]) -> int:
    raw.executemany(statement, rows).close()
    return len(rows)


def _chunks(rows: Iterable[Row]) -> Iterator[Sequence[Row]]:
    iterator = iter(rows)
    while chunk := tuple(islice(iterator, CHUNK)):
        yield chunk
