"""Statements that run with every completion: put into SQL once per kind of database, then handed straight to its driver.

What SQLAlchemy does around each execution costs more than the statement itself. It still writes the SQL, converts the
values by the types of the columns, and names the errors; the connection and its transaction stay the ones of `db`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.sql.compiler import SQLCompiler

from service.storage.db import connection, named, require_changing

Row = Mapping[str, Any]
Convert = Callable[[Any], Any]


class Prepared:
    """One statement; its parameters are always given all, by name."""

    def __init__(self, statement: sa.ClauseElement, *, columns: Iterable[str] | None = None) -> None:
        """`columns` are those an INSERT fills, when it does not name its values itself."""
        self._statement = statement
        self._columns = tuple(columns) if columns is not None else None
        self._plans: dict[str, _Plan] = {}
        self._changes = bool(getattr(statement, "is_dml", False))

    def rows(self, parameters: Mapping[str, Any]) -> list[Row]:
        """Run it and answer all rows, by the names of their columns."""
        plan, cursor = self._run(parameters)
        try:
            found = cursor.fetchall()
        except Exception as error:
            raise plan.named(error) from error
        return [plan.row(each) for each in found]

    def first(self, parameters: Mapping[str, Any]) -> Row | None:
        """Run it and answer the first row."""
        plan, cursor = self._run(parameters)
        try:
            # To the end, even of one row: an unfinished statement would keep its reading open.
            found = cursor.fetchall()
        except Exception as error:
            raise plan.named(error) from error
        return plan.row(found[0]) if found else None

    def run(self, parameters: Mapping[str, Any]) -> int:
        """Run it and answer how many rows it changed."""
        return int(self._run(parameters)[1].rowcount)

    def run_each(self, parameters: Sequence[Mapping[str, Any]]) -> None:
        """Run it once for each set of parameters."""
        for each in parameters:
            self._run(each)

    def _run(self, parameters: Mapping[str, Any]) -> "tuple[_Plan, Any]":
        current = connection()
        if self._changes:
            require_changing(current)
        plan = self._plans.get(current.dialect.name) or self._plan(current.dialect)
        values = plan.values(parameters)
        driver: Any = current.connection.driver_connection
        try:
            return plan, driver.execute(plan.sql, values)
        except Exception as error:
            raise plan.named(error) from error

    def _plan(self, dialect: sa.Dialect) -> "_Plan":
        compiled = self._statement.compile(dialect=dialect, column_keys=self._columns)
        assert isinstance(compiled, SQLCompiler)  # noqa: S101 - all but schema statements compile to it
        plan = self._plans[dialect.name] = _plan_of(compiled, dialect)
        return plan


class _Plan(NamedTuple):
    sql: str
    names: tuple[str, ...]
    is_positional: bool
    constants: Mapping[str, Any]
    writers: Mapping[str, Convert]
    columns: tuple[str, ...]
    readers: tuple[tuple[str, Convert], ...]
    dialect: sa.Dialect

    def values(self, parameters: Mapping[str, Any]) -> Any:
        """The values as the driver wants them; a parameter that is missing is a fault of the program: KeyError."""
        known = {**self.constants, **parameters} if self.constants else parameters
        written = {name: write(known[name]) for name, write in self.writers.items()}
        if self.is_positional:
            return [written[name] if name in written else known[name] for name in self.names]
        return {name: written[name] if name in written else known[name] for name in self.names}

    def row(self, values: Sequence[Any]) -> Row:
        """A row by the names of its columns."""
        found = dict(zip(self.columns, values, strict=True))
        for name, read in self.readers:
            found[name] = read(found[name])
        return found

    def named(self, error: Exception) -> BaseException:
        """The error as SQLAlchemy names it, for those that look at its kind."""
        return named(error, self.sql, self.dialect)


def _plan_of(compiled: SQLCompiler, dialect: sa.Dialect) -> _Plan:
    names = tuple(compiled.positiontup or compiled.params)
    results: Sequence[Any] = compiled._result_columns  # noqa: SLF001 - the types of the answer are told nowhere else
    readers = [(each.keyname, _reader(each.type, dialect)) for each in results]
    writers = {
        name: writer
        for bound, name in compiled.bind_names.items()
        if (writer := bound.type.dialect_impl(dialect).bind_processor(dialect)) is not None
    }
    return _Plan(
        sql=compiled.string,
        names=names,
        is_positional=compiled.positiontup is not None,
        constants={name: bound.value for bound, name in compiled.bind_names.items() if not bound.required},
        writers={name: write for name, write in writers.items() if name in names},
        columns=tuple(each.keyname for each in results),
        readers=tuple((name, read) for name, read in readers if read is not None),
        dialect=dialect,
    )


def _reader(kind: sa.types.TypeEngine[Any], dialect: sa.Dialect) -> Convert | None:
    return kind.dialect_impl(dialect).result_processor(dialect, None)
