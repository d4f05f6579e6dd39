"""A transfer is stored whole, changed by one at a time, and of one member only one is unfinished."""

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask import Flask

from service.domain.errors import Refused
from service.domain.letters.letters import LetterState, OpenLetter
from service.domain.organisations.organisations import OrgRef
from service.domain.routes.hops import Hop, HopRole, HopState, MadeBy, Side
from service.domain.transfers.transfers import Cause, Target, TransferState
from service.storage.db import execute, reading, transaction
from service.storage.transfers import inbox, transfers
from service.storage.transfers.transfer_rows import Stored
from tests.storage.test_db import in_threads


def begin(world: SimpleNamespace) -> Stored:
    """Store a fresh transfer of a fresh member and read it again."""
    member = world.member()
    with transaction():
        return transfers.lock(transfers.insert(world.transfer(member)))


def finished(stored: Stored, world: SimpleNamespace) -> Stored:
    ended = replace(stored.transfer, state=TransferState.COMPLETED)
    return replace(stored, version=stored.version + 1, transfer=ended, step="", finished_at=world.now)


def test_what_is_stored_comes_back_the_same(world: SimpleNamespace) -> None:
    given = world.transfer(world.member())
    letter = OpenLetter(1, OrgRef(2, "A", "中共 A 支部"), None, LetterState.RETURNED)
    given = replace(
        given,
        transfer=replace(given.transfer, letter=letter, cause=Cause.REJECTED, branch=OrgRef(3, "B", "支部 乙")),
        is_graduate=True, valid_until=date(2025, 3, 25), application_sealed=b"\x00sealed", last_position=0,
    )  # fmt: skip
    with transaction():
        key = transfers.insert(given)
    with reading():
        found = transfers.get(key)
    assert found == replace(given, id=key)


@pytest.mark.parametrize("target", [Target(text="中共样例市委 组织部"), Target(OrgRef(3, "B", "甲 乙 丙"))])
def test_names_keep_their_blanks(world: SimpleNamespace, target: Target) -> None:
    given = world.transfer(world.member())
    given = replace(given, transfer=replace(given.transfer, target=target))
    with transaction():
        assert transfers.get(transfers.insert(given)).transfer.target == target


@pytest.mark.requirement("R-057")
def test_a_member_has_one_unfinished_transfer(world: SimpleNamespace) -> None:
    member = world.member()
    with transaction():
        first = transfers.lock(transfers.insert(world.transfer(member)))
    with pytest.raises(Refused) as refusal, transaction():
        transfers.insert(world.transfer(member))
    assert refusal.value.code == "E_TRANSFER_IN_PROGRESS"
    with transaction():
        transfers.save(finished(first, world), before=first)
        transfers.insert(world.transfer(member))


@pytest.mark.requirement("R-057")
def test_of_two_starts_at_once_one_happens(world: SimpleNamespace) -> None:
    member = world.member()

    def start() -> str:
        with transaction():
            transfers.insert(world.transfer(member))
        return "started"

    results = in_threads(world.app, start, 4)
    assert sorted(getattr(result, "code", result) for result in results) == ["E_TRANSFER_IN_PROGRESS"] * 3 + ["started"]


def test_two_who_decide_at_once_see_each_other(world: SimpleNamespace) -> None:
    stored = begin(world)

    def decide() -> str:
        with transaction():
            mine = transfers.lock(stored.id)
            if mine.version != stored.version:
                return "late"
            transfers.save(replace(mine, version=mine.version + 1), before=mine)
            return "decided"

    assert sorted(in_threads(world.app, decide, 6)) == ["decided"] + ["late"] * 5
    with reading():
        assert transfers.get(stored.id).version == 2


def test_a_version_that_somebody_else_has_passed_is_refused(world: SimpleNamespace) -> None:
    stored = begin(world)
    with transaction():
        transfers.save(replace(stored, version=2), before=stored)
    with pytest.raises(Refused) as refusal, transaction():
        transfers.save(replace(stored, version=2, state=b"other"), before=stored)
    assert refusal.value.code == "E_STALE"


def _hop(number: int, **values: object) -> Hop:
    return replace(Hop(OrgRef(2, "A", f"名{number}"), HopRole.APPROVE, Side.HOME), **values)


ROUTES = {
    "one decided": lambda route: (replace(route[0], state=HopState.APPROVED), route[1]),
    "a longer tail": lambda route: (route[0], _hop(7, made_by=MadeBy.RE_ROUTED), _hop(8), _hop(9)),
    "a shorter route": lambda route: route[:1],
    "all other": lambda _: (_hop(1), _hop(2, org=None)),
    "decided and longer": lambda route: (replace(route[0], state=HopState.RETURNED), route[1], _hop(3)),
    "the branch of the last": lambda route: (route[0], replace(route[1], org=OrgRef(1, "R", "根"))),
    "none": lambda _: (),
}


@pytest.mark.parametrize("change", ROUTES)
def test_a_changed_route_is_stored_hop_by_hop(world: SimpleNamespace, change: str) -> None:
    stored = begin(world)
    route = ROUTES[change](stored.transfer.hops)
    with transaction():
        after = replace(stored, version=2, transfer=replace(stored.transfer, hops=route or stored.transfer.hops))
        transfers.save(after, before=stored)
    with reading():
        assert transfers.get(stored.id) == after


def test_an_unknown_transfer_is_not_found(app: Flask) -> None:
    with pytest.raises(Refused) as refusal, reading():
        transfers.get(404)
    assert refusal.value.code == "E_NOT_FOUND"


def test_the_inbox_shows_first_what_expires_first(world: SimpleNamespace) -> None:
    order = []
    for days in (9, None, 3):
        stored = begin(world)
        until = None if days is None else date(2025, 3, 10) + timedelta(days=days)
        with transaction():
            transfers.save(replace(stored, version=2, valid_until=until), before=stored)
        order.append(stored.id)
    with reading():
        rows = inbox.rows(inbox.todo(2), world.vault, by_expiry=True, limit=10, offset=0)
        found = [row.id for row in rows]
        assert found == [order[2], order[0], order[1]]
        assert {row.member_number[6:14] for row in rows} == {"*" * 8}
        assert inbox.count(inbox.todo(2)) == 3
        assert inbox.count(inbox.todo(3)) == 0


def test_a_finished_transfer_is_in_no_inbox(world: SimpleNamespace) -> None:
    stored = begin(world)
    with transaction():
        transfers.save(finished(stored, world), before=stored)
    with reading():
        assert inbox.count(inbox.todo(2)) == 0
        assert transfers.unfinished_of(stored.transfer.member_id) is None


def test_the_inbox_is_found_through_its_index(world: SimpleNamespace, database_kind: str) -> None:
    if database_kind != "sqlite":
        return  # PostgreSQL prefers to read a small table whole
    query = sa.select(transfers.table.c.id).where(inbox.todo(2))
    with reading() as open_connection:
        text = str(query.compile(open_connection, compile_kwargs={"literal_binds": True}))
        plan = " ".join(str(row) for row in execute(sa.text(f"EXPLAIN QUERY PLAN {text}")))
    assert "ix_transfers_inbox" in plan
