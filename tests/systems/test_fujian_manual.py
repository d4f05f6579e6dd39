"""Fujian's manual (新版组织关系转接操作手册), its reminders and how to apply: each click is a call, under its paragraph."""

import pytest

from tests.systems.files import attach, photo
from tests.systems.fujian import AWAY, PAPER, at_the_committee, route
from tests.systems.playing import System, outside, refused
from tests.systems.upkeep import authorise, relieve, set_organisation

# 友情提醒篇


def test_reminder_1_only_the_liaison_manages_online(fujian: System) -> None:
    # 1、……即只有“联络员”角色才具有线上的操作管理权限。附一：……选择党员姓名，勾选“联络员”角色，点击【保存】按钮。
    seen = fujian.person("冯样例").applies("A1-T2-B1")
    feng = fujian.person("冯样例")
    assert feng.todo() == []
    authorise(fujian, "张样例", "A2-T1-B1")
    assert fujian.person("张样例").todo() == ["冯样例"]
    fujian.person("张样例").does("approve", seen)
    assert seen.at == "A2-T1"


@pytest.mark.requirement("R-007")
def test_annex_3_a_level_that_is_not_set_sends_the_flow_further_up(fujian: System) -> None:
    # 附三：……例如某一级党委在线上没有设置好一级党委的权限级别，那么流程审批时会继续往上流转，
    # 直到检测到有设置对应审批权限及以上的组织为止。
    set_organisation(fujian, "A2-T1", authority_level=None)
    further = "applicant[A] > A2-T1-B1 > A2-T1 > A2 > A1-T2 > A1-T2-B1[R] > A1-T2-B1[C]"
    assert route(fujian, "A2-T1-B1", "A1-T2-B1") == further
    # ……选择组织名称，右侧第一行选择正确的组织权限级别，点击【保存】按钮。
    set_organisation(fujian, "A2-T1", authority_level="FIRST_LEVEL")
    assert route(fujian, "A2-T1-B1", "A1-T2-B1") == further.replace(" > A2 >", " >")


# （一）转接流程总体说明


@pytest.mark.requirement("R-083", "R-084", "R-085")
def test_1_1_in_province_level_by_level(fujian: System) -> None:
    # 不同党委之间转接：申请→A党支部→A（总支）→A党（工）委→B党（工）委→B（总支）→B党支部→B支部确认报到。
    assert route(fujian, "U-G1-B1", "A1-T2-G-B1") == (
        "applicant[A] > U-G1-B1 > U-G1 > U > A1-T2 > A1-T2-G > A1-T2-G-B1[R] > A1-T2-G-B1[C]"
    )
    # （总支）: only where there is one, and where it may transfer.
    assert route(fujian, "A1-T1-B1", "U-G2-B1") == ("applicant[A] > A1-T1-B1 > A1-T1 > U > U-G2-B1[R] > U-G2-B1[C]")
    # 同个党委内部转接：申请→A党支部→A（总支）→党（工）委→B（总支）→B党支部→B支部确认报到。
    assert route(fujian, "U-G1-B1", "U-G1-B2") == ("applicant[A] > U-G1-B1 > U-G1 > U > U-G1 > U-G1-B2[R] > U-G1-B2[C]")


@pytest.mark.requirement("R-086", "R-126")
def test_1_2_outside_and_to_special_organisations(fujian: System) -> None:
    # 申请→党支部→（总支）→党（工）委→县委审批→县委确认党员报到（根据线下收到回执）。
    assert route(fujian, "A1-T2-G-B1", "") == "applicant[A] > A1-T2-G-B1 > A1-T2-G > A1-T2 > A1 > A1[C]"
    special = fujian.person("冯样例").applies(outside("特殊组织样例党委", kind="SPECIAL_ORG"))
    assert special.route == "applicant[A] > A2-T1-B1 > A2-T1 > A2 > A2[C]"
    # b.省直三工委底下的……需经过省直三工委审批。市直三工委底下的……需经过市委审批。
    assert route(fujian, "PD1-C-B1", "") == "applicant[A] > PD1-C-B1 > PD1-C > PD1 > PD1[C]"
    assert route(fujian, "CA-D-C-B1", "") == "applicant[A] > CA-D-C-B1 > CA-D-C > CA-D > CA > CA[C]"


@pytest.mark.requirement("R-098", "R-133")
def test_1_2a_the_stub_may_and_the_receipt_must_be_attached(fujian: System) -> None:
    seen = at_the_committee(fujian, AWAY)
    fujian.person("卫样例").does("approve", seen)
    # a.对于跨省转出或转到特殊组织,县委审批时，需上传介绍信存根联附件（非必填）。
    county = fujian.admin("A2")
    attach(county, seen, "存根.jpg", kind="stub_image")
    county.does("approve", seen)
    # ……填写界面必须上传“介绍信回执联附件”（必填），点击【确认报到】按钮以后流程才算真正转出成功。
    with refused("E_RECEIPT_IMAGE_REQUIRED"):
        county.does("confirm_outside", seen)
    assert fujian.status_of("冯样例") == "ACTIVE"
    attach(county, seen, "回执.jpg", kind="receipt_image")
    county.does("confirm_outside", seen)
    assert fujian.status_of("冯样例") == "HIST_TRANSFERRED_OUT"


@pytest.mark.requirement("R-137", "R-140", "R-142", "R-143")
def test_1_3_registering_who_comes_from_another_province(fujian: System) -> None:
    # （3）操作权限：省市县组织部管理员才能看得到这个操作按钮
    for code in ("A1-T1", "A1-T1-B1", "PD1-C"):
        with refused("E_START_NOT_ALLOWED"):
            fujian.admin(code).brings_in("孔样例", "A1-T1-B1")
    county = fujian.person("沈样例")
    # （b）填写转接信息，……【上传介绍信（附件）】：可上传多张，必填。
    with refused("E_LETTER_PHOTO_REQUIRED", "attachments"):
        county.brings_in("孔样例", "A1-T1-B1", **PAPER)
    letters = [photo(county, "介绍信1.jpg"), photo(county, "介绍信2.jpg")]
    # （a）……无该账号，则新增账号，填写人员基本信息(姓名/性别/身份证/民族/党员类别)
    with refused("E_REQUIRED_FIELD", "ethnicity", "kind", "name", "sex"):
        county.brings_in("孔样例", "A1-T1-B1", name="", sex="", ethnicity="", kind="", attachments=letters, **PAPER)
    # （b）包括【原所属组织】、【党费缴交至】、【回执联抬头】、【拟转入支部】、【转入时间】、【转接理由】
    missing = dict.fromkeys(("origin", "dues_paid_to", "target", "reason"), "")
    with refused("E_REQUIRED_FIELD", *missing):
        county.brings_in("孔样例", "", attachments=letters, **PAPER, **missing)
    seen = county.brings_in("孔样例", "A1-T1-B1", attachments=letters, **PAPER)
    # 新增账号时默认放到临时党组织，待流程全部结束后方能进入到具体支部。
    assert fujian.branch_of("孔样例") == "H-T"
    # 县级申请->县级审批->党（工）委->总支->支部接收->支部确认报到。
    assert seen.route == "A1[A] > A1 > A1-T1 > A1-T1-B1[R] > A1-T1-B1[C]"
    # （a）已有账号（未知党组织和省外组织），领回来（预认领，暂时不挪组织关系）
    claimed = county.brings_in("杨样例", "A1-T2-B1", claim_back=True, attachments=[photo(county)], **PAPER)
    assert (claimed.state, fujian.branch_of("杨样例")) == ("IN_PROGRESS", "H-O")


# （二）省内组织关系转接


@pytest.mark.requirement("R-052", "R-081")
def test_2_1_1_a_member_applies(fujian: System) -> None:
    # （1）党员登录党员e家后，……点击右上角的【申请】按钮。（2）选择目的支部，填写转出原因，点击【上报】按钮。
    feng = fujian.person("冯样例")
    seen = feng.applies("A1-T2-B1", reason="工作调动")
    # 提交成功后,党员在自己的列表中可以看到记录正在办理中。
    assert [(line["id"], line["state"]) for line in feng.lines("own")] == [(seen.id, "IN_PROGRESS")]


def test_2_1_1_notes_1_to_4_on_the_form(fujian: System) -> None:
    feng = fujian.person("冯样例")
    # （1）【申请时间】系统会自动读取当前时间，允许修改为实际转出时间。
    with refused("E_DATE_FUTURE", "application_date"):
        feng.applies("A1-T2-B1", application_date="2017-12-08")
    # （2）【党费缴纳至】不允许超过系统当前月份。
    with refused("E_DUES_FUTURE", "dues_paid_to"):
        feng.applies("A1-T2-B1", dues_paid_to="2018-01")
    # （3）【介绍信抬头】省内的不需要填写，转出到省外或特殊组织才需要填写。
    with refused("E_HEADING_REQUIRED", "letter_heading"):
        feng.applies(AWAY, letter_heading="")
    with refused("E_HEADING_REQUIRED", "letter_heading"):
        feng.applies(outside("特殊组织样例党委", kind="SPECIAL_ORG", letter_heading=""))
    assert feng.applies("A1-T2-B1", application_date="2017-12-01", dues_paid_to="2017-11").at == "A2-T1-B1"
    # （4）若党员目前仍有未走完的组织关系转接申请流程，系统会提示不允许重复提交申请
    with refused("E_TRANSFER_IN_PROGRESS"):
        feng.applies("A1-T2-B1")


def test_2_1_1_note_5_on_administrators_who_leave(fujian: System) -> None:
    chen = fujian.member("陈样例")
    waiting = fujian.person("冯样例").applies("A1-T2-B1")
    # （a）……否则提示【管理员您好，您还有未办理的事项，请先办理完才能申请转出】。
    with refused("E_ADMIN_PENDING_TASKS") as caught:
        chen.applies("A1-T2-B1")
    assert "管理员您好，您还有未办理的事项，请先办理完才能申请转出" in caught.value.body["message_zh"]
    fujian.person("陈样例").does("reject", waiting, reason="请先核实")
    # （b）若支部除了一个管理员还有其他党员的情况下，需要先赋权新管理员，免去旧管理员权限，……方可转走。
    with refused("E_ADMIN_SUCCESSOR_REQUIRED"):
        chen.applies("A1-T2-B1")
    authorise(fujian, "冯样例", "A2-T1-B1")
    relieve(fujian, "陈样例", "A2-T1-B1")
    assert chen.applies("A1-T2-B1").state == "IN_PROGRESS"
    # （c）若支部还有多名管理员，不允许同时转出，至少要留有一名管理员办理流程。
    first = fujian.member("蒋样例").applies("A2-T1-B1")
    fujian.person("宋样例").does("approve", first)
    with refused("E_LAST_ADMIN_LEAVING"):
        fujian.member("宋样例").applies("A2-T1-B1")
    # （d）若支部仅剩管理员一人尚未转走，则允许管理员提交转出申请。
    assert fujian.member("韩样例").applies("A1-T1-B1").state == "IN_PROGRESS"


def test_2_1_2_withdrawing_the_application(fujian: System) -> None:
    feng = fujian.person("冯样例")
    seen = feng.applies("A1-T2-B1")
    # 点击列表中已有记录后面的【撤回】按钮。
    feng.does("withdraw_application", seen)
    # 撤回后，党员在自己的列表中可以看到已撤回的记录，允许党员再次提交上报或者将该记录作废。
    assert [(line["state"], line["cause"]) for line in feng.lines("own")] == [("RETURNED_TO_APPLICANT", "WITHDRAWN")]
    assert feng.offered(seen) == {"submit", "void"}
    feng.does("submit", seen, reason="工作调动（更正）")
    assert (seen.at, seen.state) == ("A2-T1-B1", "IN_PROGRESS")


def test_2_1_3_voiding_the_record(fujian: System) -> None:
    feng = fujian.person("冯样例")
    # 当记录被撤回或被驳回到申请环节时，党员可点击【作废】按钮，这条记录就会成为历史数据。
    seen = feng.applies("A1-T2-B1")
    with refused("E_VOID_NOT_ALLOWED"):
        feng.does("void", seen)
    fujian.person("陈样例").does("reject", seen, reason="请先交清党费")
    assert seen.state == "RETURNED_TO_APPLICANT(REJECTED)"
    with refused("E_TRANSFER_IN_PROGRESS"):
        feng.applies("A1-T2-B1")
    feng.does("void", seen)
    assert (seen.state, fujian.person("陈样例").history()) == ("VOIDED", ["冯样例"])
    # 原记录作废后，党员方可发起新的组织关系转接申请记录。
    assert feng.applies("A1-T2-B1").state == "IN_PROGRESS"


@pytest.mark.requirement("R-079")
def test_2_1_4_an_administrator_applies_for_a_member(fujian: System) -> None:
    # （1）……找到【转出记录】标签页，点击右上角的【申请】按钮。（2）选择被转移的党员姓名，选择目的支部，……点击【上报】按钮。
    chen = fujian.person("陈样例")
    seen = chen.starts("冯样例", "A1-T2-B1")
    # The branch's own approval follows as a step of its own.
    assert seen.route == "applicant[A] > A2-T1-B1 > A2-T1 > A1-T2 > A1-T2-B1[R] > A1-T2-B1[C]"
    assert (seen.at, chen.todo()) == ("A2-T1-B1", ["冯样例"])
    # 注意事项（1）–（4）
    for code, wrong in (
        ("E_DATE_FUTURE", {"application_date": "2017-12-08"}),
        ("E_DUES_FUTURE", {"dues_paid_to": "2018-01"}),
    ):
        with refused(code):
            fujian.person("蒋样例").starts("宋样例", "A2-T1-B1", **wrong)
    with refused("E_TRANSFER_IN_PROGRESS"):
        fujian.person("卫样例").starts("冯样例", "A1-T2-B1")
    with refused("E_NOT_SUBORDINATE"):
        fujian.person("蒋样例").starts("张样例", "A2-T1-B1")
    # （5）关于管理员本人的转移判断
    with refused("E_ADMIN_PENDING_TASKS"):
        fujian.person("卫样例").starts("陈样例", "A1-T2-B1")
