"""Whose work a transfer is: to-do, handled, auto-approved (R-157, R-175), and who may revoke it by that (R-111)."""

import pytest

from service.domain.accounts.actors import Actor
from service.domain.errors import Refused
from service.domain.transfers.actions import Action
from service.storage.db import reading
from service.storage.transfers.letters import of_transfer
from service.use_cases.transfers.list_inbox import ListName, list_transfers
from tests.reference.seeding import World
from tests.use_cases.conftest import MakeWorld
from tests.use_cases.walker import Played, submit


def organisations_with(world: World, played: Played, name: ListName) -> set[str]:
    """Whose list of this name shows the transfer."""
    found = set()
    for code, actor in world.admins.items():
        rows = list_transfers(name, actor=actor, deployment=world.deployment).items
        if played.id in {row.id for row in rows}:
            found.add(code)
    return found


@pytest.mark.requirement("R-157")
@pytest.mark.requirement("R-155")
@pytest.mark.scenario("S-01")
def test_what_the_system_approved_stands_in_a_list_of_its_own(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    played = submit(world, "A1-T1-B1", "A1-T2-B1", starter="A1-T1")
    lists = {
        name: organisations_with(world, played, name)
        for name in (ListName.TO_DO, ListName.HANDLED, ListName.AUTO_APPROVED)
    }
    # A1-T1-B1 was filled in, A1 approved automatically: neither did anything.
    assert lists == {ListName.TO_DO: {"A1-T2"}, ListName.HANDLED: {"A1-T1"}, ListName.AUTO_APPROVED: {"A1"}}
    with reading():
        automatic = {letter.position: letter.is_automatic for letter in of_transfer(played.id)}
    assert automatic == {0: True, 1: False, 2: True}
    played.act(Action.RETURN)
    assert organisations_with(world, played, ListName.TO_DO) == {"A1"}
    played.act(Action.APPROVE_AND_ISSUE)
    assert organisations_with(world, played, ListName.HANDLED) == {"A1-T1", "A1"}
    played.to_end()
    assert organisations_with(world, played, ListName.HANDLED) == set()


@pytest.mark.requirement("R-158")
def test_without_the_permission_it_is_a_to_do(make_world: MakeWorld) -> None:
    world = make_world("shandong", changes={"A1": {"auto_approve_children": False}})
    played = submit(world, "A1-T1-B1", "A1-T2-B1", starter="A1-T1-B1").forward()
    assert (played.stored.step, organisations_with(world, played, ListName.TO_DO)) == ("decide_receiving", {"A1"})
    assert organisations_with(world, played, ListName.AUTO_APPROVED) == set()


@pytest.mark.requirement("R-111")
@pytest.mark.requirement("R-175")
def test_who_has_it_among_the_handled_may_revoke_it_and_nobody_else(make_world: MakeWorld) -> None:
    world = make_world("national")
    played = submit(world, "GU-1-B1", "RC1-T-B1", starter="GU-1")
    for action in (Action.APPROVE, Action.RECEIVE):
        handled = organisations_with(world, played, ListName.HANDLED)
        may_revoke = {code for code, actor in world.admins.items() if may(played, actor)}
        assert may_revoke == handled, action
        played.act(action)
    assert organisations_with(world, played, ListName.HANDLED) == {"GU-1", "RC1", "RC1-T"}
    played.act(Action.REVOKE, world.admins["RC1"])
    assert organisations_with(world, played, ListName.HANDLED) == set()


def may(played: Played, actor: Actor) -> bool:
    try:
        return Action.REVOKE in played.view(actor).actions
    except Refused as refusal:
        assert refusal.code == "E_NOT_FOUND"
        return False
