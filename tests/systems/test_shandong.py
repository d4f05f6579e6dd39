"""The scenarios of Shandong (灯塔-党建在线): transfers inside the province, as of 10 March 2025."""

from itertools import pairwise

import pytest

from service.domain.accounts.roles import Role
from tests.systems.files import photo
from tests.systems.playing import RECEIPT, System, on_both, outside, refused


@pytest.mark.scenario("S-01")
@pytest.mark.requirement("R-157")
def test_an_internal_move_is_approved_by_the_system_at_the_common_superior(shandong: System) -> None:
    seen = shandong.person("王样例").starts("张样例", "A1-T1-B2", validity_days=15)
    assert (seen.variety, seen.out_type) == ("INTERNAL", "TOWNSHIP_DIRECT_UNIT")
    assert seen.route == "A1-T1-B1[S] > A1-T1[AUTO] > A1-T1-B2[R]"
    assert seen.hop_states == ["APPROVED", "AUTO_APPROVED", "PENDING"]
    written = shandong.admin("A1-T1-B2").letter(seen.letters[1]["id"])["snapshot"]
    assert (written["issuer"], written["addressee"]) == ("柳溪镇党委", "桥头村党支部")
    assert shandong.admin("A1-T1-B2").todo() == ["张样例"]
    assert shandong.admin("A1-T1").todo() == []
    assert shandong.admin("A1-T1").auto_approved() == ["张样例"]
    assert shandong.admin("A1-T1").handled() == []  # the system handled it, not the committee


@pytest.mark.scenario("S-02")
@pytest.mark.requirement("R-158")
def test_without_the_permission_the_common_superior_decides_by_hand(shandong: System) -> None:
    hua = shandong.person("华样例")
    hua.patch("/organisations/A1-T1/permissions", {"auto_approve_children": False})
    seen = shandong.person("王样例").starts("张样例", "A1-T1-B2")
    assert (hua.todo(), hua.auto_approved()) == (["张样例"], [])
    hua.does("approve_and_issue", seen)
    assert (hua.todo(), shandong.admin("A1-T1-B2").todo()) == ([], ["张样例"])


@pytest.mark.scenario("S-03")
def test_a_general_branch_without_permission_is_skipped(shandong: System) -> None:
    seen = shandong.admin("A1-T1-G-B1").starts("李样例", "A1-T1-B1")
    assert seen.route == "A1-T1-G-B1[S] > A1-T1[AUTO] > A1-T1-B1[R]"
    general_branch = shandong.admin("A1-T1-G")
    assert general_branch.todo() == []
    with refused("E_NO_TRANSFER_PERMISSION"):
        general_branch.starts("李样例", "A1-T1-B2")


@on_both
@pytest.mark.scenario("S-05")
def test_inside_the_county_the_county_approves_by_the_system(shandong: System) -> None:
    seen = shandong.person("王样例").starts("张样例", "A1-T2-G-B1")
    shandong.person("华样例").does("approve_and_issue", seen)
    assert shandong.admin("A1").todo() == []
    shandong.person("魏样例").does("approve_and_issue", seen)
    shandong.admin("A1-T2-G").does("approve_and_issue", seen)
    shandong.person("谢样例").does("receive", seen)
    assert seen.state == "COMPLETED"
    assert seen.route == "A1-T1-B1[S] > A1-T1 > A1[AUTO] > A1-T2 > A1-T2-G > A1-T2-G-B1[R]"
    assert seen.hop_states == ["APPROVED", "APPROVED", "AUTO_APPROVED", "APPROVED", "APPROVED", "RECEIVED"]
    assert seen.numbers == [f"202503{n:05d}" for n in range(1, 6)]
    acting = [(each["org"], each["is_automatic"]) for each in seen.events if each["org"] in {"A1-T1", "A1", "A1-T2"}]
    assert acting == [("A1-T1", False), ("A1", True), ("A1-T2", False)]
    assert shandong.branch_of("张样例") == "A1-T2-G-B1"
    assert shandong.moves_of("张样例") == ([("A1-T1-B1", "2025-03-10")], [("A1-T2-G-B1", "2025-03-10")])


@pytest.mark.scenario("S-72")
@pytest.mark.requirement("R-214")
def test_an_auditor_sees_every_step_and_decides_nothing(shandong: System) -> None:
    """The part about the history of a transfer: stepping through it on the diagram is another matter."""
    seen = shandong.person("王样例").starts("张样例", "A1-T2-G-B1")
    auditor = shandong.office(Role.AUDITOR)
    with refused("E_FORBIDDEN"):
        auditor.does("approve_and_issue", seen)
    shandong.pass_on(seen, "A1-T1", "A1-T2", "A1-T2-G")
    shandong.person("谢样例").does("receive", seen)
    events = auditor.sees(seen)["events"]
    assert [(each["seq"], each["position"], each["is_automatic"]) for each in events] == [
        (1, 0, False), (2, 1, False), (3, 2, True), (4, 3, False), (5, 4, False), (6, 5, False)
    ]  # fmt: skip
    for before, after in pairwise(events):
        assert before["to_state"] == after["from_state"]
    assert events[-1]["to_state"] == auditor.sees(seen)["state"] == "COMPLETED"
    assert auditor.offered(seen) == set()


@pytest.mark.scenario("S-06")
def test_between_counties_nothing_is_automatic(shandong: System) -> None:
    seen = shandong.person("王样例").starts("张样例", "A2-T1-B1")
    assert seen.route == "A1-T1-B1[S] > A1-T1 > A1 > A2 > A2-T1 > A2-T1-B1[R]"
    shandong.person("华样例").does("approve_and_issue", seen)
    assert shandong.person("金样例").todo() == ["张样例"]
    assert shandong.admin("CA").todo() == []


@pytest.mark.scenario("S-07")
def test_a_direct_unit_of_the_province_is_entered_at_its_own_committee(shandong: System) -> None:
    seen = shandong.person("王样例").starts("张样例", "PD1-C-B1")
    assert (seen.variety, seen.out_type) == ("IN_PROVINCE", "PROVINCE_DIRECT_UNIT")
    assert seen.route == "A1-T1-B1[S] > A1-T1 > A1 > PD1-C > PD1-C-B1[R]"


@pytest.mark.scenario("S-08")
def test_the_steps_below_a_committee_that_starts_are_filled_in(shandong: System) -> None:
    seen = shandong.at("2025-03-10 09:00").person("华样例").starts("张样例", "A1-T2-B1")
    assert seen.route == "A1-T1-B1[F] > A1-T1[S] > A1[AUTO] > A1-T2 > A1-T2-B1[R]"
    filled = next(each for each in seen.events if each["org"] == "A1-T1-B1")
    assert (filled["is_automatic"], filled["at"]) == (True, "2025-03-10T09:00:00+08:00")
    assert (filled["who"], filled["action"], filled["letter_no"]) == ("华样例", "auto_fill", seen.numbers[0])
    own = next(each for each in seen.letters if each["position"] == 0)
    assert shandong.person("王样例").letter(own["id"])["snapshot"]["issuer"] == "柳溪村党支部"
    assert shandong.person("魏样例").todo() == ["张样例"]


@pytest.mark.scenario("S-10")
def test_only_a_branch_receives_and_the_receiver_is_adjusted_to_one_first(shandong: System) -> None:
    seen = shandong.person("王样例").starts("张样例", "A1-T2")
    shandong.person("华样例").does("approve_and_issue", seen)
    wei = shandong.person("魏样例")
    with refused("E_ADJUST_BEFORE_RECEIVE"):
        wei.does("receive", seen)
    with refused("E_TARGET_NOT_SUBORDINATE", "target"):
        wei.does("adjust_receiver", seen, target="A1-T1-B2")
    wei.does("adjust_receiver", seen, target="A1-T2-B1")
    assert seen.whole["target_name"] == "白塔村党支部"
    assert wei.letter(seen.letters[-1]["id"])["snapshot"]["to"] == "白塔村党支部"
    told = seen.events[-1]["told"]
    assert (told["old_target"], told["new_target"], seen.events[-1]["who"]) == ("A1-T2", "A1-T2-B1", "魏样例")
    wei.does("receive", seen)
    assert (seen.state, shandong.branch_of("张样例")) == ("COMPLETED", "A1-T2-B1")


@pytest.mark.scenario("S-11")
def test_the_receiving_branch_cannot_adjust(shandong: System) -> None:
    seen = shandong.person("王样例").starts("张样例", "A1-T2-G-B1")
    shandong.pass_on(seen, "A1-T1", "A1-T2", "A1-T2-G")
    with refused("E_ACTION_NOT_ALLOWED"):
        shandong.person("谢样例").does("adjust_receiver", seen, target="A1-T2-B1")


@pytest.mark.scenario("S-12")
def test_a_letter_comes_back_with_the_reason_on_it(shandong: System) -> None:
    seen = shandong.person("王样例").starts("张样例", "A2-T1-B1")
    shandong.person("华样例").does("approve_and_issue", seen)
    jin = shandong.person("金样例")
    jin.does("approve_and_issue", seen)
    with refused("E_REASON_REQUIRED", "reason"):
        shandong.admin("A2").does("return", seen)
    shandong.admin("A2").does("return", seen, reason="抬头有误")
    assert (seen.at, seen.whole["step"], jin.todo()) == ("A1", "decide_home", ["张样例"])
    assert jin.letter(seen.letters[-1]["id"])["return_reason"] == "抬头有误"
    assert jin.offered(seen) == {"approve_and_issue", "return"}
    with refused("E_ACTION_NOT_ALLOWED"):
        jin.does("void", seen, reason="抬头有误")


@pytest.mark.scenario("S-14")
def test_outside_the_letter_is_recalled_issued_anew_and_its_receipt_recorded_once(shandong: System) -> None:
    target = outside("中共样例省样例市委组织部", kind="OTHER_PROVINCE")
    seen = shandong.person("王样例").starts("张样例", target, validity_days=90)
    hua, jin = shandong.person("华样例"), shandong.person("金样例")
    hua.does("approve_and_issue", seen)
    jin.does("approve_and_issue", seen)
    assert seen.state == "AWAITING_RECEIPT"
    jin.does("recall_letter", seen)
    assert (seen.state, seen.at, jin.todo()) == ("IN_PROGRESS", "A1", ["张样例"])
    assert [each["state"] for each in seen.letters if each["position"] == 2] == ["RECALLED"]
    assert jin.offered(seen) == {"approve_and_issue", "return"}
    jin.does("approve_and_issue", seen)
    shandong.at("2025-04-03")
    receipt = {**RECEIPT, "letter_no": seen.numbers[-1], "receipt_date": "2025-04-02"}
    hua.does("record_receipt", seen, **receipt)
    assert (seen.state, shandong.status_of("张样例")) == ("COMPLETED", "HIST_TRANSFERRED_OUT")
    assert hua.receipt(seen)["receiving_committee"] == "中共样例镇委员会"
    with refused("E_RECEIPT_EXISTS"):
        hua.does("record_receipt", seen, **receipt)


@pytest.mark.scenario("S-23")
def test_in_from_outside_with_a_review_of_the_identity_by_hand(shandong: System) -> None:
    with refused("E_START_NOT_ALLOWED"):
        shandong.person("华样例").brings_in("白样例", "A1-T1-B1")
    jin = shandong.person("金样例")
    with refused("E_MEMBER_IN_PROVINCE"):
        jin.brings_in("张样例", "A1-T1-B1")
    with refused("E_REAL_NAME_FAILED"):
        jin.brings_in("白样例", "A1-T1-B1", in_type="FROM_MILITARY")
    by_hand = {"in_type": "FROM_MILITARY", "manual_review": True, "identity_checked": True}
    with refused("E_ID_PHOTO_REQUIRED"):
        jin.brings_in("白样例", "A1-T1-B1", **by_hand)
    card = photo(jin, "身份证.jpg", kind="id_card_photo")
    seen = jin.brings_in("白样例", "A1-T1-B1", **by_hand, attachments=[card])
    assert (seen.route, seen.whole["in_type"]) == ("A1[S] > A1-T1 > A1-T1-B1[R]", "FROM_MILITARY")
    shandong.pass_on(seen, "A1-T1")
    shandong.person("王样例").does("receive", seen)
    assert (seen.state, shandong.branch_of("白样例")) == ("COMPLETED", "A1-T1-B1")
    # The receipt that is sent back; that it is printed is another matter.
    assert "白样例" in jin.get(f"/transfers/{seen.id}/return-receipt")["texts"].values()
