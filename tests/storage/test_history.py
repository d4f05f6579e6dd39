"""History holds together: whatever is changed, left out or added behind the back of the service is found."""

from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from service.storage import guards
from service.storage.db import db, execute, reading, transaction
from service.storage.transfers import history, transfers
from tests.storage.test_immutable import an_event

LENGTH = 5


@pytest.fixture
def transfer_id(world: SimpleNamespace) -> int:
    member = world.member()
    with transaction():
        key = transfers.insert(world.transfer(member))
        seq, last = 0, ""
        for number in range(LENGTH):
            event = an_event(key, world, record={"calls": [{"name": "说", "n": number}]}, letter_no=str(number))
            seq, last = history.append([event], last_seq=seq, last_hash=last)
        execute(sa.update(transfers.table).values(last_seq=seq, last_hash=last))
    return key


def fault(transfer_id: int) -> int | None:
    with reading():
        return history.first_fault(transfer_id)


def tamper(statement: str) -> None:
    """Change history as somebody could who owns the database and takes its guards away."""
    with transaction():
        execute(sa.text("DROP TRIGGER events_refuse_update" + ("" if _is_sqlite() else " ON events")))
        execute(sa.text("DROP TRIGGER events_refuse_delete" + ("" if _is_sqlite() else " ON events")))
        execute(sa.text(statement))


def _is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


@pytest.mark.requirement("R-214")
def test_an_untouched_history_is_sound(transfer_id: int) -> None:
    assert fault(transfer_id) is None
    with reading():
        found = history.of_transfer(transfer_id)
    assert [event.seq for event in found] == list(range(1, LENGTH + 1))
    assert found[2].record == {"calls": [{"name": "说", "n": 2}]}
    assert found[2].previous_hash == found[1].hash


TAMPERINGS = {
    "action": ("UPDATE events SET action = 'reject' WHERE seq = 3", 3),
    "time": ("UPDATE events SET at = '2025-03-10T01:00:00.000001Z' WHERE seq = 2", 2),
    "person": ("UPDATE events SET account_id = account_id + 1 WHERE seq = 1", 1),
    "record": ("UPDATE events SET record = '{\"calls\":[]}' WHERE seq = 4", 4),
    "letter": ("UPDATE events SET letter_no = NULL WHERE seq = 2", 2),
    "sealed": ("UPDATE events SET sealed = NULL WHERE seq = 5", 5),
    "hash": ("UPDATE events SET hash = previous_hash WHERE seq = 5", 5),
    "one left out": ("DELETE FROM events WHERE seq = 3", 4),
    "the first left out": ("DELETE FROM events WHERE seq = 1", 2),
    "the tail cut off": ("DELETE FROM events WHERE seq = 5", 5),
    "all left out": ("DELETE FROM events", 1),
}


@pytest.mark.requirement("R-214")
@pytest.mark.requirement("R-218")
@pytest.mark.parametrize("kind", TAMPERINGS)
def test_tampering_is_found_where_it_was_done(transfer_id: int, kind: str) -> None:
    statement, first = TAMPERINGS[kind]
    tamper(statement)
    assert fault(transfer_id) == first


def test_the_guards_name_every_verb() -> None:
    assert any("TRUNCATE" in statement for statement in guards.statements("postgresql", "events"))
    assert len(guards.statements("sqlite", "events")) == 2
