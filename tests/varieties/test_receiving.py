"""Receiving and reporting in (requirements 2.10)."""

import pytest

from service.domain.errors import Refused
from service.domain.organisations.organisations import OrgStatus, Scope
from service.domain.routes.cases import RouteCase
from service.domain.routes.hops import Fill, HopRole, HopState
from service.domain.transfers import judging, offers, sight
from service.domain.transfers.actions import Action
from service.domain.transfers.context import Decision
from service.domain.transfers.effects import MembershipMoved
from service.domain.transfers.transfers import TransferState
from tests.reference.notation import written_hop
from tests.reference.trees import TREES, chains
from tests.varieties.walker import Walk, begun, own_actions, walk_of


def route(walk: Walk) -> str:
    return " > ".join(written_hop(hop) for hop in walk.transfer.hops)


@pytest.mark.requirement("R-117")
@pytest.mark.requirement("R-223")
def test_a_receiver_in_the_national_system_names_branch_date_and_telephone_and_ticks_both_boxes() -> None:
    walk = begun("national", "GU-1-B1", "GU-2")
    with pytest.raises(Refused, match="E_REQUIRED_FIELD") as refusal:
        walk.judge(Decision(Action.RECEIVE), {})
    assert [each.field for each in refusal.value.fields] == ["branch", "transfer_in_date", "telephone"]
    branch = {"branch": "GU-2-B1", "transfer_in_date": "2025-03-10", "telephone": "0770-1234567"}
    decision = Decision(Action.RECEIVE, branch=walk.chains["GU-2-B1"])
    for ticked in ({}, {"attestation": True}, {"reviewed": True}):
        with pytest.raises(Refused, match="E_ATTESTATION_REQUIRED") as refusal:
            walk.judge(decision, {**branch, **ticked})
        assert {each.field for each in refusal.value.fields} == {"reported", "reviewed"} - set(ticked)
    with pytest.raises(Refused, match="E_DATE_FUTURE"):
        walk.judge(decision, {**branch, "transfer_in_date": "2025-03-11", "reported": True, "reviewed": True})
    walk.decide_at("GU-2", Action.RECEIVE, branch="GU-2-B1", more={"remark": "已到校"})
    assert walk.transfer.branch is not None
    assert walk.transfer.branch.code == "GU-2-B1"


@pytest.mark.requirement("R-117")
@pytest.mark.parametrize("branch", ["GU-1-B1", "GU-3-B1", "RC1-T-B1", "GU-2"])
def test_a_receiver_places_members_in_own_branches_only(branch: str) -> None:
    # GU-1 is a committee and GU-3 holds county scope itself: their branches are not directly GU's.
    walk = begun("national", "RC1-T-B1", "GU", by="RC1-T", keys={"start.scope_check": "climb"})
    while walk.transfer.hop.role is not HopRole.RECEIVE:
        walk.forward()
    assert walk.transfer.hop.code == "GU"
    with pytest.raises(Refused, match="E_TARGET_NOT_SUBORDINATE") as refusal:
        walk.decide_at("GU", Action.RECEIVE, branch=branch)
    assert [each.field for each in refusal.value.fields] == ["branch"]


@pytest.mark.requirement("R-117")
def test_a_plain_general_branch_places_nobody_so_its_branches_are_the_receivers() -> None:
    plain = {"GU-3": {"scope": Scope.NONE}}
    walk = begun("national", "RC1-T-B1", "GU", by="RC1-T", keys={"start.scope_check": "climb"}, changes=plain)
    while walk.transfer.hop.role is not HopRole.RECEIVE:
        walk.forward()
    walk.decide_at("GU", Action.RECEIVE, branch="GU-3-B1")


@pytest.mark.requirement("R-123")
@pytest.mark.requirement("R-039")
def test_whoever_is_above_the_chosen_branch_sees_who_has_not_reported() -> None:
    plain = {"GU-3": {"scope": Scope.NONE}}
    walk = begun("national", "RC1-T-B1", "GU", by="RC1-T", keys={"start.scope_check": "climb"}, changes=plain)
    while walk.transfer.hop.role is not HopRole.RECEIVE:
        walk.forward()
    assert not sight.is_visible(walk.context, walk.admin("GU-3"))
    walk.decide_at("GU", Action.RECEIVE, branch="GU-3-B1")
    assert sight.is_visible(walk.context, walk.admin("GU-3"))
    assert not sight.is_visible(walk.context, walk.admin("GU-2"))
    walk.decide_at("GU-3", Action.RETURN_UNREPORTED)
    assert walk.transfer.hop.code == "GU"


@pytest.mark.requirement("R-117")
@pytest.mark.parametrize(
    ("name", "origin", "target"), [("beijing", "XU-C1-B1", "XA-S1"), ("beijing-cuc", "XU-C1-B1", "XA-S1")]
)
def test_a_receiver_in_beijing_names_the_branch(name: str, origin: str, target: str) -> None:
    walk = begun(name, origin, target)
    while walk.transfer.hop.code != target:
        walk.forward()
    with pytest.raises(Refused, match="E_REQUIRED_FIELD") as refusal:
        walk.judge(Decision(Action.RECEIVE), {})
    assert [each.field for each in refusal.value.fields] == ["branch"]
    walk.decide_at("XA-S1", Action.RECEIVE, branch="XA-S1-B1")
    assert walk.transfer.state is TransferState.COMPLETED


@pytest.mark.requirement("R-118")
@pytest.mark.parametrize("name", ["shandong", "default"])
def test_nobody_is_received_before_the_letter_names_a_branch(name: str) -> None:
    walk = begun(name, "A1-T1-B1", "A1-T2").forward()
    assert walk.transfer.hop.code == "A1-T2"
    with pytest.raises(Refused, match="E_ADJUST_BEFORE_RECEIVE"):
        walk.decide_at("A1-T2", Action.RECEIVE)
    walk.decide_at("A1-T2", Action.ADJUST_RECEIVER, target="A1-T2-B1").decide_at("A1-T2", Action.RECEIVE)
    assert walk.transfer.state is TransferState.COMPLETED


@pytest.mark.requirement("R-118")
def test_a_receiving_branch_chooses_no_other_branch() -> None:
    walk = begun("shandong", "A1-T1-B1", "A1-T1-B2")
    with pytest.raises(Refused, match="E_FIELD_READONLY"):
        walk.decide_at("A1-T1-B2", Action.RECEIVE, more={"branch": "A1-T1-B1"})


@pytest.mark.requirement("R-119")
@pytest.mark.parametrize("name", ["shandong", "default"])
def test_the_branch_or_its_primary_committee_receives_and_nobody_else(name: str) -> None:
    walk = begun(name, "A2-T1-B1", "A1-T2-G-B1")
    able = {}
    while not walk.transfer.state.is_final:
        able[walk.transfer.hop.code] = Action.RECEIVE in own_actions(walk)
        if not able[walk.transfer.hop.code]:
            with pytest.raises(Refused, match="E_ACTION_NOT_ALLOWED"):
                walk.decide(walk.actor(), Action.RECEIVE)
        walk.forward()
    assert able == {"A2-T1": False, "A2": False, "A1": False, "A1-T2": True, "A1-T2-G": False, "A1-T2-G-B1": True}


@pytest.mark.requirement("R-119")
def test_a_sub_district_counts_as_a_primary_committee() -> None:
    walk = begun("shandong", "A1-T1-B1", "B1-S1-B1")
    while walk.transfer.hop.code != "B1-S1":
        walk.forward()
    walk.decide_at("B1-S1", Action.RECEIVE)
    assert walk.transfer.state is TransferState.COMPLETED


@pytest.mark.requirement("R-119")
def test_elsewhere_a_committee_on_the_way_does_not_receive() -> None:
    walk = begun("fujian", "A1-T1-B1", "A1-T2-B1")
    while walk.transfer.hop.code != "A1-T2":
        walk.forward()
    with pytest.raises(Refused, match="E_ACTION_NOT_ALLOWED"):
        walk.decide_at("A1-T2", Action.RECEIVE)


@pytest.mark.requirement("R-120")
def test_the_steps_below_a_committee_that_receives_are_filled_in_with_their_letters() -> None:
    walk = begun("shandong", "A1-T1-B1", "A1-T2-G-B1").forward().decide_at("A1-T2", Action.RECEIVE)
    assert route(walk) == "A1-T1-B1[S] > A1-T1 > A1[AUTO] > A1-T2[R] > A1-T2-G[F] > A1-T2-G-B1[F]"
    assert [hop.state for hop in walk.transfer.hops[3:]] == [
        HopState.RECEIVED,
        HopState.AUTO_FILLED,
        HopState.AUTO_FILLED,
    ]
    written = [(each.issuer.code, each.addressee.code, each.is_automatic) for each in walk.letters if each.addressee]
    assert written[-2:] == [("A1-T2", "A1-T2-G", False), ("A1-T2-G", "A1-T2-G-B1", True)]
    assert [each.branch.code for each in walk.memberships if isinstance(each, MembershipMoved)] == ["A1-T2-G-B1"]


@pytest.mark.requirement("R-120")
def test_also_a_step_that_had_sent_the_transfer_back_is_filled_in() -> None:
    walk = begun("shandong", "A1-T1-B1", "A1-T2-B1").forward()
    walk.decide_at("A1-T2", Action.APPROVE_AND_ISSUE).decide_at("A1-T2-B1", Action.RETURN)
    assert walk.transfer.hops[-1].state is HopState.RETURNED
    walk.decide_at("A1-T2", Action.RECEIVE)
    assert (walk.transfer.state, walk.transfer.hops[-1].state) == (TransferState.COMPLETED, HopState.AUTO_FILLED)
    assert [each.branch.code for each in walk.memberships if isinstance(each, MembershipMoved)] == ["A1-T2-B1"]


@pytest.mark.requirement("R-120")
def test_who_has_to_report_in_still_has_to_after_a_committee_received() -> None:
    walk = begun(
        "shandong", "A1-T1-B1", "A1-T2-G-B1", keys={"report_in.mode": "step", "membership.moves_at": "report_in"}
    )
    walk.forward().decide_at("A1-T2", Action.RECEIVE)
    assert (walk.step, walk.transfer.hop.code) == ("confirm_report_in", "A1-T2-G-B1")
    assert walk.transfer.hops[-1].fill is Fill.NORMAL
    walk.decide_at("A1-T2-G-B1", Action.CONFIRM_REPORT_IN)
    assert [each.branch.code for each in walk.memberships if isinstance(each, MembershipMoved)] == ["A1-T2-G-B1"]


RECEIPTS = [
    ("beijing", "XU-C1-B1", "XA-S1", 1),
    ("beijing-cuc", "XU-C1-B1", "XA-S1", 1),
    ("national", "GU-1-B1", "RC1-T-B1", 1),
    ("fujian", "A1-T1-B1", "B1-S1-B1", 0),
    ("shandong", "A1-T1-B1", "B1-S1-B1", 1),
    ("default", "A1-T1-B1", "B1-S1-B1", 1),
]


@pytest.mark.requirement("R-121")
@pytest.mark.parametrize(("name", "origin", "target", "moved"), RECEIPTS)
def test_receiving_moves_the_membership_unless_reporting_in_does(
    name: str, origin: str, target: str, moved: int
) -> None:
    walk = begun(name, origin, target)
    while walk.transfer.hop.role is not HopRole.RECEIVE:
        assert walk.memberships == []
        walk.forward()
    receiver, action = (
        walk.actor(),
        next(each for each in own_actions(walk) if each in (Action.RECEIVE, Action.APPROVE)),
    )
    walk.forward()
    assert len(walk.memberships) == moved
    walk.to_end()
    assert len(walk.memberships) == 1
    with pytest.raises(Refused, match="E_TRANSFER_FINISHED"):
        walk.decide(receiver, action)


@pytest.mark.requirement("R-122")
def test_in_fujian_the_branch_confirms_that_the_member_has_reported() -> None:
    walk = begun("fujian", "A1-T1-B1", "B1-S1-B1")
    while walk.step != "confirm_report_in":
        with pytest.raises(Refused, match="E_ACTION_NOT_ALLOWED"):
            walk.decide(walk.actor(), Action.CONFIRM_REPORT_IN)
        walk.forward()
    assert (walk.transfer.state, walk.memberships) == (TransferState.AWAITING_REPORT_IN, [])
    with pytest.raises(Refused, match="E_NOT_CURRENT_HOP"):
        walk.decide_at("B1-S1", Action.CONFIRM_REPORT_IN)
    with pytest.raises(Refused, match="E_DATE_FUTURE"):
        walk.decide_at("B1-S1-B1", Action.CONFIRM_REPORT_IN, more={"report_in_date": "2025-03-11"})
    walk.decide_at("B1-S1-B1", Action.CONFIRM_REPORT_IN, more={"report_in_date": "2025-03-10"})
    assert walk.transfer.state is TransferState.COMPLETED
    assert [each.branch.code for each in walk.memberships if isinstance(each, MembershipMoved)] == ["B1-S1-B1"]


@pytest.mark.requirement("R-123")
def test_the_branch_and_all_its_superiors_report_in_from_the_list() -> None:
    for code in ("GU-2-B1", "GU-2", "GU", "RE", "R"):
        walk = begun("national", "GU-1-B1", "GU-2").forward()
        offered = set(judging.offered(walk.context, walk.admin(code)))
        assert Action.REPORT_IN in offered
        assert (Action.RETURN_UNREPORTED in offered) is (code != "GU-2-B1")
        walk.decide_at(code, Action.REPORT_IN)
        assert walk.transfer.state is TransferState.COMPLETED
    walk = begun("national", "GU-1-B1", "GU-2").forward()
    for code in ("GU-1-B1", "GU-3", "RC"):
        with pytest.raises(Refused, match="E_NOT_CURRENT_HOP"):
            walk.decide_at(code, Action.REPORT_IN)
    with pytest.raises(Refused, match="E_ACTION_NOT_ALLOWED"):
        walk.decide_at("GU-2-B1", Action.RETURN_UNREPORTED)


@pytest.mark.requirement("R-131")
def test_a_receipt_names_what_it_must_all_at_once() -> None:
    walk = begun("shandong", "A1-T1-B1").forward().forward()
    asked = offers.offer(Action.RECORD_RECEIPT, walk.context)
    with pytest.raises(Refused, match="E_REQUIRED_FIELD") as refusal:
        walk.judge(Decision(Action.RECORD_RECEIPT), {"remark": "已寄回"})
    assert tuple(each.field for each in refusal.value.fields) == asked.required
    assert asked.required == ("letter_no", "receiving_committee", "receipt_date", "handler", "telephone")


@pytest.mark.requirement("R-117")
@pytest.mark.requirement("R-069")
@pytest.mark.parametrize(
    ("branch", "found", "code"),
    [
        ("XA-S1-B1", {"status": OrgStatus.DISSOLVED}, "E_TARGET_NOT_ALLOWED"),
        ("XA-S1-B1", {"is_functional": True}, "E_TARGET_NOT_ALLOWED"),
        ("XU-C1-B1", {}, "E_TARGET_NOT_SUBORDINATE"),
    ],
)
def test_nobody_is_placed_in_a_branch_that_could_be_no_target(branch: str, found: dict, code: str) -> None:
    walk = begun("beijing", "XU-C1-B1", "XA-S1", changes={branch: found})
    while walk.transfer.hop.code != "XA-S1":
        walk.forward()
    with pytest.raises(Refused, match=code) as refusal:
        walk.decide_at("XA-S1", Action.RECEIVE, branch=branch)
    assert [each.field for each in refusal.value.fields] == ["branch"]


@pytest.mark.requirement("R-117")
@pytest.mark.requirement("R-069")
@pytest.mark.requirement("R-153")
def test_a_graduate_who_stays_at_his_college_does_not_stay_in_his_branch() -> None:
    tree = chains(TREES["T2"])
    case = RouteCase(tree["XU-C1-B2"], tree["XU-C1"], None, is_graduate=True, has_cities=False)
    walk = walk_of(case, "beijing", tree)
    while walk.transfer.hop.role is not HopRole.RECEIVE:
        walk.forward()
    with pytest.raises(Refused, match="E_SAME_BRANCH"):
        walk.decide_at("XU-C1", Action.RECEIVE, branch="XU-C1-B2")
    walk.decide_at("XU-C1", Action.RECEIVE, branch="XU-C1-B1")
    assert walk.transfer.state is TransferState.COMPLETED
