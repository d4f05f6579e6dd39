"""The audit log: whatever is changed, left out or added behind the back of the service is found."""

import threading
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from service.domain.accounts.actors import Actor
from service.domain.accounts.roles import Role
from service.domain.organisations.organisations import Organisation, OrgType
from service.storage import audit
from service.storage.audit import Subject
from service.storage.db import db, execute, reading, transaction

LENGTH = 5
SUBJECT = Subject("organisation", "A", 2)


def an_actor(world: SimpleNamespace) -> Actor:
    org = Organisation(1, "R", "中共R委员会", OrgType.LOCAL_COMMITTEE)
    return Actor(world.account, "管理员", Role.LOCAL_ADMIN, org)


def append(world: SimpleNamespace, number: int = 0, **values: object) -> int:
    given = {"before": {"name": "旧"}, "after": {"name": f"新{number}"}} | values
    with transaction():
        return audit.append("edit_org", subject=SUBJECT, actor=an_actor(world), now=world.now, **given)


@pytest.fixture
def log(world: SimpleNamespace) -> SimpleNamespace:
    for number in range(LENGTH):
        append(world, number, sealed=b"\x00\xff" if number == LENGTH - 1 else None)
    return world


def fault() -> int | None:
    with reading():
        return audit.first_fault()


def tamper(statement: str) -> None:
    """Change the log as somebody could who owns the database and takes its guards away."""
    of_table = "" if db.engine.dialect.name == "sqlite" else " ON audit_events"
    with transaction():
        for verb in ("update", "delete"):
            execute(sa.text(f"DROP TRIGGER audit_events_refuse_{verb}{of_table}"))
        execute(sa.text(statement))


def test_an_entry_says_who_did_what_to_what(log: SimpleNamespace) -> None:
    with reading():
        newest, *older = audit.of_subject(SUBJECT)
    assert [entry.seq for entry in older] == [4, 3, 2, 1]
    assert (newest.account_id, newest.role, newest.acting_org) == (log.account, "LOCAL_ADMIN", "R")
    assert (newest.action, newest.subject, newest.at) == ("edit_org", SUBJECT, log.now)
    assert (newest.before, newest.after, newest.sealed) == ({"name": "旧"}, {"name": "新4"}, b"\x00\xff")


def test_a_list_goes_on_behind_the_last_one_shown(log: SimpleNamespace) -> None:
    with reading():
        assert [entry.seq for entry in audit.of_subject(SUBJECT, limit=2, below=4)] == [3, 2]


def test_an_untouched_log_is_sound(log: SimpleNamespace) -> None:
    assert fault() is None
    with reading():
        assert audit.head()[0] == LENGTH


def test_a_change_undone_leaves_no_gap(log: SimpleNamespace) -> None:
    with pytest.raises(LookupError), transaction():
        audit.append("edit_org", subject=SUBJECT, actor=None, now=log.now)
        raise LookupError
    assert append(log) == LENGTH + 1
    assert fault() is None


TAMPERINGS = {
    "action": ("UPDATE audit_events SET action = 'x' WHERE seq = 3", 3),
    "time": ("UPDATE audit_events SET at = '2025-03-10T01:00:00.000001Z' WHERE seq = 2", 2),
    "person": ("UPDATE audit_events SET account_id = account_id + 1 WHERE seq = 1", 1),
    "record": ("UPDATE audit_events SET record = '{}' WHERE seq = 4", 4),
    "subject": ("UPDATE audit_events SET subject_key = 'B' WHERE seq = 2", 2),
    "sealed": ("UPDATE audit_events SET sealed = NULL WHERE seq = 5", 5),
    "one left out": ("DELETE FROM audit_events WHERE seq = 3", 4),
    "the first left out": ("DELETE FROM audit_events WHERE seq = 1", 2),
    "the tail cut off": ("DELETE FROM audit_events WHERE seq = 5", 5),
    "all left out": ("DELETE FROM audit_events", 1),
    "the head taken away": ("DELETE FROM audit_heads", 6),
}


@pytest.mark.parametrize("kind", TAMPERINGS)
def test_tampering_is_found_where_it_was_done(log: SimpleNamespace, kind: str) -> None:
    statement, first = TAMPERINGS[kind]
    tamper(statement)
    assert fault() == first


@pytest.mark.parametrize("statement", ["UPDATE audit_events SET action = 'x'", "DELETE FROM audit_events"])
def test_the_database_refuses_to_forget(log: SimpleNamespace, statement: str) -> None:
    with pytest.raises(DBAPIError, match="E_IMMUTABLE"), transaction():
        execute(sa.text(statement))
    assert fault() is None


def test_postgresql_refuses_to_truncate_sqlite_to_replace(log: SimpleNamespace, database_kind: str) -> None:
    replaced = "REPLACE INTO audit_events SELECT * FROM audit_events"
    statement = replaced if database_kind == "sqlite" else "TRUNCATE audit_events"
    with pytest.raises(DBAPIError, match="E_IMMUTABLE"), transaction():
        execute(sa.text(statement))


def test_those_who_write_at_once_get_one_chain(world: SimpleNamespace) -> None:
    faults: list[Exception] = []

    def write() -> None:
        with world.app.app_context():
            try:
                for number in range(10):
                    append(world, number)
            except Exception as error:  # noqa: BLE001 - any failure of a thread is a failure of the test
                faults.append(error)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert fault() is None
    with reading():
        assert audit.head()[0] == 40


@pytest.mark.parametrize("value", [1.5, {"名": 1}])
def test_what_two_writers_would_write_differently_is_no_entry(world: SimpleNamespace, value: object) -> None:
    with pytest.raises(TypeError):
        append(world, after={"value": value})
    assert fault() is None
