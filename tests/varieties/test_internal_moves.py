"""Moves inside the boundary, and who approves them automatically (requirements 2.13, 2.14)."""

import pytest

from service.domain.errors import Refused
from service.domain.organisations.organisations import Scope
from service.domain.routes.hops import Fill, HopState, Side
from service.domain.routes.varieties import Variety
from service.domain.transfers import judging
from service.domain.transfers.actions import Action
from service.domain.transfers.effects import MembershipMoved, NoticeWanted
from service.domain.transfers.transfers import TransferState
from tests.reference.notation import written_hop
from tests.varieties.walker import Walk, begun

EVERYWHERE = ("P", "PD1", "PD2", "U", "U-G1", "CA", "CA-D", "A1", "A1-T1", "A1-T2", "A1-D", "A2", "A2-T1", "CB", "B1")
AUTO_EVERYWHERE = {code: {"auto_approve_children": True} for code in EVERYWHERE}


def route(walk: Walk) -> str:
    return " > ".join(written_hop(hop) for hop in walk.transfer.hops)


def automatic(walk: Walk) -> list[str | None]:
    return [hop.code for hop in walk.transfer.hops if hop.fill is Fill.AUTO]


BOUNDARIES = [
    # Shandong, Fujian: the primary committee; Beijing: the college; national: the unit with county scope.
    ("shandong", "A1-T1-B1", "A1-T1-G-B1", True),
    ("shandong", "U-G1-B1", "U-G2-B1", True),
    ("shandong", "A1-T1-B1", "A1-T2-B1", False),
    ("fujian", "A1-T1-B1", "A1-T1-B2", True),
    ("fujian", "A1-T1-B1", "A1-T2-B1", False),
    ("default", "A1-T1-B1", "A1-T1-B2", True),
    ("default", "A1-T1-B1", "A1-D-B1", False),
    ("beijing", "XU-C1-B1", "XU-C1-B2", True),
    ("beijing", "XU-G1-B1", "XU-G1-B2", True),
    ("beijing", "XU-C1-B1", "XU-C2", False),
    ("beijing-cuc", "XU-C1-B1", "XU-C1-B3", True),
    ("national", "GU-1-B1", "GU-1-B2", True),
    ("national", "GU-1-B1", "GU-2-B1", False),
]


@pytest.mark.requirement("R-151")
@pytest.mark.parametrize(("name", "origin", "target", "is_internal"), BOUNDARIES)
def test_a_move_inside_the_boundary_is_internal(name: str, origin: str, target: str, *, is_internal: bool) -> None:
    walk = begun(name, origin, target)
    assert (walk.transfer.variety is Variety.INTERNAL) is is_internal
    walk.to_end()
    assert [type(each) for each in walk.memberships] == [MembershipMoved]


TURNS = [
    ("shandong", "U-G1-B1", "U-G1-B2", "U-G1-B1[S] > U-G1 > U-G1-B2[R]"),
    ("shandong", "U-G2-B1", "U-G2-B2", "U-G2-B1[S] > U > U-G2-B2[R]"),
    ("default", "U-G1-B1", "U-G2-B1", "U-G1-B1[S] > U-G1 > U > U-G2-B1[R]"),
    ("fujian", "U-G1-B1", "U-G1-B2", "applicant[A] > U-G1-B1 > U-G1 > U > U-G1 > U-G1-B2[R] > U-G1-B2[C]"),
    ("fujian", "A1-T1-B1", "A1-T1-B2", "applicant[A] > A1-T1-B1 > A1-T1 > A1-T1-B2[R] > A1-T1-B2[C]"),
    ("beijing", "XU-G1-B1", "XU-G1-B2", "applicant[A] > XU-G1-B1 > XU-G1 > XU-G1-B2[R]"),
    ("national", "GU-1-B1", "GU-1-B2", "GU-1[S] > GU-1-B2[I]"),
]


@pytest.mark.requirement("R-152")
@pytest.mark.parametrize(("name", "origin", "target", "expected"), TURNS)
def test_where_an_internal_move_turns_down_again(name: str, origin: str, target: str, expected: str) -> None:
    assert route(begun(name, origin, target)) == expected


@pytest.mark.requirement("R-154")
def test_a_unit_with_county_scope_moves_members_between_its_branches_in_one_step() -> None:
    walk = begun("national", "GU-1-B1", "GU-1-B2")
    assert (walk.step, walk.transfer.state) == ("report_in", TransferState.AWAITING_REPORT_IN)
    assert [each.branch.code for each in walk.memberships if isinstance(each, MembershipMoved)] == ["GU-1-B2"]
    walk.decide_at("GU-1-B2", Action.REPORT_IN)
    assert walk.transfer.state is TransferState.COMPLETED


@pytest.mark.requirement("R-154")
def test_it_moves_nobody_who_is_not_in_one_of_its_branches() -> None:
    for origin, starter in (("GU-2-B1", "GU-1"), ("GU-1-B1", "GU"), ("GU-3-B1", "GU")):
        with pytest.raises(Refused, match="E_NOT_SUBORDINATE"):
            begun("national", origin, "GU-1-B2", by=starter)
    with pytest.raises(Refused, match="E_START_NOT_ALLOWED"):
        begun("national", "GU-1-B1", "GU-1-B2", by="GU-1-B1")


AUTOMATIC = [
    ("shandong", "A1-T1-B1", "A1-T1-B2", ["A1-T1"]),
    ("shandong", "A1-T1-G-B1", "A1-T1-B1", ["A1-T1"]),
    ("shandong", "A1-T1-B1", "A1-T2-G-B1", ["A1"]),
    ("default", "A1-T1-B1", "A1-D-B1", ["A1"]),
    ("fujian", "A1-T1-B1", "A1-T1-B2", []),
    ("fujian", "A1-T1-B1", "A1-T2-B1", []),
]


@pytest.mark.requirement("R-155")
@pytest.mark.parametrize(("name", "origin", "target", "expected"), AUTOMATIC)
def test_the_common_superior_with_the_permission_approves_by_itself(
    name: str, origin: str, target: str, expected: list[str]
) -> None:
    walk = begun(name, origin, target)
    assert automatic(walk) == expected
    while any(hop.fill is Fill.AUTO and hop.state is HopState.PENDING for hop in walk.transfer.hops):
        walk.forward()
    for code in expected:
        hop = next(hop for hop in walk.transfer.hops if hop.code == code)
        assert hop.state is HopState.AUTO_APPROVED
        assert (code, True) in [(each.issuer.code, each.is_automatic) for each in walk.letters]
        assert judging.offered(walk.context, walk.admin(code)) == ()
        told = [each.org.code for each in walk.effects if isinstance(each, NoticeWanted) and each.org]
        assert code not in told, "there is nothing to do for it"


@pytest.mark.requirement("R-155")
@pytest.mark.parametrize("starter", ["A1-T1", "A1-T1-B1"])
def test_who_starts_does_not_approve_himself(starter: str) -> None:
    walk = begun("shandong", "A1-T1-B1", "A1-T1-B2", by=starter)
    assert automatic(walk) == (["A1-T1"] if starter == "A1-T1-B1" else [])


@pytest.mark.requirement("R-155")
def test_the_permission_is_one_between_direct_subordinates() -> None:
    # Both legs run through one and the same general branch, which is asked on both: nothing passes between two.
    keys = {"route.internal_turn": "committee"}
    changes = {"U": {"auto_approve_children": True}}
    assert automatic(begun("shandong", "U-G1-B1", "U-G1-B2", keys=keys, changes=changes)) == []
    assert automatic(begun("shandong", "U-G2-B1", "U-G2-B2", keys=keys, changes=changes)) == ["U"]
    assert automatic(begun("shandong", "U-G1-B1", "U-G2-B1", keys=keys, changes=changes)) == ["U"]


NEVER = [
    ("shandong", "A1-T1-B1", "A2-T1-B1", ""),
    ("shandong", "A1-T1-B1", "B1-S1-B1", ""),
    ("shandong", "A1-T1-B1", "PD1-C-B1", ""),
    ("default", "CA-D-C-B1", "A1-T1-B1", ""),
    ("shandong", "A1-T1-B1", "", ""),
    ("default", "A1-T1-B1", "", ""),
    ("shandong", "", "A1-T1-B1", "A1"),
    ("default", "", "A1-T2-G-B1", "CA"),
]


@pytest.mark.requirement("R-156")
@pytest.mark.scenario("S-06")
@pytest.mark.parametrize(("name", "origin", "target", "by"), NEVER)
def test_across_counties_outside_and_from_outside_everybody_decides_by_hand(
    name: str, origin: str, target: str, by: str
) -> None:
    walk = begun(name, origin, target, by=by, changes=AUTO_EVERYWHERE)
    assert automatic(walk) == []
    walk.to_end()
    assert HopState.AUTO_APPROVED not in [hop.state for hop in walk.transfer.hops]


@pytest.mark.requirement("R-156")
def test_nor_does_a_turning_organisation_approve_what_crosses_counties() -> None:
    # The holder of the scope is the same on both sides, so it turns the route.
    changes = {code: {"scope": Scope.NONE} for code in ("A1", "A2")} | {"CA": {"auto_approve_children": True}}
    walk = begun("shandong", "A1-T1-B1", "A2-T1-B1", changes=changes)
    assert walk.transfer.variety is Variety.IN_PROVINCE
    assert "CA" in [hop.code for hop in walk.transfer.hops]
    assert automatic(walk) == []


@pytest.mark.requirement("R-158")
@pytest.mark.parametrize(
    ("origin", "target", "turn"),
    [("A1-T1-B1", "A1-T2-G-B1", "A1"), ("A1-T1-B1", "A1-T1-B2", "A1-T1"), ("U-G1-B1", "U-G1-B2", "U-G1")],
)
def test_without_the_permission_it_decides_among_what_it_receives(origin: str, target: str, turn: str) -> None:
    walk = begun("shandong", origin, target, changes={turn: {"auto_approve_children": False}})
    while walk.transfer.hop.code != turn:
        walk.forward()
    assert (walk.transfer.hop.side, walk.step) == (Side.RECEIVING, "decide_receiving")
    offered = judging.offered(walk.context, walk.actor())
    assert {Action.APPROVE_AND_ISSUE, Action.ADJUST_RECEIVER, Action.RETURN} <= set(offered)
    walk.decide_at(turn, Action.APPROVE_AND_ISSUE)
    assert walk.letters[-1].issuer.code == turn
    assert not walk.letters[-1].is_automatic


@pytest.mark.requirement("R-159")
def test_without_a_seal_it_decides_by_hand_and_is_told_why() -> None:
    bare = {"A1-T1": {"has_seal": False}}
    walk = begun("shandong", "A1-T1-B1", "A1-T1-B2", changes=bare)
    assert automatic(walk) == []
    assert (walk.transfer.hop.code, walk.step) == ("A1-T1", "decide_receiving")
    told = [(each.kind, each.org.code) for each in walk.effects if isinstance(each, NoticeWanted) and each.org]
    assert told == [("hop_opened", "A1-T1"), ("seal_missing", "A1-T1")]
    with pytest.raises(Refused, match="E_SEAL_MISSING"):
        walk.decide_at("A1-T1", Action.APPROVE_AND_ISSUE)
    assert automatic(begun("default", "A1-T1-B1", "A1-T1-B2", changes=bare)) == ["A1-T1"], "where no seal is wanted"
