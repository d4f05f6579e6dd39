"""What history keeps of each step, and what a page of yesterday is told (R-087, R-099, R-101, R-116, R-120, R-214)."""

from datetime import timedelta

import pytest

from service.domain.errors import Refused
from service.domain.transfers.actions import Action
from service.storage.db import reading
from service.storage.transfers import history, letters
from service.use_cases.letters.show_letter import LetterView, show_letter
from service.use_cases.transfers.decide import decide
from service.use_cases.transfers.show_transfer import EventView
from tests.use_cases.conftest import MakeWorld
from tests.use_cases.walker import NOW, Played, submit


def trace(played: Played, reader: str) -> tuple[EventView, ...]:
    return played.view(played.world.admins[reader]).events


def letter_of(played: Played, position: int, *, reader: str) -> LetterView:
    with reading():
        letter = next(each for each in letters.of_transfer(played.id) if each.position == position)
    return show_letter(letter.id, actor=played.world.admins[reader], now=played.now, deployment=played.world.deployment)


@pytest.mark.requirement("R-101")
@pytest.mark.requirement("R-214")
def test_who_did_what_for_whom_when_and_with_which_words(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    played = submit(world, "A1-T1-B1", "A2-T1-B1", starter="A1-T1-B1")
    played.act(Action.APPROVE_AND_ISSUE, opinion="同意转出").act(Action.RETURN, reason="抬头有误")
    _, approved, returned = trace(played, "A1")
    assert (approved.who, approved.org, approved.org_name) == ("管理员A1-T1", "A1-T1", "柳溪镇党委")
    assert (approved.action, approved.position, approved.is_automatic) == ("approve_and_issue", 1, False)
    assert approved.at == NOW + timedelta(minutes=1)
    assert approved.told["opinion"] == "同意转出"
    with reading():
        assert approved.letter_no == letters.of_transfer(played.id)[1].number
    assert (approved.from_state, approved.to_state) == ("IN_PROGRESS", "IN_PROGRESS")
    assert (returned.org, returned.told["reason"], returned.letter_no) == ("A1", "抬头有误", None)


@pytest.mark.requirement("R-116")
def test_history_keeps_the_old_and_the_new_target(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    played = submit(world, "A1-T1-B1", "A1-T2", starter="A1-T1-B1").forward()
    played.act(Action.ADJUST_RECEIVER, target="A1-T2-B1")
    last = trace(played, "A1-T2")[-1]
    assert (last.told["old_target"], last.told["new_target"]) == ("A1-T2", "A1-T2-B1")
    assert (last.who, last.at, last.action) == ("管理员A1-T2", played.now, "adjust_receiver")


@pytest.mark.requirement("R-116")
def test_also_of_a_target_that_came_with_an_approval_or_a_new_application(make_world: MakeWorld) -> None:
    beijing = submit(make_world("beijing"), "XU-C1-B1", "XA-S1").forward().forward()
    beijing.act(Action.APPROVE_IN_CITY, target="XU-C2")
    told = trace(beijing, "XU-C1")[-1].told
    assert (told["old_target"], told["new_target"]) == ("XA-S1", "XU-C2")
    national = submit(make_world("national"), "GU-1-B1", "RC1-T-B1", starter="GU-1")
    national.act(Action.DISAPPROVE).act(Action.SUBMIT, target="RC")
    told = trace(national, "GU-1")[-1].told
    assert (told["old_target"], told["new_target"]) == ("RC1-T-B1", "RC")


@pytest.mark.requirement("R-087")
@pytest.mark.requirement("R-120")
@pytest.mark.scenario("S-08")
def test_what_the_system_filled_in_is_said_to_be_on_behalf_of_whom(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    played = submit(world, "A1-T1-B1", "A1-T2-G-B1", starter="A1-T1")
    played.act(Action.RECEIVE)
    filled = [(each.org, each.told["on_behalf_of"]) for each in trace(played, "A1-T1") if each.action == "auto_fill"]
    assert filled == [("A1-T1-B1", "A1-T1"), ("A1-T2-G", "A1-T2"), ("A1-T2-G-B1", "A1-T2")]
    with reading():
        numbers = {each.position: each.number for each in letters.of_transfer(played.id)}
    written = {each.position: each.letter_no for each in trace(played, "A1-T1") if each.letter_no}
    assert written == numbers
    # The branch that was filled in reads the letter written to it, as if it had received it by hand.
    last = letter_of(played, 4, reader="A1-T2-G-B1").snapshot
    assert (last["issuer"], last["addressee"]) == ("白塔乡机关党总支", "白塔乡机关党支部")


@pytest.mark.requirement("R-099")
def test_a_second_page_of_the_same_person_is_told_what_he_did_himself(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    played = submit(world, "A1-T1-B1", "A2-T1-B1", starter="A1-T1-B1")
    seen, officer = played.stored.version, world.admins["A1-T1"]
    played.forward().forward()
    with pytest.raises(Refused, match="E_STALE") as refusal:
        old_page(played, seen, officer)
    assert "您已于 2025-03-10 09:01 办理“同意并开新信”" in refusal.value.message_zh
    assert 'you did "Approve and issue letter" at 2025-03-10 09:01' in refusal.value.message_en
    with pytest.raises(Refused, match="E_ALREADY_DECIDED") as other:
        old_page(played, seen, world.admins["A1"])
    assert "管理员A1-T1 已于 2025-03-10 09:01 办理“同意并开新信”" in other.value.message_zh


@pytest.mark.requirement("R-099")
@pytest.mark.parametrize("version", [0, 99])
def test_a_version_that_nobody_ever_saw_is_stale(make_world: MakeWorld, version: int) -> None:
    world = make_world("shandong")
    played = submit(world, "A1-T1-B1", "A2-T1-B1", starter="A1-T1-B1")
    with pytest.raises(Refused, match="E_STALE"):
        old_page(played, version, world.admins["A1-T1"])


def old_page(played: Played, version: int, actor: object) -> None:
    """Send a decision that was filled in on a page of that version."""
    with reading():
        before = len(history.of_transfer(played.id))
    try:
        decide(
            played.id,
            version=version,
            answers={"decision": "approve_and_issue"},
            actor=actor,
            key=f"old-{version}-{id(actor)}",
            now=played.now,
            deployment=played.world.deployment,
        )
    finally:
        with reading():
            assert len(history.of_transfer(played.id)) == before
