"""Ends and ways out that only some may take: recall and receipt, withdrawal, voiding, and what is locked (R-076–R-078)."""

import pytest

from service.domain.accounts.actors import Actor
from service.domain.accounts.roles import Role
from service.domain.errors import Refused
from service.domain.letters.letters import LetterState
from service.domain.transfers.actions import Action
from service.domain.transfers.effects import LetterStateSet
from service.domain.transfers.transfers import Cause, TransferState
from tests.varieties.walker import MEMBER_ID, begun, own_actions

APPLICANT = Actor(1, "本人", Role.MEMBER, member_id=MEMBER_ID)


@pytest.mark.requirement("R-134")
@pytest.mark.requirement("R-135")
@pytest.mark.scenario("S-14")
def test_a_recalled_letter_takes_no_receipt_and_a_receipt_is_recorded_once() -> None:
    walk = begun("shandong", "A1-T1-B1")
    with pytest.raises(Refused, match="E_NOT_CURRENT_HOP"):
        walk.decide_at("A1", Action.RECALL_LETTER)
    walk.decide_at("A1-T1", Action.APPROVE_AND_ISSUE)
    with pytest.raises(Refused, match="E_RECALL_NOT_ALLOWED"):
        walk.decide_at("A1-T1", Action.RECALL_LETTER)
    walk.decide_at("A1", Action.APPROVE_AND_ISSUE)
    assert walk.transfer.state is TransferState.AWAITING_RECEIPT
    walk.decide_at("A1", Action.RECALL_LETTER)
    with pytest.raises(Refused, match="E_LETTER_VOID"):
        walk.decide_at("A1-T1", Action.RECORD_RECEIPT)
    assert own_actions(walk) == {Action.APPROVE_AND_ISSUE, Action.RETURN}
    walk.decide_at("A1", Action.APPROVE_AND_ISSUE)
    with pytest.raises(Refused, match="E_NOT_CURRENT_HOP"):
        walk.decide_at("A1", Action.RECORD_RECEIPT)
    walk.decide_at("A1-T1", Action.RECORD_RECEIPT)
    with pytest.raises(Refused, match="E_RECEIPT_EXISTS"):
        walk.decide_at("A1-T1", Action.RECORD_RECEIPT)
    with pytest.raises(Refused, match="E_RECALL_NOT_ALLOWED"):
        walk.decide_at("A1", Action.RECALL_LETTER)
    states = [each.state for each in walk.effects if isinstance(each, LetterStateSet)]
    assert states == [LetterState.RECALLED, LetterState.RECEIPTED]


@pytest.mark.requirement("R-076")
def test_what_was_confirmed_is_not_edited_any_more() -> None:
    walk = begun("national", "GU-1-B1", "RC1-T")
    with pytest.raises(Refused, match="E_TRANSFER_LOCKED"):
        walk.decide_at("GU-1", Action.SUBMIT)
    with pytest.raises(Refused, match="E_NOT_CURRENT_HOP"):
        walk.decide_at("GU-2", Action.SUBMIT)
    coming = begun("national", "", "GU-1", by="GU")
    with pytest.raises(Refused, match="E_TRANSFER_LOCKED"):
        coming.decide_at("GU", Action.SUBMIT)


@pytest.mark.requirement("R-077")
def test_an_application_is_withdrawn_by_its_applicant_before_anybody_acted() -> None:
    walk = begun("fujian", "A1-T1-B1", "B1-S1-B1")
    with pytest.raises(Refused, match="E_FORBIDDEN"):
        walk.decide_at("A1-T1-B1", Action.WITHDRAW_APPLICATION)
    walk.decide(APPLICANT, Action.WITHDRAW_APPLICATION)
    assert (walk.transfer.at_application, walk.transfer.cause) == (True, Cause.WITHDRAWN)
    with pytest.raises(Refused, match="E_ACTION_NOT_ALLOWED"):
        walk.decide(APPLICANT, Action.WITHDRAW_APPLICATION)
    walk.decide(APPLICANT, Action.SUBMIT).decide_at("A1-T1-B1", Action.APPROVE)
    with pytest.raises(Refused, match="E_WITHDRAW_TOO_LATE"):
        walk.decide(APPLICANT, Action.WITHDRAW_APPLICATION)


@pytest.mark.requirement("R-077")
def test_a_letter_that_was_opened_is_an_act_too() -> None:
    walk = begun("beijing", "XU-C1-B1", "XA-S1").decide_at("XU-C1-B1", Action.APPROVE)
    with pytest.raises(Refused, match="E_WITHDRAW_TOO_LATE"):
        walk.decide(APPLICANT, Action.WITHDRAW_APPLICATION)


@pytest.mark.requirement("R-078")
def test_only_what_stands_at_the_application_step_is_voided() -> None:
    walk = begun("default", "A1-T1-B1", "B1-S1-B1")
    with pytest.raises(Refused, match="E_VOID_NOT_ALLOWED"):
        walk.decide_at("A1-T1-B1", Action.VOID)
    with pytest.raises(Refused, match="E_ACTION_NOT_ALLOWED"):
        walk.decide_at("A1-T1", Action.VOID)
    walk.decide_at("A1-T1", Action.RETURN).decide_at("A1-T1-B1", Action.VOID)
    assert walk.transfer.state is TransferState.VOIDED
    never = begun("national", "GU-1-B1", "RC1-T").decide_at("RC1", Action.DISAPPROVE)
    with pytest.raises(Refused, match="E_ACTION_NOT_ALLOWED"):
        never.decide_at("GU-1", Action.VOID)


@pytest.mark.requirement("R-077")
@pytest.mark.requirement("R-154")
def test_a_start_that_moved_the_member_already_is_withdrawn_with_the_move() -> None:
    walk = begun("national", "GU-1-B1", "GU-1-B2", keys={"withdraw.application": "until_first_decision"})
    assert [each.branch.code for each in walk.memberships] == ["GU-1-B2"]
    walk.decide_at("GU-1", Action.WITHDRAW_APPLICATION)
    assert [each.branch.code for each in walk.memberships] == ["GU-1-B2", "GU-1-B1"]
    assert walk.transfer.at_application
    walk.decide_at("GU-1", Action.SUBMIT)
    assert [each.branch.code for each in walk.memberships][2:] == ["GU-1-B2"]
