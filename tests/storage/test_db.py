"""One change is one transaction, nothing is lost between two of them, and failures are told apart."""

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from types import SimpleNamespace

import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask

from service.domain.errors import Refused
from service.storage import db as database
from service.storage.db import connection, db, execute, learnt, reading, transaction
from service.storage.failures import refusal_of
from service.storage.transfers.letters import counters
from tests.support.applications import storing

THREADS, TIMES = 8, 25


def _counted() -> int:
    with reading():
        return int(execute(sa.select(sa.func.coalesce(sa.func.sum(counters.c.last), 0))).scalar_one())


def _set(number: int) -> None:
    execute(sa.update(counters).values(last=number))


@pytest.fixture
def counter(app: Flask) -> Flask:
    with transaction():
        execute(sa.insert(counters).values(number_scope="s", month="202503", last=0))
    return app


def in_threads(app: Flask, work: Callable[[], object], number: int = THREADS) -> list[object]:
    """Run the work in several threads at once and answer what each returned or raised."""
    results: list[object] = []
    ready = threading.Barrier(number)

    def run() -> None:
        with app.app_context():
            ready.wait()
            try:
                results.append(work())
            except Exception as error:  # noqa: BLE001 - the test looks at it
                results.append(error)

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_no_update_is_lost_between_threads(counter: Flask) -> None:
    def add_often() -> None:
        for _ in range(TIMES):
            with transaction():
                # Read, then write: what a deferred transaction loses without a word.
                query = sa.select(counters.c.last).with_for_update()
                _set(execute(query).scalar_one() + 1)

    assert in_threads(counter, add_often) == [None] * THREADS
    assert _counted() == THREADS * TIMES


def test_a_change_that_fails_leaves_nothing(counter: Flask) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        _set(7)
        raise ZeroDivisionError
    assert _counted() == 0


def test_a_change_inside_a_change_is_a_fault(counter: Flask) -> None:
    with transaction(), pytest.raises(RuntimeError, match="one transaction"), transaction():
        pass


def test_a_change_in_a_reading_is_a_fault(counter: Flask) -> None:
    with reading(), pytest.raises(RuntimeError, match="needs transaction"):
        _set(1)
    with reading(), pytest.raises(RuntimeError, match="one transaction"), transaction():
        pass


def test_a_reading_inside_a_change_sees_the_change(counter: Flask) -> None:
    with transaction() as outer:
        _set(3)
        with reading() as inner:
            assert inner is outer
            assert execute(sa.select(counters.c.last)).scalar_one() == 3


def test_without_a_transaction_there_is_no_connection(counter: Flask) -> None:
    with pytest.raises(RuntimeError, match="open transaction"):
        connection()


def test_what_was_learnt_is_forgotten_with_the_transaction(counter: Flask) -> None:
    with transaction():
        learnt()["answer"] = 42
    with transaction():
        assert learnt() == {}


def test_a_write_begins_immediately(sqlite_app: Flask) -> None:
    seen = []
    with transaction() as opened:
        seen.append(opened.connection.driver_connection.in_transaction)
        other = sqlite3.connect(db.engine.url.database, timeout=0)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        other.close()
    assert seen == [True]


EXPECTED = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}


@pytest.mark.parametrize("pragma", EXPECTED)
def test_sqlite_keeps_what_durability_needs(sqlite_app: Flask, pragma: str) -> None:
    with reading():
        assert execute(sa.text(f"PRAGMA {pragma}")).scalar_one() == EXPECTED[pragma]


def test_a_weaker_setting_is_noticed_at_the_start(migrated_sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(database._PRAGMAS, "journal_mode", "memory")
    monkeypatch.setitem(database._PRAGMAS, "synchronous", 7)
    with storing(migrated_sqlite_url), pytest.raises(RuntimeError, match="expected SQLite to keep"), reading():
        pass


def test_postgresql_does_not_wait_for_ever(migrated_postgresql_url: str) -> None:
    with storing(migrated_postgresql_url), reading():
        assert execute(sa.text("SHOW lock_timeout")).scalar_one() == "5s"
        assert execute(sa.text("SHOW timezone")).scalar_one() == "UTC"


def test_another_process_that_writes_for_too_long_is_told(
    migrated_sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(database._PRAGMAS, "busy_timeout", 50)
    with storing(migrated_sqlite_url):
        other = sqlite3.connect(db.engine.url.database)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Refused) as refusal, transaction():
            pass
        other.close()
        assert refusal.value.code == "E_DATABASE_IN_USE"
        with transaction():
            pass


def test_a_locked_row_that_stays_locked_is_told(migrated_postgresql_url: str) -> None:
    with storing(migrated_postgresql_url):
        with transaction():
            execute(sa.insert(counters).values(number_scope="s", month="202503", last=0))
        raw = migrated_postgresql_url.replace("+psycopg", "")
        with psycopg.connect(raw) as other:
            other.execute("UPDATE letter_counters SET last = 1")
            with pytest.raises(Refused) as refusal, transaction():
                execute(sa.text("SET LOCAL lock_timeout = '50ms'"))
                _set(2)
        assert refusal.value.code == "E_DATABASE_IN_USE"


def test_a_full_sqlite_file_is_told_and_leaves_nothing(world: SimpleNamespace, database_kind: str) -> None:
    if database_kind != "sqlite":
        return
    with pytest.raises(Refused) as refusal, transaction():
        pages = execute(sa.text("PRAGMA page_count")).scalar_one()
        execute(sa.text(f"PRAGMA max_page_count={pages}"))
        _fill()
    assert refusal.value.code == "E_STORAGE_FULL"
    assert refusal.value.status == 507
    assert _counted() == 0
    with reading():
        assert execute(sa.text("PRAGMA integrity_check")).scalar_one() == "ok"


def _fill() -> None:
    rows = [{"number_scope": f"{n:040d}", "month": "202503", "last": 1} for n in range(20_000)]
    execute(sa.insert(counters), rows)


def test_a_full_disk_of_postgresql_is_told(migrated_postgresql_url: str) -> None:
    with storing(migrated_postgresql_url):
        with pytest.raises(Refused) as refusal, transaction():
            _set(1)
            execute(sa.text("DO $$ BEGIN RAISE EXCEPTION 'no space' USING ERRCODE = '53100'; END $$"))
        assert refusal.value.code == "E_STORAGE_FULL"


LIMITED = """
import resource, sys
from tests.storage.test_db import _counted, _fill
from tests.support.applications import storing
from service.domain.errors import Refused
from service.storage.db import transaction
with storing(sys.argv[1]):
    _counted()
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
    try:
        with transaction():
            _fill()
    except Refused as refused:
        print(refused.code, _counted())
"""


def test_a_limit_on_the_size_of_files_is_a_full_disk_too(migrated_sqlite_url: str) -> None:
    command = [sys.executable, "-c", LIMITED, migrated_sqlite_url]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["E_STORAGE_FULL", "0"], done.stderr


def test_other_failures_are_faults() -> None:
    assert refusal_of(sqlite3.IntegrityError("UNIQUE constraint failed")) is None
    assert refusal_of(ValueError("database is locked")) is None
