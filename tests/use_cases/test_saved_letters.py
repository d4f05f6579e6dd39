"""A letter says what was completed in it before it was saved (R-094, R-096, R-059), and what the new target is (R-115)."""

from typing import Any

import pytest

from service.domain.errors import Refused
from service.domain.letters.letters import LetterState
from service.domain.transfers.actions import Action
from service.storage.db import reading
from service.storage.transfers import letters
from service.use_cases.letters.show_letter import show_letter
from tests.use_cases.conftest import MakeWorld
from tests.use_cases.walker import Played, submit


def stored(played: Played) -> list[letters.Letter]:
    with reading():
        return list(letters.of_transfer(played.id))


def shown(played: Played, reader: str, number: int = -1) -> Any:
    letter = stored(played)[number]
    return show_letter(letter.id, actor=played.world.admins[reader], now=played.now, deployment=played.world.deployment)


@pytest.mark.requirement("R-096")
@pytest.mark.scenario("S-40")
def test_the_committee_edits_the_letter_that_the_county_sends(make_world: MakeWorld) -> None:
    played = submit(make_world("fujian"), "A2-T1-B1", "").forward()
    with pytest.raises(Refused, match="E_LETTER_NOT_SAVED"):
        played.act(Action.APPROVE, letter_heading="中共新样例市委组织部")
    before = played.stored.version
    played.act(Action.SAVE_LETTER, letter_heading="中共新样例市委组织部", validity_days=30, contact="13900000009")
    assert (played.transfer.hop.code, played.stored.version) == ("A2-T1", before + 1)
    played.act(Action.APPROVE, letter_heading="中共新样例市委组织部").forward()
    (letter,) = stored(played)
    assert (letter.validity_days, letter.state) == (30, LetterState.ISSUED)
    assert letter.valid_until == played.stored.valid_until
    texts = shown(played, "A2").snapshot
    assert (texts["addressee"], texts["contact"], texts["validity_days"]) == ("中共新样例市委组织部", "13900000009", 30)
    assert texts["number"] == letter.number


@pytest.mark.requirement("R-096")
def test_nobody_else_writes_into_the_letter(make_world: MakeWorld) -> None:
    played = submit(make_world("fujian"), "A2-T1-B1", "")
    for field, value in (("letter_heading", "某市委"), ("contact", "13900000009"), ("dues_paid_to", "2025-02")):
        with pytest.raises(Refused, match="E_FIELD_READONLY") as refusal:
            played.act(Action.APPROVE, **{field: value})
        assert [each.field for each in refusal.value.fields] == [field]
    assert stored(played) == []


@pytest.mark.requirement("R-094")
@pytest.mark.requirement("R-059")
@pytest.mark.scenario("S-61")
def test_a_branch_in_beijing_completes_its_letter_when_it_saves_it(make_world: MakeWorld) -> None:
    world = make_world("beijing")
    played = submit(world, "XU-C1-B1", "XA-S1", starter="XU-C1-B1", dues_paid_to="", contact="")
    played.act(Action.APPROVE)
    assert [letter.state for letter in stored(played)] == [LetterState.DRAFT]
    with pytest.raises(Refused, match="E_REQUIRED_FIELD") as refusal:
        played.act(Action.SAVE_LETTER)
    assert [each.field for each in refusal.value.fields] == ["dues_paid_to"]
    with pytest.raises(Refused, match="E_DUES_FUTURE"):
        played.act(Action.SAVE_LETTER, dues_paid_to="2025-04")
    with pytest.raises(Refused, match="E_VALIDITY_NOT_ALLOWED"):
        played.act(Action.SAVE_LETTER, dues_paid_to="2025-03", validity_days=15)
    played.act(Action.SAVE_LETTER, dues_paid_to="2025-03", validity_days=90)
    texts = shown(played, "XU-C1-B1").snapshot
    assert (texts["dues_paid_to"], texts["validity_days"], texts["contact"]) == ("2025-03", 90, "13900000001")
    assert [letter.state for letter in stored(played)] == [LetterState.ISSUED]
    # The college completes its own letter; what the branch entered stands in it.
    played.act(Action.APPROVE_IN_CITY).act(Action.SAVE_LETTER)
    assert shown(played, "XU-C1").snapshot["dues_paid_to"] == "2025-03"
    assert played.transfer.hop.code == "XA-S1"


@pytest.mark.requirement("R-115")
@pytest.mark.requirement("R-114")
def test_the_open_letter_names_the_new_receiver_at_once(make_world: MakeWorld) -> None:
    played = submit(make_world("shandong"), "A1-T1-B1", "A1-T2", starter="A1-T1-B1").forward()
    before = stored(played)
    played.act(Action.ADJUST_RECEIVER, target="A1-T2-B1")
    after = stored(played)
    assert [letter.number for letter in after] == [letter.number for letter in before]
    assert after[-1].addressee_id == before[-1].addressee_id
    assert shown(played, "A1-T2").snapshot["to"] == "白塔村党支部"


@pytest.mark.requirement("R-115")
def test_a_letter_to_somebody_else_is_a_new_letter(make_world: MakeWorld) -> None:
    played = submit(make_world("national"), "GU-1-B1", "RC1-T-B1", starter="GU-1")
    played.act(Action.DISAPPROVE).act(Action.SUBMIT, target="RC")
    assert [letter.state for letter in stored(played)] == [LetterState.SUPERSEDED, LetterState.ISSUED]
    assert shown(played, "GU-1").snapshot["to"] == "平远市委"


@pytest.mark.requirement("R-093")
def test_a_committee_in_beijing_chooses_category_and_target_for_good(make_world: MakeWorld) -> None:
    played = submit(make_world("beijing"), "XU-C1-B1", "XA-S1").forward().forward()
    with pytest.raises(Refused, match="E_REQUIRED_FIELD") as refusal:
        played.act(Action.APPROVE_IN_CITY, out_type="", target="")
    assert [each.field for each in refusal.value.fields] == ["out_type", "target"]
    played.act(Action.APPROVE_IN_CITY, out_type="OTHER_CITY", target="XU-C2").act(Action.SAVE_LETTER)
    assert played.transfer.out_type == "OTHER_CITY"
    assert (played.transfer.target.name, played.transfer.hop.code) == ("经济学院党委", "XU-C2")
    assert shown(played, "XU-C2").snapshot["addressee"] == "经济学院党委"
    played.to_end()
    with reading():
        assert played.world.branch_of(played.member) == "XU-C2-B1"


@pytest.mark.requirement("R-090")
def test_who_has_the_item_reads_its_letter_first_and_a_stranger_does_not(make_world: MakeWorld) -> None:
    played = submit(make_world("shandong"), "A1-T1-B1", "A2-T1-B1", starter="A1-T1-B1").forward()
    assert played.transfer.hop.code == "A1"
    assert shown(played, "A1").snapshot["addressee"] == "东岭县委"
    with pytest.raises(Refused, match="E_NOT_FOUND"):
        shown(played, "B1")


@pytest.mark.requirement("R-105")
def test_the_reason_stands_on_the_letter_that_came_back(make_world: MakeWorld) -> None:
    played = submit(make_world("shandong"), "A1-T1-B1", "A2-T1-B1", starter="A1-T1-B1").forward().forward()
    played.act(Action.RETURN, reason="抬头有误")
    view = shown(played, "A1")
    assert (view.return_reason, view.state, view.snapshot["issuer"]) == ("抬头有误", "RETURNED", "东岭县委")


@pytest.mark.requirement("R-105")
def test_a_letter_that_was_put_right_says_no_more_that_it_came_back(make_world: MakeWorld) -> None:
    played = submit(make_world("fujian"), "A1-T1-B1", "A2-T1-B1").forward()
    played.act(Action.REJECT, reason="党费未交清")
    assert shown(played, "A1-T1-B1").return_reason == "党费未交清"
    played.forward()
    view = shown(played, "A1-T1-B1")
    assert (view.return_reason, view.state) == ("", "ISSUED")
