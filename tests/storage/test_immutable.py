"""What happened stays: the database itself refuses to change or delete history (R-214, R-218)."""

from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from service.domain.letters.letters import LetterState
from service.storage.db import execute, reading, transaction
from service.storage.transfers import history, letters, transfers


@pytest.fixture
def transfer_id(world: SimpleNamespace) -> int:
    member = world.member()
    with transaction():
        stored = transfers.insert(world.transfer(member))
        history.append([an_event(stored, world)], last_seq=0, last_hash="")
        letters.add(a_letter(stored, world))
    return stored


def an_event(transfer_id: int, world: SimpleNamespace, **values: object) -> history.Event:
    return history.Event(
        **{
            "transfer_id": transfer_id, "at": world.now, "account_id": world.account, "role": "BRANCH_ADMIN",
            "acting_org": "A", "action": "approve", "position": 0, "from_state": "IN_PROGRESS",
            "to_state": "IN_PROGRESS", "diagram_digest": "d" * 64, "record": {"calls": []}, "sealed": b"\x00\xff",
        }
        | values
    )  # fmt: skip


def a_letter(transfer_id: int, world: SimpleNamespace, number: str = "20250300001") -> letters.Letter:
    return letters.Letter(
        transfer_id=transfer_id, number_scope="system", number=number, position=0, issuer_id=2, addressee_id=3,
        issued_at=world.now, validity_days=15, valid_until=world.now.date(), state=LetterState.ISSUED,
        is_automatic=False, snapshot_sealed=b"sealed",
    )  # fmt: skip


REFUSED = (
    "UPDATE events SET action = 'reject'",
    "UPDATE events SET hash = 'x' WHERE seq = 1",
    "DELETE FROM events",
    "DELETE FROM letters",
    "DELETE FROM transfers",
)


@pytest.mark.requirement("R-214")
@pytest.mark.requirement("R-218")
@pytest.mark.parametrize("statement", REFUSED)
def test_the_database_refuses_to_forget(transfer_id: int, statement: str) -> None:
    with pytest.raises(DBAPIError, match="E_IMMUTABLE"), transaction():
        if statement == "DELETE FROM transfers":
            execute(sa.text("DELETE FROM transfer_hops"))
        execute(sa.text(statement))
    with reading():
        assert len(history.of_transfer(transfer_id)) == 1
        assert len(letters.of_transfer(transfer_id)) == 1


@pytest.mark.requirement("R-214")
@pytest.mark.parametrize("table", ["events", "letters", "transfers"])
def test_sqlite_refuses_to_replace_as_well(transfer_id: int, database_kind: str, table: str) -> None:
    if database_kind == "postgresql":
        return  # PostgreSQL knows no REPLACE
    with pytest.raises(DBAPIError, match="E_IMMUTABLE"), transaction():
        execute(sa.text(f"REPLACE INTO {table} SELECT * FROM {table}"))
    with reading():
        assert len(history.of_transfer(transfer_id)) == 1


@pytest.mark.requirement("R-218")
@pytest.mark.parametrize("table", ["events", "letters", "transfers"])
def test_postgresql_refuses_to_truncate_as_well(world: SimpleNamespace, database_kind: str, table: str) -> None:
    if database_kind == "sqlite":
        return  # SQLite knows no TRUNCATE
    with pytest.raises(DBAPIError, match="E_IMMUTABLE"), transaction():
        execute(sa.text(f"TRUNCATE {table} CASCADE"))
