"""Administrators who transfer themselves, on both databases and in every profile (R-198–R-201)."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa

from service.domain.accounts.actors import Actor
from service.domain.accounts.roles import Role
from service.domain.applying.choosing import Chosen
from service.domain.errors import Refused
from service.domain.transfers.actions import Action
from service.storage.accounts import grants
from service.storage.accounts.grants import NewGrant
from service.storage.db import execute, transaction
from tests.reference.seeding import World
from tests.use_cases.attempts import attempt, outcome, refusal, started
from tests.use_cases.conftest import MakeWorld
from tests.use_cases.walker import submit


def appoint(world: World, actor: Actor, org: str, role: Role = Role.LIAISON) -> None:
    with transaction():
        grants.add(NewGrant(actor.account_id, role, world.chains[org][0].id))


def relieve(world: World, actor: Actor, org: str) -> None:
    held = grants.table.c
    here = sa.and_(held.account_id == actor.account_id, held.org_id == world.chains[org][0].id)
    with transaction():
        execute(sa.delete(grants.table).where(here))


@pytest.fixture
def fujian(make_world: MakeWorld) -> World:
    """陈样例 is the only liaison of A2-T1-B1, 冯样例 another member."""
    world = make_world("fujian")
    relieve(world, world.admins["A2-T1-B1"], "A2-T1-B1")
    world.people["冯样例"] = world.people["A2-T1-B1"]
    world.people["陈样例"] = world.newcomer("A2-T1-B1", name="陈样例")
    appoint(world, world.people["陈样例"], "A2-T1-B1")
    return world


@pytest.mark.requirement("R-198")
@pytest.mark.scenario("S-43")
def test_undone_tasks_hold_him(fujian: World) -> None:
    chen = fujian.people["陈样例"]
    relieve(fujian, fujian.people["陈样例"], "A2-T1-B1")
    appoint(fujian, chen, "A2-T1")
    task = submit(fujian, "A2-T1-B1", "A1-T2-B1").forward()
    refused = refusal(lambda: started(fujian, chen, {"target": "A1-T2-B1"}))
    assert refused.code == "E_ADMIN_PENDING_TASKS"
    assert refused.message_zh == "管理员您好，您还有未办理的事项，请先办理完才能申请转出"
    # The same when another administrator submits for him.
    county, chosen = fujian.admins["A2"], Chosen(chen.member_id)
    assert attempt(fujian, county, {"target": "A1-T2-B1"}, chosen=chosen) == "E_ADMIN_PENDING_TASKS"
    task.act(Action.APPROVE, fujian.admins["A2-T1"])
    assert attempt(fujian, chen, {"target": "A1-T2-B1"}) == "ok"


@pytest.mark.requirement("R-199")
@pytest.mark.scenario("S-44")
def test_the_only_one_is_succeeded_first(fujian: World) -> None:
    chen, feng = fujian.people["陈样例"], fujian.people["冯样例"]
    assert attempt(fujian, chen, {"target": "A1-T2-B1"}) == "E_ADMIN_SUCCESSOR_REQUIRED"
    # Who administers nothing goes.
    assert attempt(fujian, fujian.newcomer("A2-T1-B1"), {"target": "A1-T2-B1"}) == "ok"
    appoint(fujian, feng, "A2-T1-B1")
    relieve(fujian, chen, "A2-T1-B1")
    # The branch's one open task is no longer his.
    assert attempt(fujian, chen, {"target": "A1-T2-B1"}) == "ok"


@pytest.mark.requirement("R-200")
def test_of_several_one_stays(fujian: World) -> None:
    chen, feng = fujian.people["陈样例"], fujian.people["冯样例"]
    third = fujian.newcomer("A2-T1-B1", name="第三人")
    appoint(fujian, feng, "A2-T1-B1")
    first = started(fujian, feng, {"target": "A1-T2-B1"})
    first.act(Action.APPROVE, chen_at_work(fujian))
    # 冯样例 is on his way, so nobody would stay.
    assert attempt(fujian, chen, {"target": "A1-T2-B1"}) == "E_LAST_ADMIN_LEAVING"
    appoint(fujian, third, "A2-T1-B1")
    assert attempt(fujian, chen, {"target": "A1-T2-B1"}) == "ok"


@pytest.mark.requirement("R-200")
def test_an_account_that_is_no_member_stays(fujian: World) -> None:
    chen = fujian.people["陈样例"]
    appoint(fujian, fujian.admins["A1"], "A2-T1-B1", Role.VIRTUAL_ADMIN)
    assert attempt(fujian, chen, {"target": "A1-T2-B1"}) == "ok"


def chen_at_work(world: World) -> Actor:
    chen = world.people["陈样例"]
    return Actor(chen.account_id, chen.name, Role.LIAISON, world.chains["A2-T1-B1"][0], chen.member_id)


@pytest.mark.requirement("R-201")
@pytest.mark.requirement("R-020")
@pytest.mark.scenario("S-36")
def test_the_last_member_may_go(make_world: MakeWorld) -> None:
    world = make_world("fujian")
    han = world.people["A2-T2-B1"]
    relieve(world, world.admins["A2-T2-B1"], "A2-T2-B1")
    appoint(world, han, "A2-T2-B1")
    played = started(world, han, {"target": "A1-T1-B1"})
    assert [hop.code for hop in played.transfer.hops][:4] == [None, "A2-T2-B1", "A2-T2", "A2"]
    played.act(Action.WITHDRAW_APPLICATION, han).act(Action.VOID, han)
    # With another member in the branch he may not.
    world.newcomer("A2-T2-B1")
    assert attempt(world, han, {"target": "A1-T1-B1"}) == "E_ADMIN_SUCCESSOR_REQUIRED"


@pytest.mark.requirement("R-200")
def test_of_two_who_leave_at_once_one_stays(fujian: World) -> None:
    chen, feng = fujian.people["陈样例"], fujian.people["冯样例"]
    fujian.newcomer("A2-T1-B1")
    appoint(fujian, feng, "A2-T1-B1")
    barrier = Barrier(2)

    def leave(actor: Actor) -> str:
        with fujian.app.app_context():
            barrier.wait()
            try:
                started(fujian, actor, {"target": "A1-T2-B1"})
            except Refused as refused:
                return refused.code
            return "ok"

    with ThreadPoolExecutor(2) as pool:
        codes = sorted(pool.map(leave, (chen, feng)))
    # Who comes second has the first one's application to decide before he thinks of leaving.
    assert codes == ["E_ADMIN_PENDING_TASKS", "ok"]


@pytest.mark.requirement("R-200")
def test_of_two_who_leave_a_branch_that_is_skipped_one_stays(make_world: MakeWorld) -> None:
    # The branch has no hop of its own, so that the first one's application leaves no task behind.
    world = make_world("default", changes={"A2-T1-B1": {"can_transfer": False}})
    relieve(world, world.admins["A2-T1-B1"], "A2-T1-B1")
    pair = [world.newcomer("A2-T1-B1"), world.newcomer("A2-T1-B1")]
    for each in pair:
        appoint(world, each, "A2-T1-B1", Role.BRANCH_ADMIN)
    barrier = Barrier(2)

    def leave(actor: Actor) -> str:
        with world.app.app_context():
            barrier.wait()
            try:
                started(world, actor, {"target": "A1-T2-B1"})
            except Refused as refused:
                return refused.code
            return "ok"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(leave, pair)) == ["E_LAST_ADMIN_LEAVING", "ok"]


SOLE = {
    "beijing": ("XU-C1-B1", "XU-C1-B2", ""),
    "beijing-cuc": ("XU-C1-B1", "XU-C1-B2", ""),
    "national": ("GU-1-B1", "GU-2", "GU-1"),
    "shandong": ("A1-T1-B1", "A1-T2-B1", "A1-T1"),
    "default": ("A1-T1-B1", "A1-T2-B1", ""),
}


@pytest.mark.requirement("R-198")
@pytest.mark.requirement("R-199")
@pytest.mark.parametrize("profile", sorted(SOLE))
def test_the_rules_hold_in_every_profile(make_world: MakeWorld, profile: str) -> None:
    world = make_world(profile)
    origin, target, starter = SOLE[profile]
    he = world.newcomer(origin)
    relieve(world, world.admins[origin], origin)
    appoint(world, he, origin, Role.BRANCH_ADMIN)
    actor, chosen = (world.admins[starter], Chosen(he.member_id)) if starter else (he, Chosen())
    assert attempt(world, actor, {"target": target}, chosen=chosen) == "E_ADMIN_SUCCESSOR_REQUIRED"
    appoint(world, world.people[origin], origin, Role.BRANCH_ADMIN)
    assert attempt(world, actor, {"target": target}, chosen=chosen) == "ok"


@pytest.mark.requirement("R-198")
def test_what_came_back_to_his_own_organisation_does_not_bar_itself(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    he = world.newcomer("A2-T1-B1")
    appoint(world, he, "A2-T1-B1", Role.BRANCH_ADMIN)
    played = started(world, world.admins["A2-T1-B1"], {"target": "A1-T2-B1"}, chosen=Chosen(he.member_id))
    played.act(Action.RETURN, world.admins["A2-T1"])
    assert outcome(lambda: played.act(Action.APPROVE_AND_ISSUE, world.admins["A2-T1-B1"])) == "ok"
