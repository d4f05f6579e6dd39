"""Coming in from outside: who starts, by which way, what the starter may do when it comes back (requirements 2.12)."""

from dataclasses import replace

import pytest

from service.definitions.profiles import profile
from service.domain.applying import starts
from service.domain.applying.targets import check_target
from service.domain.errors import Refused
from service.domain.letters.letters import LetterState
from service.domain.organisations.organisations import OrgStatus, Scope
from service.domain.routes.cases import RouteCase
from service.domain.routes.hops import HopRole
from service.domain.transfers.actions import Action
from service.domain.transfers.effects import MembershipMoved
from service.domain.transfers.transfers import Cause, TransferState
from tests.reference.notation import written_hop
from tests.reference.trees import TREE_OF_PROFILE, TREES, chains
from tests.varieties.walker import Walk, begun, own_actions

NATIONAL_SCOPE_OF_T1 = {"P", "PD1", "PD2", "CA", "A1", "A2", "CB", "B1"}
NATIONAL_SCOPE_OF_T2 = {"XM", "XM-E", "XU", "XU-C1", "XU-C2", "XA", "XA-S1"}
STARTERS = {
    "shandong": NATIONAL_SCOPE_OF_T1,
    "default": NATIONAL_SCOPE_OF_T1,
    "fujian": {"P", "CA", "A1", "A2", "CB", "B1"},
    "national": {"R", "RE", "GU", "GU-1", "GU-2", "GU-3", "RC", "RC1", "RC1-T"},
    "beijing": NATIONAL_SCOPE_OF_T2,
    "beijing-cuc": NATIONAL_SCOPE_OF_T2,
}


def route(walk: Walk) -> str:
    return " > ".join(written_hop(hop) for hop in walk.transfer.hops)


def target_refusal(name: str, target: str, by: str) -> str:
    tree = chains(TREES[TREE_OF_PROFILE[name]])
    case = RouteCase(None, tree[target] if target else None, tree[by])
    with pytest.raises(Refused) as refusal:
        check_target(case, profile(name))
    return refusal.value.code


@pytest.mark.requirement("R-137")
@pytest.mark.parametrize("name", STARTERS)
def test_who_starts(name: str) -> None:
    found = set()
    for code, chain in chains(TREES[TREE_OF_PROFILE[name]]).items():
        try:
            starts.check_right(chain, profile(name), is_incoming=True)
        except Refused as refusal:
            assert refusal.code == "E_START_NOT_ALLOWED"
        else:
            found.add(code)
    assert found == STARTERS[name]


@pytest.mark.requirement("R-137")
def test_a_member_brings_nobody_in() -> None:
    for name in STARTERS:
        with pytest.raises(Refused, match="E_START_NOT_ALLOWED"):
            starts.check_right(None, profile(name), is_incoming=True)


WAYS = [
    ("shandong", "A1", "A1-T1-B1", "A1[S] > A1-T1 > A1-T1-B1[R]"),
    ("shandong", "A1", "A1-T2-G-B1", "A1[S] > A1-T2 > A1-T2-G > A1-T2-G-B1[R]"),
    ("shandong", "A2", "A1-T1-B1", "A2[S] > A1 > A1-T1 > A1-T1-B1[R]"),
    ("shandong", "A1", "A1-T1", "A1[S] > A1-T1[R]"),
    ("fujian", "A1", "A1-T1-B1", "A1[A] > A1 > A1-T1 > A1-T1-B1[R] > A1-T1-B1[C]"),
    ("fujian", "A1", "A1-T2-G-B1", "A1[A] > A1 > A1-T2 > A1-T2-G > A1-T2-G-B1[R] > A1-T2-G-B1[C]"),
    ("national", "GU", "GU-1", "GU[S] > GU-1[R] > chosen branch[I]"),
    ("national", "GU-1", "GU-1-B1", "GU-1[S] > GU-1[R] > GU-1-B1[I]"),
    ("default", "A1", "A1-T1-B1", "A1[S] > A1-T1 > A1-T1-B1[R]"),
    ("beijing", "XU", "XU-C1", "XU[S] > XU-C1[R]"),
    ("beijing-cuc", "XA", "XA-S1", "XA[S] > XA-S1[R]"),
]


@pytest.mark.requirement("R-146")
@pytest.mark.parametrize(("name", "by", "target", "expected"), WAYS)
def test_the_way_down_and_where_it_ends(name: str, by: str, target: str, expected: str) -> None:
    walk = begun(name, "", target, by=by)
    assert route(walk) == expected
    walk.to_end()
    assert walk.transfer.state is TransferState.COMPLETED
    assert [type(each) for each in walk.memberships] == [MembershipMoved]


@pytest.mark.requirement("R-146")
def test_where_nobody_below_the_province_holds_its_scope_there_is_no_way() -> None:
    weak = {"scope": Scope.NONE}
    with pytest.raises(Refused, match="E_ROUTE_NO_AUTHORITY"):
        begun("shandong", "", "A1-T1-B1", by="A2", changes=dict.fromkeys(("A1", "CA", "P"), weak))


@pytest.mark.requirement("R-146")
@pytest.mark.requirement("R-156")
def test_nothing_is_approved_by_itself_on_the_way_in() -> None:
    automatic = {code: {"auto_approve_children": True} for code in ("CA", "A1", "A1-T1")}
    walk = begun("shandong", "", "A1-T1-B1", by="CA", changes=automatic)
    assert route(walk) == "CA[S] > A1 > A1-T1 > A1-T1-B1[R]"


@pytest.mark.requirement("R-146")
def test_in_fujian_the_county_applies_and_then_approves() -> None:
    walk = begun("fujian", "", "A1-T1-B1", by="A1")
    assert (walk.transfer.hop.code, walk.transfer.hop.role, walk.step) == ("A1", HopRole.APPROVE, "decide_receiving")
    assert own_actions(walk) == {Action.APPROVE, Action.REJECT, Action.WITHDRAW_APPLICATION}
    single = begun("fujian", "", "A1-T1-B1", by="A1", keys={"incoming.double_step": False})
    assert single.transfer.hop.code == "A1-T1"


@pytest.mark.requirement("R-145")
@pytest.mark.parametrize(
    ("name", "by", "target", "code"),
    [
        ("fujian", "A1", "A1-T1", "E_TARGET_PRECISION"),
        ("fujian", "A1", "H-O", "E_TARGET_NOT_ALLOWED"),
        ("shandong", "A1", "H-T", "E_TARGET_NOT_ALLOWED"),
        ("shandong", "A1", "", "E_REQUIRED_FIELD"),
    ],
)
def test_the_target_is_chosen_in_the_tree(name: str, by: str, target: str, code: str) -> None:
    assert target_refusal(name, target, by) == code


@pytest.mark.requirement("R-145")
def test_a_dissolved_branch_takes_nobody_in() -> None:
    tree = chains(TREES["T1"])
    gone = (replace(tree["A1-T1-B1"][0], status=OrgStatus.DISSOLVED), *tree["A1-T1-B1"][1:])
    with pytest.raises(Refused, match="E_TARGET_NOT_ALLOWED"):
        check_target(RouteCase(None, gone, tree["A1"]), profile("fujian"))


@pytest.mark.requirement("R-148")
def test_what_comes_back_to_its_starter_is_voided_with_a_reason() -> None:
    walk = begun("shandong", "", "A1-T1-B1", by="A1").decide_at("A1-T1", Action.RETURN, reason="抬头有误")
    assert (walk.transfer.state, walk.transfer.cause) == (TransferState.RETURNED_TO_APPLICANT, Cause.REJECTED)
    assert own_actions(walk) == {Action.APPROVE_AND_ISSUE, Action.VOID, Action.ADJUST_RECEIVER}
    with pytest.raises(Refused, match="E_REASON_REQUIRED"):
        walk.decide_at("A1", Action.VOID, reason=" ")
    walk.decide_at("A1", Action.VOID, reason="本人未到")
    assert (walk.transfer.state, walk.transfer.letter.state) == (TransferState.VOIDED, LetterState.VOID)
    assert walk.memberships == []


@pytest.mark.requirement("R-148")
@pytest.mark.parametrize(
    ("name", "may"), [("shandong", True), ("fujian", True), ("default", True), ("national", False)]
)
def test_before_it_comes_back_nobody_voids_it(name: str, may: bool) -> None:
    by, target = ("GU", "GU-1") if name == "national" else ("A1", "A1-T1-B1")
    walk = begun(name, "", target, by=by)
    if name == "fujian":
        walk.forward()
    for code in {hop.code for hop in walk.transfer.hops if hop.code}:
        with pytest.raises(Refused):
            walk.decide_at(code, Action.VOID)
    while not walk.transfer.at_application:
        refusing = next(each for each in own_actions(walk) if each in (Action.RETURN, Action.REJECT, Action.DISAPPROVE))
        walk.decide(walk.actor(), refusing)
    assert (Action.VOID in own_actions(walk)) is may
