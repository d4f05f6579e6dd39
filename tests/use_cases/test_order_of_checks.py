"""The checks of a start speak in their order, each only when those before it are silent (R-227)."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from service.domain.accounts.roles import Role
from service.domain.applying.choosing import Chosen
from service.domain.members.members import MemberStatus
from service.storage.accounts import grants
from service.storage.accounts.grants import NewGrant
from service.storage.db import execute, transaction
from service.storage.members import members
from service.storage.organisations import organisations
from tests.reference.seeding import World
from tests.use_cases.attempts import attempt, rows, started
from tests.use_cases.conftest import MakeWorld
from tests.use_cases.walker import OUTSIDE

# Answers in which every group from the target on is wrong; each step puts one of them right.
WRONG = {
    "target": "A1-T1-B1",
    "variety": "INTERNAL",
    "out_type": "ABROAD",
    "dues_paid_to": "2030-01",
    "attestation": None,
}
STEPS = [
    ({}, "E_TARGET_MUST_BE_TEXT"),
    ({"out_type": "OTHER_CITY"}, "E_SAME_BRANCH"),
    ({"target": "A1-T1"}, "E_TARGET_IS_SUPERIOR"),
    ({"target": "H-O"}, "E_TARGET_NOT_ALLOWED"),
    ({"target": "A1-T2-B1"}, "E_VARIETY_MISMATCH"),
    ({"variety": None}, "E_OUT_TYPE_MISMATCH"),
    ({"out_type": None}, "E_DUES_FUTURE"),
    ({"dues_paid_to": "2025-03"}, "E_ATTESTATION_REQUIRED"),
    ({"attestation": True}, "ok"),
]


@pytest.mark.requirement("R-227")
def test_group_after_group(make_world: MakeWorld) -> None:
    world = make_world("default")
    zhang = world.newcomer("A1-T1-B1", name="张样例", id_number="379901198501010017")
    typed = Chosen(name="李样例", id_number="379901198501010017")
    right = replace(typed, name="张样例")
    running = started(world, world.admins["A1-T1-B1"], {"target": "A1-T2-B1"}, chosen=right)
    lame = {"can_transfer": False}
    change(organisations.table, code("A1-T2"), **lame)
    become(zhang.member_id, MemberStatus.MEMBERSHIP_SUSPENDED)
    office_of(world, zhang.account_id, "A1-T1-B1")
    task = started(world, world.people["A1-T1-B1"], {"target": "A1-T2-B1"})

    def now(starter: str, chosen: Chosen = typed) -> str:
        return attempt(world, world.admins[starter], WRONG, chosen=chosen)

    assert now("A1") == "E_START_NOT_ALLOWED"
    assert now("A1-T2") == "E_NO_TRANSFER_PERMISSION"
    assert now("B1-S1-B1") == "E_NOT_SUBORDINATE"
    assert now("A1-T1") == "E_ID_MISMATCH"
    assert now("A1-T1", right) == "E_MEMBER_SUSPENDED"
    become(zhang.member_id, MemberStatus.ACTIVE)
    assert now("A1-T1", right) == "E_TRANSFER_IN_PROGRESS"
    running.to_end()
    change(members.table, members.table.c.id == zhang.member_id, branch_id=world.chains["A1-T1-B1"][0].id)
    assert now("A1-T1", right) == "E_ADMIN_PENDING_TASKS"
    task.forward()
    given = dict(WRONG)
    for correction, expected in STEPS:
        given |= correction
        assert attempt(world, world.admins["A1-T1"], given, chosen=right) == expected, correction


@pytest.mark.requirement("R-227")
@pytest.mark.requirement("R-007")
@pytest.mark.scenario("S-77")
def test_the_route_comes_last(make_world: MakeWorld) -> None:
    bare = {code: {"authority_level": None} for code in ("P", "CA", "A2", "A2-T2")}
    world = make_world("fujian", changes=bare)
    han = world.people["A2-T2-B1"]
    assert attempt(world, han, {**OUTSIDE, "dues_paid_to": "2030-01"}) == "E_DUES_FUTURE"
    assert attempt(world, han, OUTSIDE) == "E_ROUTE_NO_AUTHORITY"


@pytest.mark.requirement("R-227")
def test_the_scope_comes_after_the_variety(make_world: MakeWorld) -> None:
    world = make_world("national")
    library, who = world.admins["GU-3"], Chosen(world.people["GU-3-B1"].member_id)
    wrong = {"target": "RC1-T", "variety": "INTRA_COUNTY", "out_type": "SAME_SYSTEM"}
    assert attempt(world, library, wrong, chosen=who) == "E_VARIETY_MISMATCH"
    assert attempt(world, library, {**wrong, "variety": "IN_PROVINCE"}, chosen=who) == "E_SCOPE_REQUIRED"
    assert attempt(world, library, {**wrong, "target": "GU-2", "variety": None}, chosen=who) == "E_OUT_TYPE_MISMATCH"


@pytest.mark.requirement("R-227")
def test_a_refusal_says_everything_in_both_languages_and_changes_nothing(make_world: MakeWorld) -> None:
    world = make_world("fujian")
    before = rows()
    assert attempt(world, world.people["A1-T1-B1"], {"target": None, "reason": None}) == "E_REQUIRED_FIELD"
    assert rows() == before


def code(text: str) -> sa.ColumnElement[bool]:
    return organisations.table.c.code == text


def change(table: sa.Table, where: sa.ColumnElement[bool], **values: object) -> None:
    with transaction():
        execute(sa.update(table).where(where).values(**values))
        organisations.tree_changed()


def become(member_id: int | None, status: MemberStatus) -> None:
    change(members.table, members.table.c.id == member_id, status=status.value)


def office_of(world: World, account_id: int, org: str) -> None:
    with transaction():
        grants.add(NewGrant(account_id, Role.BRANCH_ADMIN, world.chains[org][0].id))
