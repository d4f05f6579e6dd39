"""Saying no: with a reason, to whom it goes back, what may be done there, and how a transfer ends (requirements 2.8)."""

import pytest

from service.domain.errors import Refused
from service.domain.letters.letters import LetterState
from service.domain.routes.hops import HopState
from service.domain.transfers import judging, offers
from service.domain.transfers.actions import NEGATIVE, Action, negative_action
from service.domain.transfers.context import Decision
from service.domain.transfers.effects import HopDecided, MembershipMoved
from service.domain.transfers.transfers import Cause, TransferState
from tests.varieties.walker import Walk, begun, own_actions

CASES = [
    ("beijing", "XU-C1-B1", "XA-S1"),
    ("beijing-cuc", "XU-C1-B1", "XA-S1"),
    ("national", "GU-1-B1", "RC1-T-B1"),
    ("fujian", "A1-T1-B1", "B1-S1-B1"),
    ("shandong", "A1-T1-B1", "B1-S1-B1"),
    ("default", "A1-T1-B1", "B1-S1-B1"),
]


def to(walk: Walk, code: str) -> Walk:
    while walk.transfer.hop.code != code:
        walk.forward()
    return walk


def no_reason(walk: Walk, action: Action) -> None:
    """Refused without a reason and with a blank one."""
    for reason in ("", " \n"):
        with pytest.raises(Refused, match="E_REASON_REQUIRED") as refusal:
            walk.judge(Decision(action), {"reason": reason})
        assert [each.field for each in refusal.value.fields] == ["reason"]


@pytest.mark.requirement("R-102")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_whoever_says_no_says_why(case: tuple[str, str, str]) -> None:
    walk = begun(*case)
    action = negative_action(walk.context.profile)
    no_reason(walk, action)
    walk.decide(walk.actor(), action, reason="抬头有误")
    void = offers.offer(Action.VOID, walk.context)
    assert void.needs_reason is (case[0] != "fujian")


@pytest.mark.requirement("R-102")
def test_objections_and_returned_newcomers_need_a_reason_too() -> None:
    objecting = to(begun("fujian", "A1-T1-B1", "A1-T2-B1"), "A1-T2-B1").forward()
    no_reason(objecting, Action.OBJECT)
    unreported = begun("national", "GU-1-B1", "GU-2").forward()
    no_reason(unreported, Action.RETURN_UNREPORTED)


@pytest.mark.requirement("R-102")
def test_where_the_profile_asks_for_no_reason_none_is_needed() -> None:
    walk = begun("fujian", "A1-T1-B1", "B1-S1-B1", keys={"reject.reason_required": False})
    walk.decide(walk.actor(), Action.REJECT, reason="")
    assert walk.transfer.at_application


@pytest.mark.requirement("R-103")
@pytest.mark.scenario("S-50")
def test_a_disapproval_passes_every_hop_on_its_way_to_the_initiator() -> None:
    walk = to(begun("national", "GU-1-B1", "RC1-T"), "RC1-T")
    no_reason(walk, Action.DISAPPROVE)
    walk.decide_at("RC1-T", Action.DISAPPROVE, reason="无此单位")
    assert (walk.transfer.hop.code, walk.transfer.state) == ("GU-1", TransferState.RETURNED_TO_APPLICANT)
    returned = [
        each.position for each in walk.effects if isinstance(each, HopDecided) and each.state.value == "RETURNED"
    ]
    assert [walk.transfer.hops[position].code for position in returned] == ["RC1-T", "RC1"]
    with pytest.raises(Refused, match="E_NOT_CURRENT_HOP"):
        walk.decide_at("RC1", Action.APPROVE)
    assert own_actions(walk) == {Action.SUBMIT, Action.REVOKE}
    walk.to_end()


@pytest.mark.requirement("R-104")
@pytest.mark.parametrize("case", [case for case in CASES if case[0] != "national"], ids=lambda case: case[0])
def test_a_refusal_goes_one_hop_back_and_from_the_first_approver_to_the_applicant(case: tuple[str, str, str]) -> None:
    walk = begun(*case)
    action = negative_action(walk.context.profile)
    first = walk.transfer.position
    while walk.transfer.position == first:
        walk.forward()
    walk.decide(walk.actor(), action)
    assert (walk.transfer.position, walk.transfer.state) == (first, TransferState.IN_PROGRESS)
    walk.decide(walk.actor(), action)
    assert walk.transfer.position == first - 1
    assert (walk.transfer.state, walk.transfer.cause) == (TransferState.RETURNED_TO_APPLICANT, Cause.REJECTED)
    with pytest.raises(Refused, match="E_NOT_CURRENT_HOP"):
        walk.decide_at(str(walk.transfer.hops[first].code), action)


@pytest.mark.requirement("R-106")
@pytest.mark.scenario("S-12")
def test_who_gets_his_own_letter_back_issues_anew_or_returns_it_further() -> None:
    walk = to(begun("shandong", "A1-T1-B1", "A2-T1-B1"), "A2").decide_at("A2", Action.RETURN, reason="抬头有误")
    assert walk.transfer.hop.code == "A1"
    assert walk.transfer.letter is not None
    assert (walk.transfer.letter.state, walk.transfer.letter.issuer.code) == (LetterState.RETURNED, "A1")
    assert own_actions(walk) == {Action.APPROVE_AND_ISSUE, Action.RETURN}
    for other in (Action.VOID, Action.ADJUST_RECEIVER, Action.RECEIVE):
        with pytest.raises(Refused, match="E_ACTION_NOT_ALLOWED"):
            walk.decide_at("A1", other)
    walk.decide_at("A1", Action.APPROVE_AND_ISSUE)
    assert walk.transfer.hop.code == "A2"
    assert [each.issuer.code for each in walk.letters].count("A1") == 2
    walk.decide_at("A2", Action.RETURN).decide_at("A1", Action.RETURN)
    assert walk.transfer.hop.code == "A1-T1"


@pytest.mark.requirement("R-107")
def test_the_initiator_issues_anew_or_gives_up_but_returns_it_to_nobody() -> None:
    walk = begun("shandong", "A1-T1-B1", "A2-T1-B1").decide_at("A1-T1", Action.RETURN)
    assert walk.transfer.hop.code == "A1-T1-B1"
    with pytest.raises(Refused, match="E_ACTION_NOT_ALLOWED"):
        walk.decide_at("A1-T1-B1", Action.RETURN)
    no_reason(walk, Action.VOID)
    again = begun("shandong", "A1-T1-B1", "A2-T1-B1").decide_at("A1-T1", Action.RETURN)
    again.decide_at("A1-T1-B1", Action.APPROVE_AND_ISSUE)
    assert again.transfer.hop.code == "A1-T1"
    walk.decide_at("A1-T1-B1", Action.VOID)
    assert walk.transfer.state is TransferState.VOIDED
    assert walk.transfer.letter is not None
    assert walk.transfer.letter.state is LetterState.VOID
    assert all(hop.state is not HopState.PENDING for hop in walk.transfer.hops)


@pytest.mark.requirement("R-107")
def test_who_registered_somebody_may_also_adjust_the_receiver_when_it_comes_back() -> None:
    walk = begun("shandong", "", "A1-T1-B1", by="A1").decide_at("A1-T1", Action.RETURN)
    assert walk.transfer.hop.code == "A1"
    assert Action.ADJUST_RECEIVER in own_actions(walk)
    assert Action.RETURN not in own_actions(walk)
    walk.decide_at("A1", Action.ADJUST_RECEIVER, target="A1-T2-B1").decide_at("A1", Action.APPROVE_AND_ISSUE)
    assert walk.transfer.hop.code == "A1-T2"


@pytest.mark.requirement("R-108")
def test_a_return_passes_over_what_the_system_filled_in_and_stops_where_it_approved() -> None:
    walk = to(begun("shandong", "A1-T1-B1", "A1-T2-B1", by="A1-T1"), "A1-T2")
    assert [hop.fill.value for hop in walk.transfer.hops][:3] == ["AUTO_FILLED", "NORMAL", "AUTO"]
    walk.decide_at("A1-T2", Action.RETURN)
    assert walk.transfer.hop.code == "A1"
    assert own_actions(walk) == {Action.APPROVE_AND_ISSUE, Action.RETURN}
    walk.decide_at("A1", Action.APPROVE_AND_ISSUE)
    assert walk.transfer.hop.code == "A1-T2", "issued anew by hand"
    walk.decide_at("A1-T2", Action.RETURN).decide_at("A1", Action.RETURN)
    assert (walk.transfer.hop.code, walk.transfer.at_application) == ("A1-T1", True)
    walk.decide_at("A1-T1", Action.APPROVE_AND_ISSUE)
    assert walk.transfer.hop.code == "A1", "what came back once is decided by hand from then on (A-36)"


@pytest.mark.requirement("R-109")
def test_the_branch_objects_when_somebody_should_report_to_it() -> None:
    walk = to(begun("fujian", "A1-T1-B1", "A1-T2-B1"), "A1-T2-B1")
    with pytest.raises(Refused, match="E_ACTION_NOT_ALLOWED"):
        walk.decide_at("A1-T2-B1", Action.OBJECT)
    walk.forward()
    assert walk.step == "confirm_report_in"
    walk.decide_at("A1-T2-B1", Action.OBJECT, reason="不属于本支部")
    assert (walk.transfer.hop.code, walk.transfer.state) == ("A1-T2", TransferState.IN_PROGRESS)
    assert not walk.memberships, "nobody had moved"
    walk.to_end()


@pytest.mark.requirement("R-109")
def test_an_objection_after_the_membership_moved_moves_it_back() -> None:
    walk = to(begun("fujian", "A1-T1-B1", "A1-T2-B1", keys={"membership.moves_at": "receive"}), "A1-T2-B1").forward()
    walk.decide_at("A1-T2-B1", Action.OBJECT)
    moved = [each.branch.code for each in walk.memberships if isinstance(each, MembershipMoved)]
    assert moved == ["A1-T2-B1", "A1-T1-B1"]


@pytest.mark.requirement("R-110")
def test_only_a_superior_returns_who_has_not_reported() -> None:
    walk = begun("national", "GU-1-B1", "GU-2").forward()
    with pytest.raises(Refused, match="E_ACTION_NOT_ALLOWED"):
        walk.decide_at("GU-2-B1", Action.RETURN_UNREPORTED)
    with pytest.raises(Refused, match="E_NOT_CURRENT_HOP"):
        walk.decide_at("GU-1", Action.RETURN_UNREPORTED)
    walk.decide_at("RE", Action.RETURN_UNREPORTED)
    assert (walk.transfer.hop.code, walk.step) == ("GU-2", "receive")


@pytest.mark.requirement("R-110")
@pytest.mark.requirement("R-154")
def test_between_own_branches_it_goes_back_to_the_start_and_moves_again_from_there() -> None:
    walk = begun("national", "GU-1-B1", "GU-1-B2")
    walk.decide_at("GU-1", Action.RETURN_UNREPORTED)
    assert walk.transfer.at_application
    walk.decide_at("GU-1", Action.SUBMIT).decide_at("GU-1-B2", Action.REPORT_IN)
    moved = [each.branch.code for each in walk.memberships if isinstance(each, MembershipMoved)]
    assert moved == ["GU-1-B2", "GU-1-B1", "GU-1-B2"]
    assert walk.transfer.state is TransferState.COMPLETED


REVOKERS = [
    ("national", "GU-1-B1", "RC1-T", {"GU-1", "RC1"}),
    ("default", "A1-T1-B1", "B1-S1-B1", {"A1-T1-B1"}),
    ("shandong", "A1-T1-B1", "B1-S1-B1", set()),
    ("fujian", "A1-T1-B1", "B1-S1-B1", set()),
    ("beijing", "XU-C1-B1", "XA-S1", set()),
]


@pytest.mark.requirement("R-111")
@pytest.mark.parametrize(("name", "origin", "target", "entitled"), REVOKERS)
def test_who_may_revoke_a_running_transfer(name: str, origin: str, target: str, entitled: set[str]) -> None:
    walk = begun(name, origin, target)
    walk.forward().forward() if name == "beijing" else walk.forward()
    for code in walk.chains:
        may = Action.REVOKE in judging.offered(walk.context, walk.admin(code))
        assert may is (code in entitled), code
        if not may:
            with pytest.raises(Refused, match="E_REVOKE_NOT_ALLOWED"):
                walk.decide_at(code, Action.REVOKE)


@pytest.mark.requirement("R-111")
@pytest.mark.scenario("S-54")
def test_what_was_revoked_stays_so_and_moved_nobody() -> None:
    walk = begun("national", "GU-1-B1", "RC1-T")
    with pytest.raises(Refused, match="E_REVOKE_NOT_ALLOWED"):
        walk.decide_at("RC1-T", Action.REVOKE)
    walk.decide_at("GU-1", Action.REVOKE)
    assert walk.transfer.state is TransferState.REVOKED
    assert walk.memberships == []
    assert [each.state for each in walk.transfer.hops if each.code == "RC1-T"] == [HopState.SKIPPED]
    for code, action in (("GU-1", Action.REVOKE), ("GU-1", Action.SUBMIT), ("RC1", Action.APPROVE)):
        with pytest.raises(Refused, match="E_TRANSFER_FINISHED"):
            walk.decide_at(code, action)


@pytest.mark.requirement("R-111")
def test_a_hop_that_was_skipped_or_done_by_the_system_is_nobodys_work() -> None:
    walk = begun("shandong", "A1-T1-B1", "A1-T1-B2", keys={"revoke.who": "handler"})
    assert [hop.state for hop in walk.transfer.hops][1] is HopState.AUTO_APPROVED
    with pytest.raises(Refused, match="E_REVOKE_NOT_ALLOWED"):
        walk.decide_at("A1-T1", Action.REVOKE)


@pytest.mark.requirement("R-112")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_a_refusal_leaves_the_membership_where_it_is(case: tuple[str, str, str]) -> None:
    walk = begun(*case)
    for _ in range(40):
        if walk.transfer.at_application:
            break
        walk.decide(walk.actor(), next(each for each in own_actions(walk) if each in NEGATIVE))
    assert walk.memberships == []
