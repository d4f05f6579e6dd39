"""Loading many rows at once, past the layers that are made for single ones: COPY or one prepared statement."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from service.storage.db import connection, execute, is_sqlite, learnt

_AT_ONCE = 500
_MEMORY = "512MB"
"""For building an index on PostgreSQL, given back with the end of the transaction."""
_SET_ASIDE = "set aside by a load"
_SQLITE_INDEXES = sa.text(
    "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = :table AND sql <> ''"
)
_CONSTRAINTS = sa.text(
    "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE conrelid = CAST(:table AS regclass) AND contype IN ('f', 'u') ORDER BY contype DESC, conname"
)
_INDEXES = sa.text(
    "SELECT CAST(CAST(indexrelid AS regclass) AS text), pg_get_indexdef(indexrelid) FROM pg_index AS i"
    " WHERE indrelid = CAST(:table AS regclass) AND NOT indisprimary"
    " AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid AND conrelid = i.indrelid)"
    " ORDER BY 1"
)


def _escaped(text: str) -> str:
    # Four searches that find nothing take a tenth of the time of one translation.
    return text.replace("\\", r"\\").replace("\t", r"\t").replace("\n", r"\n").replace("\r", r"\r")


_WRITTEN: Mapping[type, Callable[[Any], str]] = {
    str: _escaped,
    bytes: lambda sealed: r"\\x" + sealed.hex(),
    bool: lambda flag: "t" if flag else "f",
    int: str,
    type(None): lambda _: r"\N",
}

Row = tuple[Any, ...]
Packed = bytes | tuple[Row, ...]
"""Rows as a load takes them at once: the text of COPY, or the rows themselves on SQLite."""


def packed(rows: Iterable[Row], *, for_sqlite: bool) -> Packed:
    """Rows of None, truth values, numbers, texts and bytes as `load` takes them; any process can do it."""
    if for_sqlite:
        return tuple(rows)
    return "".join(["\t".join([_WRITTEN[type(value)](value) for value in row]) + "\n" for row in rows]).encode()


def load(table: sa.Table, columns: Sequence[str], rows: Packed) -> None:
    """Append packed rows, their values in the order of the columns and as the driver takes them."""
    names = ", ".join(columns)
    raw = connection().connection.driver_connection
    if not isinstance(rows, bytes):
        marks = ", ".join("?" * len(columns))
        raw.executemany(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", rows).close()  # type: ignore[union-attr]  # noqa: S608 - names of our own tables
        return
    with raw.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:  # type: ignore[union-attr]
        copy.write(rows)


def of_many(query: sa.Select[Any], column: sa.ColumnElement[str], values: Sequence[str]) -> Iterator[Sequence[Any]]:
    """The rows of a query whose column has one of thousands of values."""
    if is_sqlite():
        parts = (values[first : first + _AT_ONCE] for first in range(0, len(values), _AT_ONCE))
        for part in parts:
            yield from execute(query.where(column.in_(part)))
        return
    # One value that is a list: thousands of values of their own take longer to be written and read than to be found.
    asked = sa.bindparam(None, list(values), type_=postgresql.ARRAY(sa.Text))
    yield from execute(query.where(column == sa.any_(asked)))


def set_aside(table: sa.Table) -> None:
    """Load an empty table without its indexes and, on PostgreSQL, without what is checked row by row.

    `put_back` builds and checks all of it at once, which is several times faster; when the transaction fails, nothing
    was ever away. Until its end nobody else can read the table on PostgreSQL.
    """
    away = learnt().setdefault(_SET_ASIDE, {})
    if is_sqlite():
        away[table.name] = _without(table, "DROP INDEX {0}", _SQLITE_INDEXES, "{1}")
    else:
        alter = f"ALTER TABLE {table.name}"
        constraints = _without(
            table, alter + ' DROP CONSTRAINT "{0}"', _CONSTRAINTS, alter + ' ADD CONSTRAINT "{0}" {1}'
        )
        away[table.name] = constraints + _without(table, "DROP INDEX {0}", _INDEXES, "{1}")


def put_back(table: sa.Table) -> None:
    """Build the indexes that were set aside and check what the table promises; its violation fails the transaction."""
    statements = learnt().get(_SET_ASIDE, {}).pop(table.name, ())
    if statements and not is_sqlite():
        execute(sa.text(f"SET LOCAL maintenance_work_mem = '{_MEMORY}'"))
    for statement in statements:
        execute(sa.text(statement))


def is_empty(table: sa.Table) -> bool:
    """Whether a table has no row."""
    return execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first() is None


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


def _without(table: sa.Table, away: str, question: sa.TextClause, back: str) -> tuple[str, ...]:
    """Drop what the question names; answer the statements that make it again, each name as {0}, definition as {1}."""
    found = [(str(name), str(definition)) for name, definition in execute(question, {"table": table.name})]
    for name, _ in found:
        connection().exec_driver_sql(away.format(name))
    return tuple(back.format(name, definition) for name, definition in found)
