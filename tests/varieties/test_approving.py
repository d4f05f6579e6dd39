"""Approving: whose turn it is, what an approval needs, whose letter goes with it (requirements 2.7)."""

import pytest

from service.domain.accounts.actors import Actor
from service.domain.accounts.roles import Role
from service.domain.errors import Refused
from service.domain.letters.letters import LetterState
from service.domain.routes.varieties import OutType
from service.domain.transfers import judging, offers
from service.domain.transfers.actions import APPROVALS, Action
from service.domain.transfers.context import Decision
from service.domain.transfers.effects import LetterPassed, NoticeWanted
from tests.varieties.walker import Walk, begun

FIRST_DECISIONS = [
    ("beijing", "XU-C1-B1", "XA-S1", Action.APPROVE),
    ("beijing-cuc", "XU-C1-B1", "XA-S1", Action.APPROVE),
    ("national", "GU-1-B1", "RC1-T-B1", Action.APPROVE),
    ("fujian", "A1-T1-B1", "B1-S1-B1", Action.APPROVE),
    ("shandong", "A1-T1-B1", "B1-S1-B1", Action.APPROVE_AND_ISSUE),
    ("default", "A1-T1-B1", "B1-S1-B1", Action.APPROVE_AND_ISSUE),
]


@pytest.mark.requirement("R-089")
@pytest.mark.parametrize(("name", "origin", "target", "action"), FIRST_DECISIONS)
def test_only_the_organisation_at_turn_decides(name: str, origin: str, target: str, action: Action) -> None:
    walk = begun(name, origin, target)
    here = walk.transfer.hop.code
    for code in walk.chains:
        if code != here:
            with pytest.raises(Refused, match="E_NOT_CURRENT_HOP"):
                walk.decide(walk.admin(code), action)
    org = walk.chains[str(here)][0]
    for role, code in (
        (Role.AUDITOR, "E_FORBIDDEN"),
        (Role.SYSTEM_ADMIN, "E_FORBIDDEN"),
        (Role.MEMBER, "E_NOT_CURRENT"),
    ):
        with pytest.raises(Refused, match=code):
            walk.decide(Actor(1, "", role, org), action)
    with pytest.raises(Refused, match="E_ACTION_NOT_ALLOWED"):
        walk.decide(walk.actor(), Action.CONFIRM_REPORT_IN)
    walk.decide(walk.actor(), action)


@pytest.mark.requirement("R-091")
@pytest.mark.parametrize(("name", "origin", "target", "action"), FIRST_DECISIONS)
def test_an_approval_goes_on_to_the_next_hop_with_the_box_where_the_profile_asks_for_it(
    name: str, origin: str, target: str, action: Action
) -> None:
    walk = begun(name, origin, target)
    before = walk.transfer.position
    if name == "national":
        with pytest.raises(Refused, match="E_ATTESTATION_REQUIRED") as refusal:
            walk.decide(walk.actor(), action, attested=False)
        assert [each.field for each in refusal.value.fields] == ["attestation"]
    assert offer(walk, action).needs_attestation is (name == "national")
    walk.decide(walk.actor(), action, attested=name == "national")
    waits = name.startswith("beijing")  # the letter is completed first
    assert walk.transfer.position == (before if waits else before + 1)


@pytest.mark.requirement("R-092")
def test_the_next_letter_is_issued_with_a_permitted_validity_and_nothing_else_of_it_is_chosen() -> None:
    walk = begun("shandong", "A1-T1-B1", "B1-S1-B1")
    assert offer(walk, Action.APPROVE_AND_ISSUE).fields == ("validity_days", "opinion")
    with pytest.raises(Refused, match="E_VALIDITY_NOT_ALLOWED"):
        walk.decide(walk.actor(), Action.APPROVE_AND_ISSUE, validity_days=20, more={"validity_days": 20})
    for fixed in ({"target": "A2-T1-B1"}, {"branch": "A2-T1-B1"}, {"letter_heading": "某党委"}, {"contact": "x"}):
        with pytest.raises(Refused, match="E_FIELD_READONLY") as refusal:
            walk.decide(walk.actor(), Action.APPROVE_AND_ISSUE, more=fixed)
        assert [each.field for each in refusal.value.fields] == list(fixed)
    # What stands there anyway may be sent again.
    walk.decide(walk.actor(), Action.APPROVE_AND_ISSUE, validity_days=30, more={"target": "B1-S1-B1"})
    letter = walk.letters[-1]
    assert (letter.issuer.code, letter.addressee.code, letter.validity_days) == ("A1-T1", "A1", 30)


@pytest.mark.requirement("R-092")
def test_without_a_seal_no_letter_is_issued_where_the_profile_wants_one() -> None:
    bare = {"A1-T1": {"has_seal": False}}
    walk = begun("shandong", "A1-T1-B1", "B1-S1-B1", changes=bare)
    with pytest.raises(Refused, match="E_SEAL_MISSING"):
        walk.decide(walk.actor(), Action.APPROVE_AND_ISSUE)
    begun("default", "A1-T1-B1", "B1-S1-B1", changes=bare).forward()


@pytest.mark.requirement("R-092")
def test_the_issuer_fills_in_the_whole_letter_where_the_profile_lets_him() -> None:
    inside = begun("default", "A1-T1-B1", "B1-S1-B1")
    assert offer(inside, Action.APPROVE_AND_ISSUE).fields == ("validity_days", "dues_paid_to", "contact", "opinion")
    outside = begun("default", "A1-T1-B1")
    assert "letter_heading" in offer(outside, Action.APPROVE_AND_ISSUE).fields
    nobody = begun("default", "A1-T1-B1", "B1-S1-B1", keys={"letter.editable_by": ("initiator",)})
    assert offer(nobody, Action.APPROVE_AND_ISSUE).fields == ("opinion",)


def city_walk(profile: str = "beijing", *, to: str = "XA-S1") -> Walk:
    """A transfer from a college whose branch has approved and saved its letter."""
    walk = begun(profile, "XU-C1-B1", to).decide_at("XU-C1-B1", Action.APPROVE)
    return walk.decide_at("XU-C1-B1", Action.SAVE_LETTER)


@pytest.mark.requirement("R-093")
@pytest.mark.parametrize("profile", ["beijing", "beijing-cuc"])
def test_a_committee_in_beijing_chooses_the_way_the_category_and_the_target(profile: str) -> None:
    walk = city_walk(profile)
    with pytest.raises(Refused, match="E_VARIETY_MISMATCH"):
        walk.decide_at("XU-C1", Action.APPROVE_OUT_OF_CITY)
    assert offer(walk, Action.APPROVE_IN_CITY).required == ("out_type", "target")
    with pytest.raises(Refused, match="E_REQUIRED_FIELD") as refusal:
        judge(walk, Action.APPROVE_IN_CITY, {})
    assert [each.field for each in refusal.value.fields] == ["out_type", "target"]
    for wrong in (OutType.SAME_SYSTEM, OutType.MILITARY):
        with pytest.raises(Refused, match="E_OUT_TYPE_MISMATCH"):
            walk.decide_at("XU-C1", Action.APPROVE_IN_CITY, out_type=wrong)
    walk.decide_at("XU-C1", Action.APPROVE_IN_CITY, out_type=OutType.OTHER_CITY)
    assert walk.transfer.out_type is OutType.OTHER_CITY
    walk.decide_at("XU-C1", Action.SAVE_LETTER)
    assert walk.transfer.hop.code == "XA-S1"


@pytest.mark.requirement("R-093")
def test_out_of_the_city_the_committee_chooses_among_the_four_kinds_outside() -> None:
    walk = city_walk(to="")
    with pytest.raises(Refused, match="E_VARIETY_MISMATCH"):
        walk.decide_at("XU-C1", Action.APPROVE_IN_CITY)
    with pytest.raises(Refused, match="E_OUT_TYPE_MISMATCH"):
        walk.decide_at("XU-C1", Action.APPROVE_OUT_OF_CITY, out_type=OutType.CITY_DIRECT_UNIT)
    walk.decide_at("XU-C1", Action.APPROVE_OUT_OF_CITY, out_type=OutType.ABROAD)
    assert walk.transfer.out_type is OutType.ABROAD


@pytest.mark.requirement("R-093")
def test_a_branch_and_an_internal_move_are_approved_plainly() -> None:
    walk = begun("beijing", "XU-C1-B1", "XU-C1-B2")
    for code in ("XU-C1-B1", "XU-C1"):
        assert approvals(walk, code) == {Action.APPROVE}
        walk.decide_at(code, Action.APPROVE).decide_at(code, Action.SAVE_LETTER)
    general_branch = begun("beijing", "XU-G1-B1", "XA-S1")
    general_branch.forward().forward()
    assert approvals(general_branch, "XU-G1") == {Action.APPROVE_IN_CITY, Action.APPROVE_OUT_OF_CITY}


@pytest.mark.requirement("R-094")
def test_an_item_leaves_its_step_only_with_the_letter_saved() -> None:
    walk = begun("beijing", "XU-C1-B1", "XA-S1").decide_at("XU-C1-B1", Action.APPROVE)
    assert walk.transfer.letter is not None
    assert (walk.transfer.hop.code, walk.transfer.letter.state) == ("XU-C1-B1", LetterState.DRAFT)
    assert judging.offered(walk.context, walk.admin("XU-C1")) == ()
    notices = [each for each in walk.effects if isinstance(each, NoticeWanted) and each.kind == "hop_opened"]
    assert [each.org.code for each in notices if each.org] == ["XU-C1-B1"], "nobody is told twice of one step"
    with pytest.raises(Refused, match="E_LETTER_NOT_SAVED"):
        walk.decide_at("XU-C1-B1", Action.APPROVE)
    with pytest.raises(Refused, match="E_REQUIRED_FIELD") as refusal:
        judge(walk, Action.SAVE_LETTER, {})
    assert [each.field for each in refusal.value.fields] == ["dues_paid_to"]
    walk.decide_at("XU-C1-B1", Action.SAVE_LETTER, validity_days=90, more={"validity_days": 90})
    assert (walk.transfer.hop.code, walk.transfer.letter.state) == ("XU-C1", LetterState.ISSUED)
    saved = [each for each in walk.effects if isinstance(each, LetterPassed)]
    assert [(each.issuer.code, each.addressee.code, each.validity_days) for each in saved] == [
        ("XU-C1-B1", "XU-C1", 90)
    ]


@pytest.mark.requirement("R-094")
def test_who_approved_too_early_may_still_say_no_before_the_letter_is_saved() -> None:
    walk = begun("beijing", "XU-C1-B1", "XA-S1").decide_at("XU-C1-B1", Action.APPROVE)
    assert set(judging.offered(walk.context, walk.actor())) == {Action.SAVE_LETTER, Action.REJECT}
    walk.decide_at("XU-C1-B1", Action.REJECT)
    assert walk.transfer.at_application
    assert walk.transfer.letter is not None
    assert walk.transfer.letter.state is LetterState.VOID


@pytest.mark.requirement("R-095")
@pytest.mark.parametrize(
    ("origin", "target", "below"),
    [("XU-G1-B1", "XA-S1", "XU-G1"), ("XU-G1-B1", "", "XU-G1"), ("XU-DB", "XA-S1", "XU-DB"), ("XU-DB", "", "XU-DB")],
)
def test_what_comes_from_a_general_branch_needs_the_university(origin: str, target: str, below: str) -> None:
    walk = begun("beijing", origin, target)
    while walk.transfer.hop.code != "XU":
        walk.forward()
    assert below in [hop.code for hop in walk.transfer.hops[: walk.transfer.position]]
    with pytest.raises(Refused, match="E_NOT_CURRENT_HOP"):
        walk.decide_at(below, Action.APPROVE_IN_CITY if target else Action.APPROVE_OUT_OF_CITY)
    walk.forward().forward()
    issuer = walk.letters[-1].issuer.code
    assert issuer == "XU", "the paper letter is that of the university committee"
    assert walk.transfer.hop.code == (target or "XU")


@pytest.mark.requirement("R-095")
def test_a_move_inside_the_general_branch_turns_there() -> None:
    walk = begun("beijing", "XU-G1-B1", "XU-G1-B2")
    assert "XU" not in [hop.code for hop in walk.transfer.hops]


@pytest.mark.requirement("R-096")
def test_the_committee_that_may_edit_saves_the_letter_before_it_approves() -> None:
    walk = begun("fujian", "A2-T1-B1")
    assert Action.SAVE_LETTER not in judging.offered(walk.context, walk.actor()), "the branch may not"
    with pytest.raises(Refused, match="E_FIELD_READONLY"):
        walk.decide(walk.actor(), Action.APPROVE, more={"letter_heading": "某市委"})
    walk.forward()
    assert offer(walk, Action.SAVE_LETTER).fields == (
        "validity_days",
        "letter_heading",
        "dues_paid_to",
        "contact",
        "opinion",
    )
    with pytest.raises(Refused, match="E_LETTER_NOT_SAVED"):
        walk.decide_at("A2-T1", Action.APPROVE, more={"letter_heading": "某市委"})
    walk.decide_at("A2-T1", Action.SAVE_LETTER, more={"letter_heading": "某市委"})
    assert walk.transfer.hop.code == "A2-T1"
    saved = [each for each in walk.effects if isinstance(each, LetterPassed)]
    assert [(each.position, each.addressee) for each in saved] == [(1, None)], "written to the place outside"
    walk.decide_at("A2-T1", Action.APPROVE)
    assert walk.transfer.hop.code == "A2"
    assert Action.SAVE_LETTER not in judging.offered(walk.context, walk.actor()), "the county prints, it does not edit"


@pytest.mark.requirement("R-096")
def test_only_letters_for_outside_are_edited_on_the_way() -> None:
    walk = begun("fujian", "A2-T1-B1", "A1-T1-B1").forward()
    assert walk.transfer.hop.code == "A2-T1"
    with pytest.raises(Refused, match="E_ACTION_NOT_ALLOWED"):
        walk.decide_at("A2-T1", Action.SAVE_LETTER)
    national = begun("national", "GU-1-B1", "RC1-T")
    with pytest.raises(Refused, match="E_ACTION_NOT_ALLOWED"):
        national.decide(national.actor(), Action.SAVE_LETTER)


@pytest.mark.requirement("R-097")
def test_the_last_approver_takes_his_approval_back_until_the_next_hop_has_acted() -> None:
    walk = begun("fujian", "A2-T1-B1", "A1-T2-B1").forward().forward()
    assert walk.transfer.hop.code == "A1-T2"
    with pytest.raises(Refused, match="E_FORBIDDEN"):
        walk.decide_at("A1-T2-B1", Action.WITHDRAW_APPROVAL)
    with pytest.raises(Refused, match="E_WITHDRAW_TOO_LATE"):
        walk.decide_at("A2-T1-B1", Action.WITHDRAW_APPROVAL)
    walk.decide_at("A2-T1", Action.WITHDRAW_APPROVAL)
    assert walk.transfer.hop.code == "A2-T1"
    walk.forward()
    walk.decide_at("A1-T2", Action.REJECT)
    assert walk.transfer.hop.code == "A2-T1"
    # A2-T1 has acted, even though what it handed on was returned to it.
    with pytest.raises(Refused, match="E_WITHDRAW_TOO_LATE"):
        walk.decide_at("A2-T1-B1", Action.WITHDRAW_APPROVAL)


@pytest.mark.requirement("R-097")
@pytest.mark.parametrize("name", ["shandong", "default", "national", "beijing"])
def test_elsewhere_nobody_takes_an_approval_back(name: str) -> None:
    case = {"national": ("GU-1-B1", "RC1-T"), "beijing": ("XU-C1-B1", "XA-S1")}.get(name, ("A1-T1-B1", "B1-S1-B1"))
    walk = begun(name, *case)
    first = str(walk.transfer.hop.code)
    while walk.transfer.hop.code == first:
        walk.forward()
    with pytest.raises(Refused, match="E_NOT_CURRENT_HOP"):
        walk.decide_at(first, Action.WITHDRAW_APPROVAL)


@pytest.mark.requirement("R-098")
def test_the_county_may_attach_the_stub_and_need_not() -> None:
    walk = begun("fujian", "A2-T1-B1")
    assert "attachments" not in offer(walk, Action.APPROVE).fields
    walk.forward().forward()
    assert walk.transfer.hop.code == "A2"
    assert "attachments" in offer(walk, Action.APPROVE).fields
    assert "attachments" not in offer(walk, Action.APPROVE).required
    walk.decide_at("A2", Action.APPROVE)
    elsewhere = begun("shandong", "A1-T1-B1").forward()
    assert elsewhere.transfer.hop.code == "A1"
    assert "attachments" not in offer(elsewhere, Action.APPROVE_AND_ISSUE).fields


def offer(walk: Walk, action: Action) -> offers.Offer:
    return offers.offer(action, walk.context)


def approvals(walk: Walk, code: str) -> set[Action]:
    return set(judging.offered(walk.context, walk.admin(code))) & APPROVALS


def judge(walk: Walk, action: Action, facts: dict[str, object]) -> None:
    walk.judge(Decision(action), facts)
