"""A statement that goes straight to the driver answers what SQLAlchemy answers, and fails as SQLAlchemy fails."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask import Flask

from service.storage.accounts import accounts
from service.storage.db import execute, reading, transaction
from service.storage.members import members
from service.storage.prepared import Prepared
from service.storage.transfers import requests

AT = datetime(2025, 3, 10, 1, 2, 3, 45, tzinfo=UTC)
FIND = sa.select(members.table).where(members.table.c.id == sa.bindparam("this"))
ADD_REQUEST = Prepared(sa.insert(requests.table).inline(), columns=requests.table.c.keys())


def a_request(key: str) -> dict[str, object]:
    return {
        "account_id": 1, "key": key, "body_digest": "d" * 64, "status": 200, "answer": "{}",
        "transfer_id": None, "first_event": 1, "last_event": 2, "at": AT,
    }  # fmt: skip


def test_rows_are_those_of_sqlalchemy_with_their_types(world: SimpleNamespace) -> None:
    member_id = world.member()
    with reading():
        expected = dict(execute(FIND, {"this": member_id}).mappings().one())
        found = Prepared(FIND).first({"this": member_id})
    assert found == expected
    assert {name: type(value) for name, value in found.items()} == {k: type(v) for k, v in expected.items()}
    assert isinstance(found["birth_date"], date)
    assert isinstance(found["is_graduate"], bool)


def test_what_is_written_reads_back_the_same(world: SimpleNamespace) -> None:
    with transaction():
        assert ADD_REQUEST.run(a_request("k")) == 1
    with reading():
        assert dict(execute(sa.select(requests.table)).mappings().one()) == a_request("k")


def test_no_row_is_none(world: SimpleNamespace) -> None:
    with reading():
        assert Prepared(FIND).first({"this": -1}) is None
        assert Prepared(FIND).rows({"this": -1}) == []


def test_constants_of_the_statement_are_sent_too(world: SimpleNamespace) -> None:
    active = Prepared(sa.update(accounts.table).where(accounts.table.c.id > 0).values(status="CLOSED"))
    with transaction():
        assert active.run({}) >= 1
    with reading():
        assert set(execute(sa.select(accounts.table.c.status)).scalars()) == {"CLOSED"}


def test_a_change_needs_a_transaction(world: SimpleNamespace) -> None:
    with reading(), pytest.raises(RuntimeError, match="needs transaction"):
        ADD_REQUEST.run(a_request("k"))


def test_a_broken_constraint_is_named_as_sqlalchemy_names_it(world: SimpleNamespace) -> None:
    with pytest.raises(sa.exc.IntegrityError), transaction():
        ADD_REQUEST.run(a_request("k"))
        ADD_REQUEST.run(a_request("k"))
    with reading():
        assert execute(sa.select(sa.func.count()).select_from(requests.table)).scalar_one() == 0


def test_a_missing_parameter_is_a_fault_of_the_program(world: SimpleNamespace) -> None:
    values = a_request("k")
    del values["answer"]
    with pytest.raises(KeyError), transaction():
        ADD_REQUEST.run(values)


def test_each_kind_of_database_gets_its_own_sql(app: Flask) -> None:
    one = Prepared(FIND)
    with reading() as connection:
        one.first({"this": 1})
        assert list(one._plans) == [connection.dialect.name]
