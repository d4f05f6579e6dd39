"""Which targets applications may name, and how (R-008, R-009, R-067–R-073), on both databases."""

import pytest

from service.domain.applying.choosing import Chosen
from service.domain.routes.varieties import OutType, Variety
from service.domain.transfers.transfers import TransferState
from tests.reference.notation import written_hop
from tests.use_cases.attempts import attempt, refusal, started
from tests.use_cases.conftest import MakeWorld
from tests.use_cases.walker import OUTSIDE


@pytest.mark.requirement("R-068")
@pytest.mark.requirement("R-069")
@pytest.mark.requirement("R-009")
@pytest.mark.scenario("S-16")
def test_no_superior_no_own_branch_no_holding_node(make_world: MakeWorld) -> None:
    world = make_world("shandong", changes={"A1-T1-B2": {"is_functional": True}, "A2-T1-B1": {"status": "DISSOLVED"}})
    branch, who = world.admins["A1-T1-B1"], Chosen(world.people["A1-T1-B1"].member_id)
    expected = {
        "A1-T1": "E_TARGET_IS_SUPERIOR", "A1": "E_TARGET_IS_SUPERIOR", "A1-T1-B1": "E_SAME_BRANCH",
        "H-O": "E_TARGET_NOT_ALLOWED", "A1-T1-B2": "E_TARGET_NOT_ALLOWED", "A2-T1-B1": "E_TARGET_NOT_ALLOWED",
        "A9": "E_ORG_NOT_FOUND",
    }  # fmt: skip
    for target, code in expected.items():
        assert attempt(world, branch, {"target": target}, chosen=who) == code, target


@pytest.mark.requirement("R-067")
@pytest.mark.scenario("S-59")
@pytest.mark.parametrize("profile", ["beijing", "beijing-cuc"])
def test_in_city_wants_a_committee(make_world: MakeWorld, profile: str) -> None:
    world = make_world(profile)
    luo = world.people["XU-C1-B1"]
    for target, code in {
        "XA-S1-B1": "E_TARGET_PRECISION",
        "XM": "E_TARGET_IS_SUPERIOR",
        "XA": "E_TARGET_PRECISION",
    }.items():
        assert attempt(world, luo, {"target": target, "variety": "IN_PROVINCE"}) == code, target
    assert attempt(world, luo, {"target": "XA-S1", "variety": "IN_PROVINCE"}) == "ok"


@pytest.mark.requirement("R-008")
@pytest.mark.requirement("R-067")
def test_a_full_name_is_found_where_only_one_has_it(make_world: MakeWorld) -> None:
    world = make_world("fujian", changes={"A2-T2-B1": {"name": "望江社区党支部"}})
    feng = world.people["A2-T1-B1"]
    assert attempt(world, feng, {"target": "望江社区党支部"}) == "E_ORG_NOT_FOUND"
    assert "2 个" in refusal(lambda: started(world, feng, {"target": "望江社区党支部"})).message_zh
    assert attempt(world, feng, {"target": "省外组织"}) == "E_TARGET_NOT_ALLOWED"
    played = started(world, feng, {"target": " 白塔村党支部 "})
    assert played.transfer.target.org.code == "A1-T2-B1"
    assert played.view(feng).application["target"] == "A1-T2-B1"


@pytest.mark.requirement("R-008")
@pytest.mark.requirement("R-070")
@pytest.mark.requirement("R-088")
@pytest.mark.scenario("S-79")
def test_off_the_tree_inside_the_province(make_world: MakeWorld) -> None:
    world = make_world("national")
    college, who = world.admins["GU-1"], Chosen(world.people["GU-1-B1"].member_id)
    hidden = {"target": "隐蔽单位样例党委", "variety": "IN_PROVINCE"}
    assert attempt(world, college, hidden, chosen=who) == "E_OFF_TREE_FLAG_REQUIRED"
    assert attempt(world, college, {**hidden, "off_tree": False}, chosen=who) == "E_OFF_TREE_FLAG_REQUIRED"
    assert attempt(world, college, {**hidden, "off_tree": True, "target": "党"}, chosen=who) == "E_REQUIRED_FIELD"
    assert attempt(world, college, {**hidden, "off_tree": True, "variety": None}, chosen=who) == "E_VARIETY_MISMATCH"
    played = started(world, college, {**hidden, "off_tree": True}, chosen=who)
    assert " > ".join(written_hop(hop) for hop in played.transfer.hops) == "GU-1[S] > GU-1[close]"
    assert played.transfer.out_type is None
    other = make_world("fujian")
    assert attempt(other, other.people["A1-T1-B1"], {**hidden, "off_tree": True}) == "E_TARGET_NOT_ALLOWED"


@pytest.mark.requirement("R-070")
@pytest.mark.scenario("S-52")
def test_a_nationwide_transfer_is_off_the_tree_and_stays_so(make_world: MakeWorld) -> None:
    world = make_world("national")
    college, who = world.admins["GU-1"], Chosen(world.people["GU-1-B1"].member_id)
    nationwide = {"target": "中共样例市委组织部", "variety": "OUT_OF_PROVINCE"}
    assert attempt(world, college, {**nationwide, "off_tree": False}, chosen=who) == "E_OFF_TREE_LOCKED"
    assert attempt(world, college, {**nationwide, "target": "GU-2"}, chosen=who) == "E_TARGET_MUST_BE_TEXT"
    # The box is ticked by itself.
    played = started(world, college, nationwide, chosen=who)
    assert played.transfer.out_type is OutType.OTHER_PROVINCE
    played.to_end()
    assert played.transfer.state is TransferState.COMPLETED


@pytest.mark.requirement("R-071")
@pytest.mark.parametrize(
    ("profile", "origin", "target", "starter"),
    [
        ("fujian", "A1-T1-B1", "A2-T1-B1", ""), ("shandong", "A1-T1-B1", "A2-T1-B1", "A1-T1-B1"),
        ("beijing", "XU-C1-B1", "XA-S1", ""), ("default", "A1-T1-B1", "A2-T1-B1", ""),
    ],
)  # fmt: skip
def test_a_target_outside_is_typed(make_world: MakeWorld, profile: str, origin: str, target: str, starter: str) -> None:
    world = make_world(profile)
    member = world.people[origin]
    actor, chosen = (world.admins[starter], Chosen(member.member_id)) if starter else (member, Chosen())
    outside = {**OUTSIDE, "destination_kind": "MILITARY"}
    assert attempt(world, actor, {**outside, "target": target}, chosen=chosen) == "E_TARGET_MUST_BE_TEXT"
    played = started(world, actor, outside, chosen=chosen)
    assert (played.transfer.variety, played.transfer.out_type) == (Variety.OUT_OF_PROVINCE, OutType.MILITARY)


@pytest.mark.requirement("R-072")
def test_the_type_is_derived_and_switched_within_its_pair(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    branch = world.admins["A1-T1-B1"]

    def settled(target: str, **answers: object) -> object:
        who = Chosen(world.newcomer("A1-T1-B1").member_id)
        return started(world, branch, {"target": target, **answers}, chosen=who).transfer.out_type

    assert settled("A1-T1-B2") is OutType.TOWNSHIP_DIRECT_UNIT
    assert settled("A1-T1-B2", out_type="SAME_SYSTEM") is OutType.SAME_SYSTEM
    assert settled("A1-D-B1") is OutType.COUNTY_DIRECT_UNIT
    assert settled("A1-D-B1", out_type="OTHER_TOWNSHIP_SAME_COUNTY") is OutType.OTHER_TOWNSHIP_SAME_COUNTY
    outside = {"off_tree": True, "letter_heading": "中共样例市委组织部"}
    assert settled("中共样例市委组织部", **outside, out_type="ARMED_POLICE") is OutType.ARMED_POLICE
    who = Chosen(world.newcomer("A1-T1-B1").member_id)
    for target, wrong in (("A2-T1-B1", "OTHER_CITY"), ("A1-T1-B2", "COUNTY_DIRECT_UNIT")):
        assert attempt(world, branch, {"target": target, "out_type": wrong}, chosen=who) == "E_OUT_TYPE_MISMATCH"
    two = {**OUTSIDE, "destination_kind": "ABROAD", "out_type": "MILITARY"}
    assert attempt(world, branch, two, chosen=who) == "E_OUT_TYPE_MISMATCH"


@pytest.mark.requirement("R-072")
def test_a_special_organisation_has_no_type(make_world: MakeWorld) -> None:
    world = make_world("fujian")
    played = started(world, world.people["A1-T1-B1"], {**OUTSIDE, "destination_kind": "SPECIAL_ORG"})
    assert (played.transfer.variety, played.transfer.out_type) == (Variety.OUT_OF_PROVINCE, None)


@pytest.mark.requirement("R-073")
@pytest.mark.parametrize(
    ("profile", "origin", "starter", "target", "wrong", "right"),
    [
        ("national", "GU-1-B1", "GU-1", "GU-1-B2", "INTRA_COUNTY", "INTERNAL"),
        ("national", "GU-1-B1", "GU-1", "GU-2-B1", "INTERNAL", "INTRA_COUNTY"),
        ("beijing", "XU-C1-B1", "", "XU-G1", "INTRA_COUNTY", "IN_PROVINCE"),
        ("fujian", "A1-T1-B1", "", "A1-T2-B1", "IN_PROVINCE", "INTRA_COUNTY"),
    ],
)
def test_the_variety_the_user_chose_must_fit(
    make_world: MakeWorld, profile: str, origin: str, starter: str, target: str, wrong: str, right: str
) -> None:
    world = make_world(profile)
    member = world.people[origin]
    actor, chosen = (world.admins[starter], Chosen(member.member_id)) if starter else (member, Chosen())
    assert attempt(world, actor, {"target": target, "variety": wrong}, chosen=chosen) == "E_VARIETY_MISMATCH"
    assert attempt(world, actor, {"target": target, "variety": right}, chosen=chosen) == "ok"


@pytest.mark.requirement("R-013")
@pytest.mark.scenario("S-49")
def test_in_province_needs_province_scope(make_world: MakeWorld) -> None:
    world = make_world("national")
    who = Chosen(world.people["GU-3-B1"].member_id)
    assert attempt(world, world.admins["GU-3"], {"target": "RC1-T"}, chosen=who) == "E_SCOPE_REQUIRED"
