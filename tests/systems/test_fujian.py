"""The scenarios of Fujian (requirements 5.2), each at its date and by the persons it names."""

import pytest

from tests.systems.files import attach, photo
from tests.systems.playing import Person, System, outside, refused
from tests.systems.seen import Seen
from tests.systems.upkeep import authorise, relieve, set_organisation

AWAY = outside("中共样例市委组织部")


def no_one_asked(system: System, *codes: str) -> None:
    """These organisations have nothing to do."""
    assert {code: system.admin(code).todo() for code in codes} == {code: [] for code in codes}


@pytest.mark.scenario("S-29")
def test_s_29_across_counties_without_county_hops(fujian: System) -> None:
    feng = fujian.person("冯样例")
    seen = feng.applies("A1-T2-B1")
    assert seen.route == "applicant[A] > A2-T1-B1 > A2-T1 > A1-T2 > A1-T2-B1[R] > A1-T2-B1[C]"
    for officer in (fujian.person("陈样例"), fujian.person("卫样例"), fujian.admin("A1-T2"), fujian.person("蒋样例")):
        no_one_asked(fujian, "A1", "A2", "CA")
        assert officer.todo() == ["冯样例"]
        officer.does("approve", seen)
    no_one_asked(fujian, "A1", "A2", "CA")
    assert fujian.branch_of("冯样例") == "A2-T1-B1"
    fujian.person("蒋样例").does("confirm_report_in", seen)
    assert (seen.state, fujian.branch_of("冯样例")) == ("COMPLETED", "A1-T2-B1")


@pytest.mark.scenario("S-30")
def test_s_30_form_limits(fujian: System) -> None:
    feng = fujian.person("冯样例")
    with refused("E_DUES_FUTURE", "dues_paid_to"):
        feng.applies("A1-T2-B1", dues_paid_to="2018-01")
    with refused("E_DATE_FUTURE", "application_date"):
        feng.applies("A1-T2-B1", application_date="2017-12-08")
    with refused("E_REASON_REQUIRED", "reason"):
        feng.applies("A1-T2-B1", reason=" ")
    seen = feng.applies("A1-T2-B1", application_date="2017-12-01", dues_paid_to="2017-12", reason="工作调动")
    assert seen.whole["application"]["application_date"] == "2017-12-01"


@pytest.mark.scenario("S-31")
def test_s_31_duplicate_withdraw_void(fujian: System) -> None:
    feng = fujian.person("冯样例")
    first = feng.applies("A1-T2-B1")
    assert first.at == "A2-T1-B1"
    with refused("E_TRANSFER_IN_PROGRESS"):
        feng.applies("A1-T2-B1")
    feng.does("withdraw_application", first)
    assert first.state == "RETURNED_TO_APPLICANT(WITHDRAWN)"
    with refused("E_TRANSFER_IN_PROGRESS"):
        feng.applies("A1-T2-B1")
    feng.does("void", first)
    assert first.state == "VOIDED"
    assert feng.applies("A1-T2-B1").state == "IN_PROGRESS"


@pytest.mark.scenario("S-32")
def test_s_32_withdraw_too_late(fujian: System) -> None:
    feng = fujian.person("冯样例")
    seen = feng.applies("A1-T2-B1")
    fujian.person("陈样例").does("approve", seen)
    with refused("E_WITHDRAW_TOO_LATE"):
        feng.does("withdraw_application", seen)


@pytest.mark.scenario("S-34")
def test_s_34_an_administrator_takes_his_approval_back(fujian: System) -> None:
    seen = fujian.person("冯样例").applies("A1-T2-B1")
    wei = fujian.person("卫样例")
    fujian.person("陈样例").does("approve", seen)
    wei.does("approve", seen)
    assert seen.at == "A1-T2"
    wei.does("withdraw_approval", seen)
    assert seen.at == "A2-T1"
    wei.does("approve", seen)
    assert seen.at == "A1-T2"
    fujian.admin("A1-T2").does("approve", seen)
    assert seen.at == "A1-T2-B1"
    with refused("E_WITHDRAW_TOO_LATE"):
        wei.does("withdraw_approval", seen)


@pytest.mark.scenario("S-36")
@pytest.mark.requirement("R-201", "R-100")
def test_s_36_a_missing_level_escalates(fujian: System) -> None:
    han = fujian.member("韩样例")
    seen = han.applies("A1-T1-B1")
    escalated = "applicant[A] > A2-T2-B1 > A2-T2 > A2 > A1-T1 > A1-T1-B1[R] > A1-T1-B1[C]"
    assert seen.route == escalated
    # She is the only administrator of her branch: here, and here alone, she decides on her own transfer.
    fujian.person("韩样例").does("approve", seen)
    set_organisation(fujian, "A2-T2", authority_level="FIRST_LEVEL")
    question = {"origin": "A2-T2-B1", "target": "A1-T1-B1", "starter": "applicant"}
    hops = fujian.admin("A2").post("/routes/preview", question)["hops"]
    assert [hop["org"]["code"] for hop in hops if hop["org"]] == [
        "A2-T2-B1", "A2-T2", "A1-T1", "A1-T1-B1", "A1-T1-B1"
    ]  # fmt: skip
    fujian.admin("A2-T2").does("approve", seen)
    assert (seen.at, seen.route) == ("A2", escalated)
    fujian.admin("A2").does("approve", seen)
    assert seen.at == "A1-T1"


@pytest.mark.scenario("S-37")
def test_s_37_a_city_working_committee_needs_the_city_committee(fujian: System) -> None:
    seen = fujian.person("吴样例").applies(outside("样例市样例街道", letter_heading="中共样例市委组织部"))
    assert seen.route == "applicant[A] > CA-D-C-B1 > CA-D-C > CA-D > CA > CA[C]"
    for code in ("CA-D-C-B1", "CA-D-C", "CA-D", "CA"):
        assert seen.at == code
        fujian.admin(code).does("approve", seen)
    assert (seen.at, seen.state) == ("CA", "AWAITING_OUTSIDE_CONFIRMATION")


def away(system: System, *, up_to: str) -> Seen:
    """冯样例's transfer outside, approved below this organisation, which has it now."""
    seen = system.person("冯样例").applies(AWAY)
    for code in ("A2-T1-B1", "A2-T1", "A2"):
        if code == up_to:
            break
        system.admin(code).does("approve", seen)
    return seen


@pytest.mark.scenario("S-39")
def test_s_39_outside_confirmation_needs_the_receipt_image(fujian: System) -> None:
    seen = away(fujian, up_to="A2")
    county = fujian.admin("A2")
    county.does("approve", seen)
    assert (seen.at, seen.state) == ("A2", "AWAITING_OUTSIDE_CONFIRMATION")
    with refused("E_RECEIPT_IMAGE_REQUIRED"):
        county.does("confirm_outside", seen)
    attach(county, seen, "receipt.jpg", kind="receipt_image")
    county.does("confirm_outside", seen)
    assert (seen.state, fujian.status_of("冯样例")) == ("COMPLETED", "HIST_TRANSFERRED_OUT")


@pytest.mark.scenario("S-40")
def test_s_40_the_committee_edits_the_letter(fujian: System) -> None:
    seen = away(fujian, up_to="A2-T1")
    wei = fujian.person("卫样例")
    with refused("E_LETTER_NOT_SAVED"):
        wei.does("approve", seen, letter_heading="中共样例市委组织部党员管理处")
    wei.does("save_letter", seen, letter_heading="中共样例市委组织部党员管理处")
    wei.does("approve", seen)
    assert seen.numbers == ["20171200001"]
    fujian.admin("A2").does("approve", seen)
    shown = fujian.admin("A2").letter(seen.letters[0]["id"])["snapshot"]
    assert (shown["number"], shown["addressee"]) == ("20171200001", "中共样例市委组织部党员管理处")
    assert (shown["committee"]["contact"], shown["committee"]["telephone"]) == ("样例联系人", "0530-1234567")
    assert shown["receipt_heading"] == "河口镇党委"


def claims(county: Person, whom: str, **answers: object) -> Seen:
    """Bring a person in as the manual's form has it, claimed back from a holding node."""
    return county.brings_in(whom, "A1-T2-B1", claim_back=True, receipt_heading="中共样例县委组织部", **answers)


@pytest.mark.scenario("S-41")
@pytest.mark.requirement("R-139", "R-143")
def test_s_41_incoming_claim_back(fujian: System) -> None:
    county, jiang = fujian.person("沈样例"), fujian.person("蒋样例")
    with refused("E_LETTER_PHOTO_REQUIRED"):
        claims(county, "杨样例")
    photos = [photo(county, name) for name in ("一.jpg", "二.jpg")]
    seen = claims(county, "杨样例", attachments=photos)
    assert seen.route == "A1[A] > A1 > A1-T2 > A1-T2-B1[R] > A1-T2-B1[C]"
    with refused("E_ALREADY_CLAIMED"):
        claims(fujian.admin("A2"), "杨样例", attachments=[photo(fujian.admin("A2"), "三.jpg")])
    for officer in (county, fujian.admin("A1-T2"), jiang):
        officer.does("approve", seen)
        assert fujian.branch_of("杨样例") == "H-O"
    jiang.does("confirm_report_in", seen)
    assert (seen.state, fujian.branch_of("杨样例")) == ("COMPLETED", "A1-T2-B1")


@pytest.mark.scenario("S-42")
def test_s_42_incoming_new_account(fujian: System) -> None:
    county = fujian.person("沈样例")
    form = {"sex": "MALE", "ethnicity": "汉族", "kind": "FULL", "origin": "湖北省/样例市/样例县 样例村党支部"}
    seen = county.brings_in(
        "孔样例", "A1-T1-B1", receipt_heading="中共样例县委组织部",
        attachments=[photo(county, "介绍信.jpg")], **form,
    )  # fmt: skip
    assert (seen.state, fujian.branch_of("孔样例"), fujian.status_of("孔样例")) == ("IN_PROGRESS", "H-T", "PROVISIONAL")
    with refused("E_START_NOT_ALLOWED"):
        fujian.admin("A1-T1").brings_in("孔样例", "A1-T1-B1", **form)


@pytest.mark.scenario("S-43")
def test_s_43_an_administrator_leaves_pending_tasks(fujian: System) -> None:
    fujian.person("冯样例").applies("A1-T2-B1")
    with refused("E_ADMIN_PENDING_TASKS") as caught:
        fujian.member("陈样例").applies("A1-T2-B1")
    assert "管理员您好，您还有未办理的事项，请先办理完才能申请转出" in caught.value.body["message_zh"]


@pytest.mark.scenario("S-44")
def test_s_44_a_sole_administrator_leaves_members_behind(fujian: System) -> None:
    chen = fujian.member("陈样例")
    with refused("E_ADMIN_SUCCESSOR_REQUIRED"):
        chen.applies("A1-T2-B1")
    # To authorise and to relieve is the superior's right; here only what follows from it is played.
    authorise(fujian, "冯样例", "A2-T1-B1")
    relieve(fujian, "陈样例", "A2-T1-B1")
    assert chen.applies("A1-T2-B1").state == "IN_PROGRESS"


@pytest.mark.scenario("S-47")
def test_s_47_who_is_no_liaison_does_not_approve(fujian: System) -> None:
    # A duty confers no role: whoever is no liaison acts as the member he is, and does not even see the branch's item.
    seen = fujian.person("冯样例").applies("A1-T2-B1")
    secretary = fujian.member("陈样例")
    assert secretary.todo() == []
    with refused("E_NOT_FOUND"):
        secretary.does("approve", seen)
    assert seen.at == "A2-T1-B1"
