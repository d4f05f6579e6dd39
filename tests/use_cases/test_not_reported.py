"""The list of those who have not reported in, and where they go who are sent back from it (R-110, R-123, R-124)."""

import pytest

from service.domain.members.members import MemberStatus
from service.domain.transfers.actions import Action
from service.storage.db import reading
from service.storage.members import members
from service.use_cases.transfers.list_inbox import ListName, list_transfers
from tests.reference.seeding import VAULT, World
from tests.use_cases.conftest import MakeWorld
from tests.use_cases.walker import Played, come_in, submit


def listed(world: World, code: str, name: ListName = ListName.NOT_REPORTED) -> list[int]:
    return [row.id for row in list_transfers(name, actor=world.admins[code], deployment=world.deployment).items]


def branch(played: Played) -> str | None:
    with reading():
        return played.world.branch_of(played.member)


@pytest.mark.requirement("R-123")
@pytest.mark.scenario("S-48")
def test_received_members_stand_in_the_lists_of_the_branch_and_of_all_above_it(make_world: MakeWorld) -> None:
    world = make_world("national")
    played = submit(world, "GU-1-B1", "GU-2", starter="GU-1").forward()
    assert branch(played) == "GU-2-B1"
    lists = {code: listed(world, code) for code in ("GU-2-B1", "GU-2", "GU", "RE", "R", "GU-1", "GU-1-B1", "RC")}
    expected = [played.id]
    assert lists == {
        "GU-2-B1": expected, "GU-2": expected, "GU": expected, "RE": expected, "R": expected,
        "GU-1": [], "GU-1-B1": [], "RC": [],
    }  # fmt: skip
    assert listed(world, "GU-2-B1", ListName.TO_DO) == []
    played.act(Action.REPORT_IN, world.admins["R"])
    assert listed(world, "GU-2") == []


@pytest.mark.requirement("R-110")
def test_who_came_from_outside_goes_back_to_the_holding_node(make_world: MakeWorld) -> None:
    world = make_world("national", tree="T1")
    played = come_in(world, "A1-T1", starter="A1")
    assert branch(played) == "H-T"
    played.forward()
    placed = branch(played)
    assert placed is not None
    assert placed.startswith("A1-T1-")
    played.act(Action.RETURN_UNREPORTED, world.admins["A1"])
    assert (branch(played), played.transfer.hop.code) == ("H-T", "A1-T1")
    with reading():
        person = members.by_id(played.member.member_id or 0, VAULT)
    assert person is not None
    assert person.member.status is MemberStatus.PROVISIONAL
    played.to_end()
    assert branch(played) == placed


@pytest.mark.requirement("R-154")
def test_between_own_branches_the_member_moves_with_the_start_and_back_again(make_world: MakeWorld) -> None:
    world = make_world("national")
    played = submit(world, "GU-1-B1", "GU-1-B2", starter="GU-1")
    assert (branch(played), listed(world, "GU-1-B2")) == ("GU-1-B2", [played.id])
    played.act(Action.RETURN_UNREPORTED, world.admins["GU-1"])
    assert branch(played) == "GU-1-B1"
    played.act(Action.SUBMIT)
    assert branch(played) == "GU-1-B2"
    played.act(Action.REPORT_IN, world.admins["GU-1-B2"])
    assert played.transfer.state.is_final
