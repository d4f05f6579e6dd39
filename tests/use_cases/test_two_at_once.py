"""Two people, one hop: exactly one decision happens, the other person is told who was first (R-099, S-73)."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from sqlalchemy import func, select, update

from service.domain.errors import Refused
from service.domain.transfers.actions import Action
from service.storage.db import execute, reading, transaction
from service.storage.organisations import organisations
from service.storage.transfers import history, letters
from service.use_cases.accounts.open_account import open_account
from service.use_cases.transfers import decide as deciding
from service.use_cases.transfers.decide import decide
from service.use_cases.transfers.recording import record
from service.use_cases.transfers.submit_transfer import submit_transfer
from tests.reference.seeding import World
from tests.use_cases.conftest import MakeWorld
from tests.use_cases.walker import FORM, NOW, Played, submit

RACES = 500


@pytest.mark.scenario("S-73")
@pytest.mark.requirement("R-099")
def test_of_two_approvals_of_one_hop_exactly_one_happens(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    officers = second_officer(world)
    started = [submit(world, "A1-T1-B1", "A2-T1-B1", starter="A1-T1-B1") for _ in range(RACES)]
    with ThreadPoolExecutor(2) as pool:
        for played in started:
            outcomes = race(world, played, officers, pool)
            assert sorted(outcomes) == ["E_ALREADY_DECIDED", "ok"], outcomes
    with reading():
        issued = select(letters.table.c.transfer_id, func.count()).group_by(letters.table.c.transfer_id)
        assert {number for _, number in execute(issued)} == {2}
        events = select(history.table.c.transfer_id, func.count()).group_by(history.table.c.transfer_id)
        assert {number for _, number in execute(events)} == {2}
        assert all(history.first_fault(played.id) is None for played in started[:20])


def race(world: World, played: Played, officers: list, pool: ThreadPoolExecutor) -> list[str]:
    version, barrier = played.stored.version, Barrier(2)

    def approve(officer: object) -> str:
        with world.app.app_context():
            barrier.wait()
            try:
                decide(
                    played.id,
                    version=version,
                    answers={"decision": "approve_and_issue"},
                    actor=officer,
                    key=f"race-{played.id}",
                    now=NOW,
                    deployment=world.deployment,
                )
            except Refused as refusal:
                assert "管理员" in refusal.message_zh
                return refusal.code
            return "ok"

    return list(pool.map(approve, officers))


def second_officer(world: World) -> list:
    first = world.admins["A1-T1"]
    with transaction():
        account = open_account("adm2-A1-T1", name="管理员二", password=None, deployment=world.deployment)
    return [first, replace(first, account_id=account, name="管理员二")]


@pytest.mark.requirement("R-099")
def test_the_same_request_twice_has_one_effect_and_one_answer(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    played = submit(world, "A1-T1-B1", "A2-T1-B1", starter="A1-T1-B1")
    officer, version = world.admins["A1-T1"], played.stored.version

    def send(key: str, **answers: object) -> object:
        asked = {"decision": "approve_and_issue", **answers}
        return decide(
            played.id, version=version, answers=asked, actor=officer, key=key, now=NOW, deployment=world.deployment
        )

    first, second = send("one"), send("one")
    assert not first.replayed
    assert second.replayed
    assert first.plain() == second.plain()
    with pytest.raises(Refused, match="E_IDEMPOTENCY_REUSED"):
        send("one", opinion="不同")
    with pytest.raises(Refused, match="E_STALE"):
        send("two")
    with reading():
        assert len(letters.of_transfer(played.id)) == 2


@pytest.mark.requirement("R-204")
def test_nobody_is_placed_in_a_branch_that_is_dissolved_meanwhile(
    make_world: MakeWorld, database_kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if database_kind == "sqlite":
        return  # two changes at once there are none
    world = make_world("national")
    played = submit(world, "GU-1-B1", "GU-2", starter="GU-1")
    branch = organisations.table.c.code == "GU-2-B1"

    def dissolve() -> None:
        with world.app.app_context(), transaction():
            execute(update(organisations.table).where(branch).values(status="DISSOLVED"))
            organisations.tree_changed()

    def recorded_late(*args: object, **known: object) -> object:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(dissolve).result()
        return record(*args, **known)

    monkeypatch.setattr(deciding, "record", recorded_late)
    with pytest.raises(Refused, match="E_STALE"):
        played.act(Action.RECEIVE, branch="GU-2-B1")
    monkeypatch.undo()
    with pytest.raises(Refused, match="E_TARGET_NOT_ALLOWED"):
        played.act(Action.RECEIVE, branch="GU-2-B1")


@pytest.mark.requirement("R-057")
def test_of_two_applications_of_one_member_exactly_one_is_created(make_world: MakeWorld) -> None:
    world = make_world("fujian")
    member = world.newcomer("A1-T1-B1")
    barrier = Barrier(2)

    def apply(key: str) -> str:
        with world.app.app_context():
            barrier.wait()
            try:
                submit_transfer(
                    {**FORM, "target": "A1-T1-B2"}, actor=member, key=key, now=NOW, deployment=world.deployment
                )
            except Refused as refusal:
                return refusal.code
            return "ok"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(apply, ("a", "b"))) == ["E_TRANSFER_IN_PROGRESS", "ok"]
