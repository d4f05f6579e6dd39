"""A member has one transfer at a time; what was confirmed is locked until it comes back (R-057, R-076–R-078)."""

import pytest

from service.domain.transfers.actions import Action
from service.domain.transfers.transfers import Cause, TransferState
from service.use_cases.transfers.list_inbox import ListName, list_transfers
from tests.reference.seeding import World
from tests.use_cases.attempts import attempt, outcome, started
from tests.use_cases.conftest import MakeWorld
from tests.use_cases.walker import OUTSIDE, Played, submit


def again(played: Played) -> str:
    """Whether its member can have another transfer now."""
    return attempt(played.world, played.member, {"target": "A1-T1-B1"})


@pytest.mark.requirement("R-057")
@pytest.mark.parametrize("profile", ["fujian", "default"])
def test_every_unfinished_state_bars_a_second_one(make_world: MakeWorld, profile: str) -> None:
    world = make_world(profile)
    played = submit(world, "A2-T1-B1", "A1-T2-B1")
    seen = {played.transfer.state}
    while not played.transfer.state.is_final:
        assert again(played) == "E_TRANSFER_IN_PROGRESS"
        played.forward()
        seen.add(played.transfer.state)
    assert again(played) == "ok"
    outside = submit(world, "A2-T1-B1", "")
    while not outside.transfer.state.is_final:
        assert again(outside) == "E_TRANSFER_IN_PROGRESS"
        outside.forward()
        seen.add(outside.transfer.state)
    # Who has left is no member here any more.
    assert again(outside) == "E_MEMBER_HISTORICAL"
    waiting = {
        "fujian": {TransferState.AWAITING_REPORT_IN, TransferState.AWAITING_OUTSIDE_CONFIRMATION},
        "default": {TransferState.AWAITING_RECEIPT},
    }
    assert waiting[profile] <= seen


@pytest.mark.requirement("R-057")
@pytest.mark.requirement("R-077")
@pytest.mark.requirement("R-078")
@pytest.mark.scenario("S-31")
def test_withdraw_void_and_apply_anew(make_world: MakeWorld) -> None:
    world = make_world("fujian")
    played = submit(world, "A2-T1-B1", "A1-T2-B1")
    feng = played.member
    assert again(played) == "E_TRANSFER_IN_PROGRESS"
    assert outcome(lambda: played.act(Action.VOID, feng)) == "E_VOID_NOT_ALLOWED"
    played.act(Action.WITHDRAW_APPLICATION, feng)
    assert (played.transfer.state, played.transfer.cause) == (TransferState.RETURNED_TO_APPLICANT, Cause.WITHDRAWN)
    assert again(played) == "E_TRANSFER_IN_PROGRESS"
    # His branch has nothing to void: it is his application.
    assert outcome(lambda: played.act(Action.VOID, world.admins["A2-T1-B1"])) == "E_NOT_CURRENT_HOP"
    played.act(Action.VOID, feng)
    assert played.transfer.state is TransferState.VOIDED
    assert again(played) == "ok"
    assert [line.status for line in own(world, played)] == ["IN_PROGRESS", "VOIDED"]


def own(world: World, played: Played) -> tuple:
    return list_transfers(ListName.OWN, actor=played.member, deployment=world.deployment).items


@pytest.mark.requirement("R-077")
@pytest.mark.scenario("S-32")
def test_an_application_is_withdrawn_until_somebody_decided(make_world: MakeWorld) -> None:
    world = make_world("fujian")
    played = submit(world, "A2-T1-B1", "A1-T2-B1")
    # Nobody else withdraws it, not even his branch.
    assert outcome(lambda: played.act(Action.WITHDRAW_APPLICATION, world.admins["A2-T1-B1"])) == "E_FORBIDDEN"
    assert outcome(lambda: played.act(Action.WITHDRAW_APPLICATION, world.admins["B1-S1"])) == "E_NOT_FOUND"
    played.forward()
    assert outcome(lambda: played.act(Action.WITHDRAW_APPLICATION, played.member)) == "E_WITHDRAW_TOO_LATE"


@pytest.mark.requirement("R-077")
@pytest.mark.parametrize(
    ("profile", "origin", "target", "starter"),
    [("national", "GU-1-B1", "RC1-T-B1", "GU-1"), ("shandong", "A1-T1-B1", "A2-T1-B1", "A1-T1-B1")],
)
def test_where_the_profile_knows_no_withdrawal(
    make_world: MakeWorld, profile: str, origin: str, target: str, starter: str
) -> None:
    world = make_world(profile)
    played = submit(world, origin, target, starter=starter)
    code = outcome(lambda: played.act(Action.WITHDRAW_APPLICATION, world.admins[starter]))
    assert code in ("E_NOT_CURRENT_HOP", "E_ACTION_NOT_ALLOWED")
    assert played.transfer.state is TransferState.IN_PROGRESS


@pytest.mark.requirement("R-078")
@pytest.mark.parametrize(
    ("profile", "origin", "target", "starter", "back", "code"),
    [
        ("fujian", "A2-T1-B1", "A1-T2-B1", "", Action.REJECT, "ok"),
        ("beijing", "XU-C1-B1", "XA-S1", "", Action.REJECT, "ok"),
        ("default", "A2-T1-B1", "A1-T2-B1", "", Action.RETURN, "ok"),
        ("shandong", "A2-T1-B1", "A1-T2-B1", "A2-T1-B1", Action.RETURN, "ok"),
        ("national", "GU-1-B1", "RC1-T-B1", "GU-1", Action.DISAPPROVE, "E_ACTION_NOT_ALLOWED"),
    ],
)
def test_what_came_back_may_be_voided(
    make_world: MakeWorld, profile: str, origin: str, target: str, starter: str, back: Action, code: str
) -> None:
    world = make_world(profile)
    played = submit(world, origin, target, starter=starter).act(back)
    assert played.transfer.at_application
    assert outcome(lambda: played.act(Action.VOID)) == code
    assert played.transfer.state is (TransferState.VOIDED if code == "ok" else TransferState.RETURNED_TO_APPLICANT)


@pytest.mark.requirement("R-076")
@pytest.mark.parametrize(
    ("profile", "origin", "target", "starter"),
    [
        ("fujian", "A2-T1-B1", "A1-T2-B1", ""), ("beijing", "XU-C1-B1", "XA-S1", ""),
        ("national", "GU-1-B1", "RC1-T-B1", "GU-1"), ("shandong", "A2-T1-B1", "A1-T2-B1", "A2-T1-B1"),
        ("default", "A2-T1-B1", "A1-T2-B1", ""), ("fujian", "A2-T1-B1", "", ""),
    ],
)  # fmt: skip
def test_what_was_confirmed_is_locked(
    make_world: MakeWorld, profile: str, origin: str, target: str, starter: str
) -> None:
    world = make_world(profile)
    played = submit(world, origin, target, starter=starter)
    starting = world.admins[starter] if starter else played.member
    edited = {"target": OUTSIDE["target"] if not target else origin, "dues_paid_to": "2025-02"}
    assert outcome(lambda: played.act(Action.SUBMIT, starting, **edited)) == "E_TRANSFER_LOCKED"
    assert played.view(starting).application["dues_paid_to"] == "2025-03"
    # It has left the starter's list and lies before the next organisation.
    holder = played.holder()
    assert [line.id for line in list_transfers(ListName.TO_DO, actor=holder, deployment=world.deployment).items] == [
        played.id
    ]
    name = ListName.HANDLED if starter else ListName.OWN
    assert played.id in [line.id for line in list_transfers(name, actor=starting, deployment=world.deployment).items]
    if starter:
        todo = list_transfers(ListName.TO_DO, actor=starting, deployment=world.deployment).items
        assert played.id not in [line.id for line in todo]


@pytest.mark.requirement("R-077")
@pytest.mark.requirement("R-057")
def test_of_a_withdrawn_application_another_can_be_made_by_voiding_it(make_world: MakeWorld) -> None:
    world = make_world("fujian")
    feng = world.people["A2-T1-B1"]
    first = started(world, feng, {"target": "A1-T2-B1"})
    first.act(Action.WITHDRAW_APPLICATION, feng).act(Action.SUBMIT, feng, target="A1-T1-B1")
    assert first.transfer.target.org.code == "A1-T1-B1"
    assert first.transfer.state is TransferState.IN_PROGRESS
