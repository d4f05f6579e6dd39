"""Another target on the way: who may choose it, which, and what becomes of route and letter (requirements 2.9)."""

import pytest

from service.domain.errors import Refused
from service.domain.letters.letters import LetterState
from service.domain.routes.hops import HopRole, MadeBy, Side
from service.domain.routes.varieties import OutType
from service.domain.transfers import judging
from service.domain.transfers.actions import Action
from service.domain.transfers.effects import LetterIssued, LetterPassed, LetterStateSet
from tests.reference.notation import written_hop
from tests.varieties.walker import Walk, begun


def route(walk: Walk) -> str:
    return " > ".join(written_hop(hop) for hop in walk.transfer.hops)


def letter_effects(walk: Walk, since: int) -> list[object]:
    kinds = (LetterIssued, LetterPassed, LetterStateSet)
    return [each for each in walk.effects[since:] if isinstance(each, kinds)]


@pytest.mark.requirement("R-113")
def test_any_approver_in_the_national_system_may_send_it_elsewhere() -> None:
    walk = begun("national", "GU-1-B1", "RC1-T-B1")
    with pytest.raises(Refused, match="E_NOT_CURRENT_HOP"):
        walk.decide_at("RC1-T", Action.CHANGE_TARGET, target="GU-2")
    walk.decide_at("RC1", Action.CHANGE_TARGET, target="GU-2")
    assert route(walk) == "GU-1[S] > RC1 > GU-2[R] > chosen branch[I]"
    made = [(hop.code, hop.made_by) for hop in walk.transfer.hops]
    assert made[:3] == [("GU-1", MadeBy.GENERATED), ("RC1", MadeBy.GENERATED), ("GU-2", MadeBy.RE_ROUTED)]
    assert walk.transfer.hop.code == "RC1", "who chose it decides still"
    walk.decide_at("RC1", Action.APPROVE).decide_at("GU-2", Action.CHANGE_TARGET, target="RC1-T-B1")
    assert route(walk) == "GU-1[S] > RC1 > GU-2 > RC1 > RC1-T[R] > RC1-T-B1[I]"
    walk.to_end()


@pytest.mark.requirement("R-113")
@pytest.mark.requirement("R-072")
def test_its_type_is_that_of_the_move_from_his_own_branch() -> None:
    # Seen from RC1, GU-2 is a unit of the province; seen from the branch he leaves it is one of the same university.
    walk = begun("national", "GU-1-B1", "RC1-T-B1")
    assert walk.transfer.out_type is OutType.OTHER_CITY
    walk.decide_at("RC1", Action.CHANGE_TARGET, target="GU-2")
    assert walk.transfer.out_type is OutType.COUNTY_DIRECT_UNIT
    walk.decide_at("RC1", Action.CHANGE_TARGET, target="RC1-T-B1")
    assert walk.transfer.out_type is OutType.OTHER_CITY


@pytest.mark.requirement("R-113")
@pytest.mark.requirement("R-072")
def test_who_comes_in_gets_no_outgoing_type_by_it() -> None:
    walk = begun("national", "", "RC1-T-B1", by="GU")
    walk.decide_at("RC1", Action.CHANGE_TARGET, target="GU-2")
    assert route(walk) == "GU[S] > RC1 > GU-2[R] > chosen branch[I]"
    assert walk.transfer.out_type is None


@pytest.mark.requirement("R-076")
@pytest.mark.requirement("R-113")
def test_who_comes_in_may_be_sent_to_another_county_after_a_return() -> None:
    # The route leads at once to an organisation that no chain of the first route held.
    walk = begun("default", "", "A1-T1-B1", by="CA")
    walk.decide_at("A1", Action.RETURN).decide_at("CA", Action.SUBMIT, target="A2-T1-B1")
    assert route(walk) == "CA[S] > A2 > A2-T1 > A2-T1-B1[R]"
    walk.to_end()


@pytest.mark.requirement("R-113")
def test_who_comes_in_stays_on_the_receiving_side_wherever_he_is_sent() -> None:
    walk = begun("national", "", "RC1-T-B1", by="GU")
    walk.decide_at("RC1", Action.APPROVE).decide_at("RC1-T", Action.CHANGE_TARGET, target="GU-2")
    assert route(walk) == "GU[S] > RC1 > RC1-T > RC1 > GU-2[R] > chosen branch[I]"
    assert {hop.side for hop in walk.transfer.hops[1:]} == {Side.RECEIVING}
    walk.to_end()


@pytest.mark.requirement("R-113")
def test_who_would_receive_it_himself_receives_it() -> None:
    walk = begun("national", "GU-1-B1", "RC1-T-B1").decide_at("RC1", Action.APPROVE)
    walk.decide_at("RC1-T", Action.CHANGE_TARGET, target="RC1-T")
    assert walk.transfer.hop.role is HopRole.RECEIVE
    assert route(walk) == "GU-1[S] > RC1 > RC1-T[R] > chosen branch[I]"


@pytest.mark.requirement("R-113")
@pytest.mark.parametrize(
    ("target", "code"),
    [("GU-1-B1", "E_SAME_BRANCH"), ("GU", "E_TARGET_IS_SUPERIOR"), ("", "E_REQUIRED_FIELD")],
)
def test_a_new_target_obeys_the_rules_of_the_first(target: str, code: str) -> None:
    walk = begun("national", "GU-1-B1", "RC1-T-B1")
    with pytest.raises(Refused, match=code) as refusal:
        walk.decide_at("RC1", Action.CHANGE_TARGET, target=target)
    assert [each.field for each in refusal.value.fields] == ["target"]


@pytest.mark.requirement("R-113")
def test_who_leaves_goes_to_another_name_outside_and_not_into_the_tree() -> None:
    walk = begun("national", "GU-1-B1")
    with pytest.raises(Refused, match="E_TARGET_MUST_BE_TEXT"):
        walk.decide_at("GU", Action.CHANGE_TARGET, target="GU-2")
    walk.decide_at("GU", Action.CHANGE_TARGET, more={"target": "中共某市委组织部"})
    assert (walk.transfer.target.text, route(walk)) == ("中共某市委组织部", "GU-1[S] > GU[close]")


@pytest.mark.requirement("R-113")
@pytest.mark.parametrize(
    ("name", "origin", "target"),
    [
        ("shandong", "A1-T1-B1", "B1-S1-B1"),
        ("default", "A1-T1-B1", "B1-S1-B1"),
        ("fujian", "A1-T1-B1", "B1-S1-B1"),
        ("beijing", "XU-C1-B1", "XA-S1"),
    ],
)
def test_elsewhere_nobody_reroutes(name: str, origin: str, target: str) -> None:
    walk = begun(name, origin, target)
    for _ in range(20):
        if walk.transfer.state.is_final:
            break
        with pytest.raises(Refused, match="E_ACTION_NOT_ALLOWED"):
            walk.decide(walk.actor(), Action.CHANGE_TARGET, target="A2-T1-B1" if target == "B1-S1-B1" else "XU-C2")
        walk.forward()


@pytest.mark.requirement("R-114")
@pytest.mark.parametrize("name", ["shandong", "default"])
def test_every_organisation_of_the_receiving_side_but_the_branch_adjusts_the_receiver(name: str) -> None:
    walk = begun(name, "A2-T1-B1", "A1-T2-G-B1")
    able = {}
    while not walk.transfer.state.is_final:
        able[walk.transfer.hop.code] = Action.ADJUST_RECEIVER in judging.offered(walk.context, walk.actor())
        if not able[walk.transfer.hop.code]:
            with pytest.raises(Refused, match="E_ACTION_NOT_ALLOWED"):
                walk.decide(walk.actor(), Action.ADJUST_RECEIVER, target="A1-T2-B1")
        walk.forward()
    assert able == {"A2-T1": False, "A2": False, "A1": True, "A1-T2": True, "A1-T2-G": True, "A1-T2-G-B1": False}


@pytest.mark.requirement("R-114")
@pytest.mark.scenario("S-10")
def test_the_receiver_is_adjusted_to_an_own_subordinate() -> None:
    walk = begun("shandong", "A1-T1-B1", "A1-T2").forward()
    assert walk.transfer.hop.code == "A1-T2"
    for wrong in ("A1-T1-B2", "A1-T2", "A1"):
        with pytest.raises(Refused, match="E_TARGET_NOT_SUBORDINATE"):
            walk.decide_at("A1-T2", Action.ADJUST_RECEIVER, target=wrong)
    walk.decide_at("A1-T2", Action.ADJUST_RECEIVER, target="A1-T2-G-B1")
    assert walk.transfer.target.name == "白塔乡机关党支部"
    assert route(walk) == "A1-T1-B1[S] > A1-T1 > A1[AUTO] > A1-T2 > A1-T2-G > A1-T2-G-B1[R]"
    walk.decide_at("A1-T2", Action.ADJUST_RECEIVER, target="A1-T2-B1").decide_at("A1-T2", Action.RECEIVE)
    assert walk.transfer.branch is not None
    assert walk.transfer.branch.code == "A1-T2-B1"


@pytest.mark.requirement("R-114")
@pytest.mark.parametrize(
    ("name", "origin", "target"), [("fujian", "A1-T1-B1", "B1-S1-B1"), ("national", "GU-1-B1", "RC1-T")]
)
def test_where_the_profile_knows_no_adjusting_nobody_adjusts(name: str, origin: str, target: str) -> None:
    walk = begun(name, origin, target)
    while not walk.transfer.state.is_final:
        assert Action.ADJUST_RECEIVER not in judging.offered(walk.context, walk.actor())
        walk.forward()


@pytest.mark.requirement("R-115")
def test_the_letter_that_lies_before_an_organisation_is_corrected() -> None:
    walk = begun("shandong", "A1-T1-B1", "A1-T2").forward()
    open_letter, since = walk.transfer.letter, len(walk.effects)
    assert open_letter is not None
    walk.decide_at("A1-T2", Action.ADJUST_RECEIVER, target="A1-T2-B1")
    assert letter_effects(walk, since) == [
        LetterPassed(open_letter.position, open_letter.issuer, open_letter.addressee)
    ]
    national = begun("national", "GU-1-B1", "RC1-T-B1")
    since = len(national.effects)
    national.decide_at("RC1", Action.CHANGE_TARGET, target="GU-2")
    assert [type(each) for each in letter_effects(national, since)] == [LetterPassed]


@pytest.mark.requirement("R-115")
def test_a_letter_that_came_back_is_superseded_when_it_would_go_to_somebody_else() -> None:
    walk = begun("national", "GU-1-B1", "RC1-T-B1").decide_at("RC1", Action.DISAPPROVE)
    since = len(walk.effects)
    walk.decide_at("GU-1", Action.SUBMIT, target="RC")
    superseded, issued = letter_effects(walk, since)
    assert superseded == LetterStateSet(LetterState.SUPERSEDED)
    assert isinstance(issued, LetterIssued)
    assert issued.addressee is not None
    assert issued.addressee.code == "RC"


@pytest.mark.requirement("R-115")
def test_a_letter_that_came_back_goes_on_when_it_is_for_the_same_addressee() -> None:
    walk = begun("national", "GU-1-B1", "RC1-T-B1").decide_at("RC1", Action.DISAPPROVE)
    since = len(walk.effects)
    walk.decide_at("GU-1", Action.SUBMIT, target="RC1-T")
    assert [type(each) for each in letter_effects(walk, since)] == [LetterPassed]
    assert len(walk.letters) == 1


@pytest.mark.requirement("R-115")
def test_a_committee_in_beijing_that_names_another_target_writes_to_it() -> None:
    walk = begun("beijing", "XU-C1-B1", "XA-S1").forward().forward()
    walk.decide_at("XU-C1", Action.APPROVE_IN_CITY, target="XU-C2", out_type=OutType.CITY_DIRECT_UNIT)
    assert (walk.transfer.target.name, walk.transfer.out_type) == ("经济学院党委", OutType.CITY_DIRECT_UNIT)
    draft = walk.letters[-1]
    assert (draft.issuer.code, draft.addressee.code, draft.is_draft) == ("XU-C1", "XU-C2", True)
    walk.decide_at("XU-C1", Action.SAVE_LETTER)
    assert (walk.transfer.hop.code, walk.transfer.target.name) == ("XU-C2", "经济学院党委")
    with pytest.raises(Refused, match="E_TARGET_PRECISION"):
        begun("beijing", "XU-C1-B1", "XA-S1").forward().forward().decide_at(
            "XU-C1", Action.APPROVE_IN_CITY, target="XA-S1-B1"
        )
