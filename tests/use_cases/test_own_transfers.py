"""Nobody decides on his own transfer where a colleague could (R-100, A-11)."""

from dataclasses import replace

import pytest

from service.domain.accounts.actors import Actor
from service.domain.accounts.roles import Role
from service.domain.errors import Refused
from service.domain.transfers.actions import Action
from service.storage.db import transaction
from service.use_cases.accounts.open_account import grant_role, open_account
from tests.reference.seeding import World
from tests.use_cases.conftest import MakeWorld
from tests.use_cases.walker import Played, submit


def himself(played: Played, code: str) -> Actor:
    """The administrator of an organisation, if he were the one who moves."""
    return replace(played.world.admins[code], member_id=played.member.member_id)


def colleague(world: World, code: str, role: Role = Role.LIAISON) -> None:
    org = world.chains[code][0]
    with transaction():
        account = open_account(f"second-{code}", name="另一位管理员", password=None, deployment=world.deployment)
        grant_role(account, role, org_id=org.id)


@pytest.mark.requirement("R-100")
def test_where_a_colleague_could_decide_he_does_not(make_world: MakeWorld) -> None:
    world = make_world("fujian")
    colleague(world, "A2-T1-B1")
    played = submit(world, "A2-T1-B1", "A1-T2-B1")
    officer = himself(played, "A2-T1-B1")
    assert Action.APPROVE not in played.view(officer).actions
    for action in (Action.APPROVE, Action.REJECT):
        with pytest.raises(Refused, match="E_FORBIDDEN"):
            played.act(action, officer)
    # As the member he is he may withdraw; as an officer of others he decides as ever.
    played.act(Action.WITHDRAW_APPLICATION, played.member).act(Action.SUBMIT, played.member)
    played.act(Action.APPROVE, world.admins["A2-T1-B1"])


@pytest.mark.requirement("R-100")
def test_the_only_administrator_decides_and_history_says_so(make_world: MakeWorld) -> None:
    world = make_world("fujian")
    colleague(world, "A2-T1-B1", Role.AUDITOR)
    played = submit(world, "A2-T1-B1", "A1-T2-B1")
    officer = himself(played, "A2-T1-B1")
    assert Action.APPROVE in played.view(officer).actions
    played.act(Action.APPROVE, officer)
    told = [each.told.get("self_decided") for each in played.view(officer).events]
    assert told == [None, True]
    played.forward()
    assert played.view(officer).events[-1].told.get("self_decided") is None


@pytest.mark.requirement("R-100")
@pytest.mark.parametrize("code", ["GU-2-B1", "GU-2"])
def test_nobody_reports_himself_in_from_the_list_where_a_colleague_could(make_world: MakeWorld, code: str) -> None:
    world = make_world("national")
    colleague(world, code, Role.COMMITTEE_ADMIN if code == "GU-2" else Role.BRANCH_ADMIN)
    played = submit(world, "GU-1-B1", "GU-2", starter="GU-1").forward()
    officer = himself(played, code)
    assert not {Action.REPORT_IN, Action.RETURN_UNREPORTED} & set(played.view(officer).actions)
    for action in (Action.REPORT_IN, Action.RETURN_UNREPORTED) if code == "GU-2" else (Action.REPORT_IN,):
        with pytest.raises(Refused, match="E_FORBIDDEN"):
            played.act(action, officer)
    played.act(Action.REPORT_IN, world.admins[code])
    assert played.view(world.admins[code]).events[-1].told.get("self_decided") is None


@pytest.mark.requirement("R-100")
def test_the_only_administrator_above_reports_himself_in_and_history_says_so(make_world: MakeWorld) -> None:
    world = make_world("national")
    played = submit(world, "GU-1-B1", "GU-2", starter="GU-1").forward()
    officer = himself(played, "GU-2")
    played.act(Action.REPORT_IN, officer)
    assert played.view(officer).events[-1].told["self_decided"] is True
