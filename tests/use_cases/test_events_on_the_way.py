"""The further worked examples: those in which something happens on the way (requirements 4.5)."""

from dataclasses import replace

import pytest

from service.definitions.catalogue import INTRODUCTION_LETTER
from service.domain.errors import Refused
from service.domain.letters.letters import LetterState
from service.domain.transfers.actions import Action
from service.domain.transfers.transfers import Cause, TransferState
from service.storage.db import reading
from service.storage.transfers import history, letters
from service.use_cases.letters.show_letter import show_letter
from tests.reference.notation import written_hop
from tests.use_cases.conftest import MakeWorld
from tests.use_cases.walker import NOW, Played, come_in, submit


def route(played: Played) -> str:
    return " > ".join(written_hop(hop) for hop in played.transfer.hops)


@pytest.mark.requirement("R-120")
def test_a_committee_receives_and_the_steps_below_are_filled_in(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    played = submit(world, "A1-T1-B1", "A1-T2-G-B1", starter="A1-T1-B1").forward()
    assert played.transfer.hop.code == "A1-T2"
    played.act(Action.RECEIVE)
    assert route(played) == "A1-T1-B1[S] > A1-T1 > A1[AUTO] > A1-T2[R] > A1-T2-G[F] > A1-T2-G-B1[F]"
    assert played.transfer.state is TransferState.COMPLETED
    with reading():
        assert world.branch_of(played.member) == "A1-T2-G-B1"
        assert [letter.issuer_id for letter in letters.of_transfer(played.id)] == [
            world.chains[code][0].id for code in ("A1-T1-B1", "A1-T1", "A1", "A1-T2", "A1-T2-G")
        ]


@pytest.mark.requirement("R-113")
def test_a_new_target_plans_the_rest_of_the_route_anew(make_world: MakeWorld) -> None:
    world = make_world("national")
    played = submit(world, "GU-1-B1", "RC1-T-B1", starter="GU-1")
    played.act(Action.CHANGE_TARGET, target="GU-2")
    assert route(played) == "GU-1[S] > RC1 > GU-2[R] > chosen branch[I]"
    assert played.transfer.hop.code == "RC1"
    played.to_end()
    with reading():
        assert world.branch_of(played.member) == "GU-2-B1"


@pytest.mark.requirement("R-103")
def test_a_disapproval_unwinds_to_the_initiator(make_world: MakeWorld) -> None:
    world = make_world("national")
    played = submit(world, "GU-1-B1", "RC1-T-B1", starter="GU-1").forward()
    with pytest.raises(Refused, match="E_REASON_REQUIRED"):
        played.act(Action.DISAPPROVE, reason=" ")
    played.act(Action.DISAPPROVE, reason="无此单位")
    assert played.transfer.state is TransferState.RETURNED_TO_APPLICANT
    assert played.transfer.cause is Cause.REJECTED
    assert played.holder() == world.admins["GU-1"]
    with reading():
        trace = [(e.action, e.acting_org, e.is_automatic) for e in history.of_transfer(played.id)][-2:]
    assert trace == [("disapprove", "RC1-T", False), ("return_through", "RC1", True)]
    played.forward().to_end()
    assert played.transfer.state is TransferState.COMPLETED


@pytest.mark.requirement("R-108")
def test_a_returned_letter_is_not_approved_automatically(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    played = submit(world, "A1-T1-B1", "A1-T2-G-B1", starter="A1-T1-B1").forward()
    played.act(Action.RETURN)
    assert played.transfer.hop.code == "A1"
    with reading():
        assert letters.of_transfer(played.id)[-1].state is LetterState.RETURNED
    offered = played.view(world.admins["A1"]).actions
    assert set(offered) == {Action.APPROVE_AND_ISSUE, Action.RETURN}
    played.act(Action.RETURN)
    assert played.transfer.hop.code == "A1-T1"
    played.to_end()
    assert played.transfer.state is TransferState.COMPLETED


@pytest.mark.requirement("R-007")
def test_without_any_authority_nothing_is_created(make_world: MakeWorld) -> None:
    bare = {code: {"authority_level": None} for code in ("P", "CA", "A2", "A2-T2")}
    world = make_world("fujian", changes=bare)
    with pytest.raises(Refused, match="E_ROUTE_NO_AUTHORITY"):
        submit(world, "A2-T2-B1", "")


@pytest.mark.scenario("S-14")
def test_an_outside_letter_is_recalled_and_issued_again(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    played = submit(world, "A1-T1-B1", "", starter="A1-T1-B1").forward().forward()
    assert played.transfer.state is TransferState.AWAITING_RECEIPT
    played.act(Action.RECALL_LETTER, world.admins["A1"])
    assert played.transfer.state is TransferState.IN_PROGRESS
    assert played.transfer.hop.code == "A1"
    played.forward().forward()
    with reading():
        states = [letter.state for letter in letters.of_transfer(played.id)]
        assert world.branch_of(played.member) is None
    assert states == [LetterState.ISSUED, LetterState.ISSUED, LetterState.RECALLED, LetterState.RECEIPTED]
    assert played.transfer.state is TransferState.COMPLETED


@pytest.mark.scenario("S-10")
def test_the_receiver_must_be_a_branch(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    played = submit(world, "A1-T1-B1", "A1-T2", starter="A1-T1-B1").forward()
    with pytest.raises(Refused, match="E_ADJUST_BEFORE_RECEIVE"):
        played.act(Action.RECEIVE)
    with pytest.raises(Refused, match="E_TARGET_NOT_SUBORDINATE"):
        played.act(Action.ADJUST_RECEIVER, target="A1-T1-B2")
    played.act(Action.ADJUST_RECEIVER, target="A1-T2-B1").act(Action.RECEIVE)
    with reading():
        assert world.branch_of(played.member) == "A1-T2-B1"


@pytest.mark.scenario("S-31")
def test_withdraw_void_and_apply_again(make_world: MakeWorld) -> None:
    world = make_world("fujian")
    played = submit(world, "A2-T1-B1", "A1-T2-B1")
    played.act(Action.WITHDRAW_APPLICATION, played.member)
    assert (played.transfer.state, played.transfer.cause) == (TransferState.RETURNED_TO_APPLICANT, Cause.WITHDRAWN)
    played.act(Action.VOID, played.member)
    assert played.transfer.state is TransferState.VOIDED
    with pytest.raises(Refused, match="E_TRANSFER_FINISHED"):
        played.act(Action.SUBMIT, played.member)


@pytest.mark.scenario("S-34")
def test_an_approval_is_taken_back_until_the_next_hop_acts(make_world: MakeWorld) -> None:
    world = make_world("fujian")
    played = submit(world, "A2-T1-B1", "A1-T2-B1").forward().forward()
    officer = world.admins["A2-T1"]
    played.act(Action.WITHDRAW_APPROVAL, officer)
    assert played.transfer.hop.code == "A2-T1"
    played.forward().forward()
    with pytest.raises(Refused, match="E_WITHDRAW_TOO_LATE"):
        played.act(Action.WITHDRAW_APPROVAL, officer)


@pytest.mark.scenario("S-60")
def test_the_branch_saves_its_letter_before_the_item_moves_on(make_world: MakeWorld) -> None:
    world = make_world("beijing")
    played = submit(world, "XU-C1-B1", "XA-S1")
    played.act(Action.APPROVE)
    assert played.transfer.hop.code == "XU-C1-B1"
    with reading():
        assert [letter.state for letter in letters.of_transfer(played.id)] == [LetterState.DRAFT]
    played.act(Action.SAVE_LETTER)
    assert played.transfer.hop.code == "XU-C1"
    with pytest.raises(Refused, match="E_VARIETY_MISMATCH"):
        played.act(Action.APPROVE_OUT_OF_CITY)
    played.act(Action.APPROVE_IN_CITY, target="XA-S1").act(Action.SAVE_LETTER)
    assert played.transfer.hop.code == "XA-S1"


@pytest.mark.scenario("S-54")
def test_only_who_handled_it_may_revoke_and_only_once(make_world: MakeWorld) -> None:
    world = make_world("national")
    played = submit(world, "GU-1-B1", "RC1-T-B1", starter="GU-1")
    with pytest.raises(Refused, match="E_REVOKE_NOT_ALLOWED"):
        played.act(Action.REVOKE, world.admins["RC1-T"])
    played.act(Action.REVOKE, world.admins["GU-1"])
    assert played.transfer.state is TransferState.REVOKED
    with pytest.raises(Refused, match="E_TRANSFER_FINISHED"):
        played.act(Action.REVOKE, world.admins["GU-1"])
    with reading():
        assert world.branch_of(played.member) == "GU-1-B1"


@pytest.mark.requirement("R-110")
def test_an_unreported_member_goes_back_to_who_received(make_world: MakeWorld) -> None:
    world = make_world("national")
    played = submit(world, "GU-1-B1", "GU-2", starter="GU-1").forward()
    assert played.transfer.state is TransferState.AWAITING_REPORT_IN
    with reading():
        assert world.branch_of(played.member) == "GU-2-B1"
    with pytest.raises(Refused, match="E_ACTION_NOT_ALLOWED"):
        played.act(Action.RETURN_UNREPORTED, world.admins["GU-2-B1"])
    played.act(Action.RETURN_UNREPORTED, world.admins["GU-2"])
    assert played.transfer.hop.code == "GU-2"
    with reading():
        assert world.branch_of(played.member) == "GU-1-B1"
    played.to_end()
    with reading():
        assert world.branch_of(played.member) == "GU-2-B1"


@pytest.mark.requirement("R-109")
def test_an_objection_goes_to_the_nearest_other_organisation(make_world: MakeWorld) -> None:
    world = make_world("fujian")
    played = submit(world, "A1-T1-B1", "A1-T2-B1").forward().forward().forward().forward()
    assert played.stored.step == "confirm_report_in"
    played.act(Action.OBJECT)
    assert played.transfer.hop.code == "A1-T2"
    played.to_end()
    assert played.transfer.state is TransferState.COMPLETED


@pytest.mark.requirement("R-140")
def test_a_newcomer_stands_in_the_temporary_node_until_the_end(make_world: MakeWorld) -> None:
    world = make_world("fujian")
    played = come_in(world, "A1-T1-B1", starter="A1")
    with reading():
        assert world.branch_of(played.member) == "H-T"
    played.to_end()
    with reading():
        assert world.branch_of(played.member) == "A1-T1-B1"


@pytest.mark.requirement("R-172")
def test_a_letter_is_shown_with_the_template_it_was_issued_with(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    played = submit(world, "A1-T1-B1", "A1-T1-B2", starter="A1-T1-B1")
    with reading():
        letter = letters.of_transfer(played.id)[0]
    issued_with = world.deployment.catalogue.letter_templates[INTRODUCTION_LETTER]
    later = replace(world.deployment.catalogue, letter_templates={INTRODUCTION_LETTER: b"another"})
    view = show_letter(
        letter.id, actor=world.admins["A1-T1-B1"], now=NOW, deployment=replace(world.deployment, catalogue=later)
    )
    assert view.template == issued_with
