"""Leaving the system: to the terminal organisation, and three ways to end there (requirements 2.11)."""

from dataclasses import replace

import pytest

from service.domain.errors import Refused
from service.domain.letters.letters import LetterState
from service.domain.organisations.organisations import Scope
from service.domain.routes.hops import HopRole
from service.domain.transfers import judging, receipts
from service.domain.transfers.actions import Action
from service.domain.transfers.effects import MembershipLeft
from service.domain.transfers.transfers import TransferState
from tests.reference.notation import written_hop
from tests.varieties.walker import Walk, begun, own_actions

TERMINALS = [
    ("beijing", "XU-C1-B1", "XU-C1", HopRole.RECORD_RECEIPT, "XU-C1"),
    ("beijing", "XU-G1-B1", "XU", HopRole.RECORD_RECEIPT, "XU"),
    ("beijing-cuc", "XU-C1-B1", "XU-C1", HopRole.RECORD_RECEIPT, "XU-C1"),
    ("national", "GU-1-B1", "GU", HopRole.CLOSE, "GU"),
    ("fujian", "A1-T1-B1", "A1", HopRole.CONFIRM_OUTSIDE, "A1"),
    ("fujian", "PD1-C-B1", "PD1", HopRole.CONFIRM_OUTSIDE, "PD1"),
    ("fujian", "CA-D-C-B1", "CA", HopRole.CONFIRM_OUTSIDE, "CA"),
    ("shandong", "A1-T1-B1", "A1", HopRole.RECORD_RECEIPT, "A1-T1"),
    ("default", "A1-T1-B1", "A1", HopRole.RECORD_RECEIPT, "A1-T1"),
]


def refusal_of(walk: Walk, code: str, action: Action, **wishes: object) -> str:
    with pytest.raises(Refused) as refusal:
        walk.decide_at(code, action, **wishes)
    return refusal.value.code


def issued(profile: str = "shandong", **wishes: object) -> Walk:
    """A transfer outside whose letter the terminal organisation has issued."""
    walk = begun(profile, "A1-T1-B1", **wishes)
    while walk.transfer.state is TransferState.IN_PROGRESS:
        walk.forward()
    return walk


@pytest.mark.requirement("R-126")
@pytest.mark.parametrize(("name", "origin", "terminal", "role", "by"), TERMINALS)
def test_it_climbs_to_the_terminal_organisation_and_ends_there(
    name: str, origin: str, terminal: str, role: HopRole, by: str
) -> None:
    walk = begun(name, origin)
    *climb, last = walk.transfer.hops
    assert (last.role, last.code) == (role, by)
    assert (last if role is HopRole.CLOSE else climb[-1]).code == terminal
    walk.to_end()
    assert walk.transfer.state is TransferState.COMPLETED
    assert walk.memberships == [MembershipLeft()], "he leaves once, at the end"


@pytest.mark.requirement("R-126")
def test_without_a_terminal_organisation_there_is_no_way_out() -> None:
    bare = {code: {"level": None} for code in ("P", "CA", "A2")}
    with pytest.raises(Refused, match="E_ROUTE_NO_AUTHORITY"):
        begun("fujian", "A2-T1-B1", changes=bare)


@pytest.mark.requirement("R-127")
@pytest.mark.scenario("S-53")
def test_only_the_last_hop_closes_and_it_does_not_approve() -> None:
    walk = begun("national", "GU-1-B1")
    assert walk.transfer.hop.code == "GU"
    assert own_actions(walk) == {Action.CLOSE, Action.DISAPPROVE, Action.CHANGE_TARGET}
    assert refusal_of(walk, "GU", Action.APPROVE) == "E_ACTION_NOT_ALLOWED"
    assert refusal_of(walk, "GU-1", Action.CLOSE) == "E_NOT_CURRENT_HOP"
    walk.decide_at("GU", Action.CLOSE)
    assert (walk.transfer.state, walk.memberships) == (TransferState.COMPLETED, [MembershipLeft()])


@pytest.mark.requirement("R-127")
def test_inside_the_province_nobody_closes() -> None:
    walk = begun("national", "GU-1-B1", "RC1-T-B1")
    while not walk.transfer.state.is_final:
        assert Action.CLOSE not in own_actions(walk)
        walk.forward()


@pytest.mark.requirement("R-129")
@pytest.mark.parametrize("profile", ["shandong", "default"])
def test_the_receipt_is_recorded_by_the_origins_committee(profile: str) -> None:
    walk = issued(profile)
    assert (walk.transfer.state, walk.transfer.hop.code) == (TransferState.AWAITING_RECEIPT, "A1-T1")
    assert walk.memberships == [], "until then he is a member of his branch"
    assert refusal_of(walk, "A1", Action.RECORD_RECEIPT) == "E_NOT_CURRENT_HOP"
    assert refusal_of(walk, "A1-T1-B1", Action.RECORD_RECEIPT) == "E_NOT_CURRENT_HOP"
    assert refusal_of(walk, "A1-T1", Action.APPROVE_AND_ISSUE) == "E_ACTION_NOT_ALLOWED"
    walk.decide_at("A1-T1", Action.RECORD_RECEIPT)
    assert (walk.transfer.state, walk.memberships) == (TransferState.COMPLETED, [MembershipLeft()])
    assert walk.transfer.letter.state is LetterState.RECEIPTED


@pytest.mark.requirement("R-130")
@pytest.mark.parametrize("profile", ["beijing", "beijing-cuc"])
@pytest.mark.parametrize(("origin", "committee", "other"), [("XU-C1-B1", "XU-C1", "XU"), ("XU-G1-B1", "XU", "XU-G1")])
def test_in_beijing_it_is_recorded_by_who_issued_the_letter(
    profile: str, origin: str, committee: str, other: str
) -> None:
    walk = begun(profile, origin)
    while walk.transfer.state is TransferState.IN_PROGRESS:
        walk.forward()
    assert (walk.transfer.state, walk.transfer.hop.code) == (TransferState.AWAITING_RECEIPT, committee)
    assert refusal_of(walk, other, Action.RECORD_RECEIPT) == "E_NOT_CURRENT_HOP"
    walk.decide_at(committee, Action.RECORD_RECEIPT)
    assert walk.transfer.state is TransferState.COMPLETED


@pytest.mark.requirement("R-134")
def test_a_letter_is_recalled_issued_again_or_sent_back() -> None:
    walk = issued()
    assert refusal_of(walk, "A1-T1", Action.RECALL_LETTER) == "E_RECALL_NOT_ALLOWED"
    assert Action.RECALL_LETTER in judging.offered(walk.context, walk.admin("A1"))
    walk.decide_at("A1", Action.RECALL_LETTER, reason="省外不接收")
    assert (walk.transfer.state, walk.transfer.hop.code) == (TransferState.IN_PROGRESS, "A1")
    assert walk.transfer.letter.state is LetterState.RECALLED
    assert own_actions(walk) == {Action.APPROVE_AND_ISSUE, Action.RETURN}
    walk.decide_at("A1", Action.APPROVE_AND_ISSUE)
    assert walk.transfer.letter.state is LetterState.ISSUED
    walk.decide_at("A1", Action.RECALL_LETTER).decide_at("A1", Action.RETURN)
    assert walk.transfer.hop.code == "A1-T1"


@pytest.mark.requirement("R-134")
def test_after_the_receipt_nothing_is_recalled() -> None:
    walk = issued().decide_at("A1-T1", Action.RECORD_RECEIPT)
    assert refusal_of(walk, "A1", Action.RECALL_LETTER) == "E_RECALL_NOT_ALLOWED"


@pytest.mark.requirement("R-134")
@pytest.mark.parametrize("name", ["beijing", "national", "fujian"])
def test_elsewhere_no_letter_is_recalled(name: str) -> None:
    origin = {"beijing": "XU-C1-B1", "national": "GU-1-B1"}.get(name, "A1-T1-B1")
    walk = begun(name, origin)
    while not walk.transfer.state.is_final:
        for code in {hop.code for hop in walk.transfer.hops if hop.code}:
            may = Action.RECALL_LETTER in judging.offered(walk.context, walk.admin(code))
            # Beijing's manual is silent, so the default applies there.
            assert may is (name == "beijing" and code == "XU-C1" and walk.transfer.hop.role is HopRole.RECORD_RECEIPT)
        walk.forward()


@pytest.mark.requirement("R-134")
def test_a_profile_that_knows_no_recalling_offers_none() -> None:
    walk = issued()
    profile = walk.context.profile
    without = replace(profile, values={**profile.values, "outside.recall": False})
    assert Action.RECALL_LETTER in judging.offered(walk.context, walk.admin("A1"))
    assert Action.RECALL_LETTER not in judging.offered(replace(walk.context, profile=without), walk.admin("A1"))


@pytest.mark.requirement("R-134")
def test_who_started_and_issued_recalls_and_issues_again() -> None:
    # A committee with national scope turns its own start into the letter outside.
    walk = begun("shandong", "A1-T1-B1", by="A1-T1", changes={"A1-T1": {"scope": Scope.NATIONAL}})
    assert " > ".join(written_hop(hop) for hop in walk.transfer.hops) == "A1-T1-B1[F] > A1-T1[S] > A1-T1[RR]"
    assert walk.transfer.state is TransferState.AWAITING_RECEIPT
    walk.decide_at("A1-T1", Action.RECALL_LETTER)
    assert (walk.transfer.state, walk.step) == (TransferState.IN_PROGRESS, "apply")
    assert walk.transfer.letter.state is LetterState.RECALLED
    walk.forward()
    assert (walk.transfer.state, walk.transfer.letter.state) == (TransferState.AWAITING_RECEIPT, LetterState.ISSUED)
    walk.to_end()


@pytest.mark.requirement("R-135")
def test_a_receipt_is_recorded_once_and_for_a_letter_in_use() -> None:
    walk = issued()
    walk.decide_at("A1", Action.RECALL_LETTER)
    assert refusal_of(walk, "A1-T1", Action.RECORD_RECEIPT) == "E_LETTER_VOID"
    walk.decide_at("A1", Action.APPROVE_AND_ISSUE).decide_at("A1-T1", Action.RECORD_RECEIPT)
    assert refusal_of(walk, "A1-T1", Action.RECORD_RECEIPT) == "E_RECEIPT_EXISTS"
    assert refusal_of(walk, "A1", Action.RECORD_RECEIPT) == "E_TRANSFER_FINISHED"


@pytest.mark.requirement("R-135")
def test_a_voided_letter_takes_no_receipt() -> None:
    walk = issued().decide_at("A1", Action.RECALL_LETTER).decide_at("A1", Action.RETURN)
    walk.decide_at("A1-T1", Action.RETURN).decide_at("A1-T1-B1", Action.VOID)
    assert walk.transfer.state is TransferState.VOIDED
    assert refusal_of(walk, "A1-T1", Action.RECORD_RECEIPT) == "E_LETTER_VOID"


@pytest.mark.requirement("R-132")
def test_the_receipt_is_read_again_by_who_recorded_it() -> None:
    walk = issued()
    for code in ("A1-T1", "A1"):
        assert receipts.may_view(walk.transfer, walk.admin(code)) is False
    with pytest.raises(Refused, match="E_TRANSFER_NOT_FINISHED"):
        receipts.require_viewable(walk.transfer, walk.admin("A1-T1"))
    walk.decide_at("A1-T1", Action.RECORD_RECEIPT)
    assert receipts.may_view(walk.transfer, walk.admin("A1-T1")) is True
    for code in ("A1", "A1-T1-B1", "CA"):
        assert receipts.may_view(walk.transfer, walk.admin(code)) is False
        with pytest.raises(Refused, match="E_FORBIDDEN"):
            receipts.require_viewable(walk.transfer, walk.admin(code))
