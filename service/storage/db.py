"""The one door to the database: its engine, its transactions, and what its failures mean to people.

SQLite: WAL, synchronous=FULL, foreign keys, a busy time-out of 5 s, and BEGIN IMMEDIATE for every change,
since a transaction that begins by reading and then writes loses updates. PostgreSQL: READ COMMITTED with row locks.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from service.domain.errors import Refused
from service.storage.failures import WAIT_SECONDS, refusal_of
from service.storage.turns import NoTurn, Turns

__all__ = [
    "configure",
    "connection",
    "db",
    "execute",
    "is_sqlite",
    "make_engine",
    "only_reads",
    "reading",
    "refusal_of",
    "require_changing",
    "transaction",
]

_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "busy_timeout": WAIT_SECONDS * 1000,
    "recursive_triggers": 1,
    # Pages that change with every completion are copied back once in a while, not at every thousandth: in two
    # paired runs in process less time, through HTTP no gain was measured.
    "wal_autocheckpoint": 8000,
    "cache_size": -16_000,
}
"""What each connection to SQLite must answer; synchronous 2 is FULL. Without recursive triggers REPLACE deletes past guards."""
_POSTGRESQL_OPTIONS = (
    f"-c lock_timeout={WAIT_SECONDS}s -c timezone=UTC -c client_min_messages=warning"
    # A page is read by one process: others that start for it, or a compiler, cost more than they bring.
    " -c max_parallel_workers_per_gather=0 -c jit=off"
)
_POOL = {"pool_size": 16, "max_overflow": 16, "pool_timeout": WAIT_SECONDS}


class Database(SQLAlchemy):
    """Flask-SQLAlchemy with our engine; the address comes from the application, all else from here."""

    def _make_engine(self, bind_key: str | None, options: dict[str, Any], app: Any) -> sa.Engine:  # noqa: ARG002
        return make_engine(options["url"], **_POOL)


db = Database()


class _Unit(NamedTuple):
    """One transaction or reading: its connection, and what was learnt in it that holds to its end."""

    connection: sa.Connection
    learnt: dict[str, Any]


_current: ContextVar[_Unit | None] = ContextVar("current_unit", default=None)
_only_reads: ContextVar[bool] = ContextVar("only_reads", default=False)
_turns: WeakKeyDictionary[sa.Engine, Turns] = WeakKeyDictionary()


def make_engine(url: str | sa.URL, **options: Any) -> sa.Engine:
    """Make an engine that keeps the promises above."""
    address = sa.make_url(url)
    if address.get_backend_name() == "postgresql":
        options["connect_args"] = {"options": _POSTGRESQL_OPTIONS}
    engine = sa.create_engine(address, **options)
    configure(engine)
    return engine


def configure(engine: sa.Engine) -> None:
    """Make an engine keep the promises above; safe to call again."""
    if engine.dialect.name == "sqlite" and engine not in _turns:
        _turns[engine] = Turns()
        event.listen(engine, "connect", _on_connect)
        event.listen(engine, "begin", _on_begin)


@contextmanager
def transaction() -> Iterator[sa.Connection]:
    """Run one change: all of it is stored, or nothing.

    Refuses E_STORAGE_FULL and, after 5 s of waiting for others, E_DATABASE_IN_USE.
    """
    if _current.get() is not None:
        raise RuntimeError("a change is one transaction; there is one already")
    engine = db.engine
    with _translated(), _turn(engine), engine.connect() as connection, _limited(connection):
        token = _current.set(_Unit(connection, {}))
        try:
            with connection.begin():
                if _only_reads.get() and not is_sqlite():
                    connection.exec_driver_sql("SET TRANSACTION READ ONLY")
                yield connection
        finally:
            _current.reset(token)


@contextmanager
def only_reads() -> Iterator[None]:
    """Let nothing be changed in this block, whatever is asked: the database itself refuses it (E_FORBIDDEN)."""
    token = _only_reads.set(True)
    try:
        yield
    finally:
        _only_reads.reset(token)


@contextmanager
def reading() -> Iterator[sa.Connection]:
    """Read; inside a transaction or another reading its connection is used.

    On SQLite all queries see one state; on PostgreSQL each sees what is committed, which saves two round trips.
    """
    if (current := _current.get()) is not None:
        yield current.connection
        return
    with _translated(), db.engine.connect() as connection:
        reader = connection.execution_options(reads_only=True)
        if not is_sqlite():
            reader = reader.execution_options(isolation_level="AUTOCOMMIT")
        token = _current.set(_Unit(reader, {}))
        try:
            with reader.begin():
                yield reader
        finally:
            _current.reset(token)


@contextmanager
def together() -> Iterator[None]:
    """Send the statements of this block in one go where the database is a journey away (PostgreSQL).

    Only for statements whose answers nobody asks for; what one of them refuses is raised at the end of the block.
    """
    if is_sqlite():
        yield
        return
    driver: Any = connection().connection.driver_connection
    with driver.pipeline():
        yield


def connection() -> sa.Connection:
    """The connection of the change or reading under way."""
    return _unit().connection


def learnt() -> dict[str, Any]:
    """What this change or reading has learnt and need not ask again; empty at its beginning."""
    return _unit().learnt


def execute(statement: sa.Executable, parameters: Any = None) -> sa.CursorResult[*tuple[Any, ...]]:
    """Run a statement in the change or reading under way; a change needs transaction()."""
    current = connection()
    if getattr(statement, "is_dml", False):
        require_changing(current)
    return current.execute(statement, parameters)


def require_changing(current: sa.Connection) -> None:
    """Raise RuntimeError in a reading: a change needs a transaction."""
    if current.get_execution_options().get("reads_only"):
        raise RuntimeError("a change needs transaction(), found reading()")


def named(error: Exception, text: str, dialect: sa.Dialect) -> BaseException:
    """An error of the driver as SQLAlchemy names it, for statements that were handed straight to the driver."""
    driver: Any = dialect.loaded_dbapi
    return DBAPIError.instance(text, None, error, driver.Error, dialect=dialect)


@contextmanager
def planned_anew() -> Iterator[None]:
    """Let PostgreSQL plan the statements inside for their values each time, however often it has seen them.

    One plan for all values reads half a nation where the right one reads a village.
    """
    if is_sqlite():
        yield
        return
    driver: Any = connection().connection.driver_connection
    usual, driver.prepare_threshold = driver.prepare_threshold, None
    try:
        yield
    finally:
        driver.prepare_threshold = usual


def is_sqlite() -> bool:
    """Whether the database is SQLite."""
    current = _current.get()
    dialect = current.connection.dialect if current else db.engine.dialect
    return dialect.name == "sqlite"


def _unit() -> _Unit:
    current = _current.get()
    if current is None:
        raise RuntimeError("open transaction() or reading() first")
    return current


@contextmanager
def _turn(engine: sa.Engine) -> Iterator[None]:
    turns = _turns.get(engine)
    try:
        with turns.taken(timeout=WAIT_SECONDS) if turns else nullcontext():
            yield
    except NoTurn as error:
        raise Refused("E_DATABASE_IN_USE") from error


@contextmanager
def _limited(connection: sa.Connection) -> Iterator[None]:
    """On SQLite a connection is told outside of its transactions that it may not write."""
    if not (_only_reads.get() and is_sqlite()):
        yield
        return
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA query_only=1").close()
    try:
        yield
    finally:
        driver.execute("PRAGMA query_only=0").close()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        if refusal := refusal_of(error):
            raise refusal from error
        raise


def _on_connect(raw: sqlite3.Connection, _record: object) -> None:
    raw.isolation_level = None  # the listener below begins; the driver must not
    for name in sorted(_PRAGMAS):  # busy_timeout first: the others may have to wait
        raw.execute(f"PRAGMA {name}={_PRAGMAS[name]}").close()
    for name, expected in _PRAGMAS.items():
        cursor = raw.execute(f"PRAGMA {name}")
        found = cursor.fetchone()[0]
        cursor.close()
        if found != expected:
            raise RuntimeError(f"expected SQLite to keep {name}={expected}, found {found}")


def _on_begin(connection: sa.Connection) -> None:
    reads = connection.get_execution_options().get("reads_only", False)
    driver: Any = connection.connection.driver_connection
    # Straight to the driver, as with every change: what SQLAlchemy does around a statement costs more than this one.
    text = "BEGIN" if reads else "BEGIN IMMEDIATE"
    try:
        driver.execute(text).close()
    except sqlite3.Error as error:
        raise named(error, text, connection.dialect) from error
