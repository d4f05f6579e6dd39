"""The one door to the database: its engine, its transactions, and what its failures mean to people.

SQLite: WAL, synchronous=FULL, foreign keys, a busy time-out of 5 s, and BEGIN IMMEDIATE for every change,
since a transaction that begins by reading and then writes loses updates. PostgreSQL: READ COMMITTED with row locks.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from threading import Lock
from typing import Any

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from service.domain.errors import Refused

BUSY_TIMEOUT_MS = 5_000
_SYNCHRONOUS_FULL = 2

db = SQLAlchemy()
_current: ContextVar[sa.Connection | None] = ContextVar("current_connection", default=None)
# SQLite lets one writer in and makes the others sleep; inside a process they queue here instead.
_turn = Lock()


def configure(engine: sa.Engine) -> None:
    """Make an engine keep the promises above; safe to call again."""
    if engine.dialect.name == "sqlite" and not event.contains(engine, "connect", _on_connect):
        event.listen(engine, "connect", _on_connect)
        event.listen(engine, "begin", _on_begin)
        engine.dispose()


@contextmanager
def transaction() -> Iterator[sa.Connection]:
    """Run one change: all of it is stored, or nothing.

    Refuses E_STORAGE_FULL and, after 5 s of waiting for another process, E_DATABASE_IN_USE.
    """
    if _current.get() is not None:
        raise RuntimeError("a change is one transaction; there is one already")
    engine = db.engine
    with _translated(), _turn if engine.dialect.name == "sqlite" else nullcontext(), engine.connect() as connection:
        token = _current.set(connection)
        try:
            with connection.begin():
                yield connection
        finally:
            _current.reset(token)


@contextmanager
def reading() -> Iterator[sa.Connection]:
    """Read; inside a transaction or another reading its connection is used."""
    if (current := _current.get()) is not None:
        yield current
        return
    with _translated(), db.engine.connect() as connection:
        reader = connection.execution_options(reads_only=True)
        token = _current.set(reader)
        try:
            with reader.begin():
                yield reader
        finally:
            _current.reset(token)


def connection() -> sa.Connection:
    """The connection of the change or reading under way."""
    current = _current.get()
    if current is None:
        raise RuntimeError("open transaction() or reading() first")
    return current


def execute(statement: sa.Executable, parameters: Any = None) -> sa.CursorResult[Any]:
    """Run a statement in the change or reading under way."""
    return connection().execute(statement, parameters)  # type: ignore[return-value]


def is_sqlite() -> bool:
    """Whether the database is SQLite."""
    return db.engine.dialect.name == "sqlite"


def refusal_of(error: BaseException) -> Refused | None:
    """What a failure of the database means to people, None when it is a fault of the program."""
    text = str(error).lower()
    state = getattr(error, "sqlstate", None)
    if "disk is full" in text or "disk i/o error" in text or state == "53100":
        return Refused("E_STORAGE_FULL")
    if "database is locked" in text or "database is busy" in text:
        return Refused("E_DATABASE_IN_USE")
    return None


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        if refusal := refusal_of(error.orig or error):
            raise refusal from error
        raise


def _on_connect(raw: sqlite3.Connection, _record: object) -> None:
    raw.isolation_level = None  # the listener below begins; the driver must not
    cursor = raw.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    found = cursor.execute("PRAGMA synchronous").fetchone()[0]
    cursor.close()
    if found != _SYNCHRONOUS_FULL:
        raise RuntimeError(f"expected SQLite to keep synchronous=FULL (2), found {found}")


def _on_begin(connection: sa.Connection) -> None:
    reads = connection.get_execution_options().get("reads_only", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
