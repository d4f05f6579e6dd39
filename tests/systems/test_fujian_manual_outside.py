"""Fujian's manual, parts three to five: out of the province, into it, and the letter."""

import pytest

from tests.systems.files import attach, photo
from tests.systems.fujian import AWAY, PAPER, at_the_committee
from tests.systems.playing import Person, System, refused
from tests.systems.seen import Seen

# （三）转出到省外/特殊组织


def test_3_1_outside_from_application_to_the_receipt(fujian: System) -> None:
    chen, wei, county = fujian.person("陈样例"), fujian.person("卫样例"), fujian.admin("A2")
    # 1.1. 提交申请：……选择被转移的党员姓名，选择目的支部，填写转出原因，点击【上报】按钮。
    seen = chen.starts("冯样例", AWAY)
    # 1.2. 支部审批：若点击【驳回】，则弹窗需要填写驳回理由。若点击【通过】……
    with refused("E_REASON_REQUIRED", "reason"):
        chen.does("reject", seen)
    chen.does("approve", seen)
    # 1.3. 党委审批：党委可修改介绍信：（可编辑处背景色以示区别），修改介绍信后，需要点击【保存】按钮。
    heading = {"letter_heading": "中共样例市委组织部党员管理处"}
    with refused("E_LETTER_NOT_SAVED"):
        wei.does("approve", seen, **heading)
    wei.does("save_letter", seen, **heading)
    wei.does("approve", seen)
    # 1.4. 县委审批：通过/驳回操作同上。
    with refused("E_REASON_REQUIRED", "reason"):
        county.does("reject", seen)
    county.does("approve", seen)
    assert seen.state == "AWAITING_OUTSIDE_CONFIRMATION"
    # 1.5. 县委确认报到：若在列表页点击【确认报到】按钮，则会提示要上传介绍信附件。
    with refused("E_RECEIPT_IMAGE_REQUIRED"):
        county.does("confirm_outside", seen)
    # 先上传介绍信回执联的照片作为附件，然后才能点击【确认报到】按钮。
    attach(county, seen, "回执.jpg", kind="receipt_image")
    county.does("confirm_outside", seen)
    assert (seen.state, fujian.status_of("冯样例")) == ("COMPLETED", "HIST_TRANSFERRED_OUT")


# （四）省外转入申请


def comes_in(county: Person, whom: str, **more: object) -> Seen:
    return county.brings_in(whom, "A1-T2-G-B1", attachments=[photo(county)], **PAPER, **more)


@pytest.mark.parametrize(
    ("whom", "more", "stands_in"), [("杨样例", {"claim_back": True}, "H-O"), ("孔样例", {}, "H-T")]
)
def test_4_incoming_from_the_county_to_the_branch(
    fujian: System, whom: str, more: dict[str, object], stands_in: str
) -> None:
    county = fujian.person("沈样例")
    # 1.1.（1）若已有记录，（在未知组织或省外组织），则……点击【领回】按钮；（2）若无记录，则直接新增一个账号
    seen = comes_in(county, whom, **more)
    # 审批流程：县级申请->县级审批->党（工）委->总支->支部接收->支部确认报到。提交申请后，可查看流程进度：
    assert seen.route == "A1[A] > A1 > A1-T2 > A1-T2-G > A1-T2-G-B1[R] > A1-T2-G-B1[C]"
    assert (seen.at, county.todo()) == ("A1", [whom])
    # 1.2. 党委接收、1.3. 支部接收：操作同上。
    for code in ("A1", "A1-T2", "A1-T2-G", "A1-T2-G-B1"):
        assert (seen.at, fujian.branch_of(whom)) == (code, stands_in)
        fujian.admin(code).does("approve", seen)
    # 1.4. 支部确认报到：操作同上。
    assert fujian.branch_of(whom) == stands_in
    fujian.admin("A1-T2-G-B1").does("confirm_report_in", seen)
    # 1.5. 流程结束，转入成功
    assert (seen.state, fujian.branch_of(whom)) == ("COMPLETED", "A1-T2-G-B1")


# （五）介绍信


@pytest.mark.requirement("R-096", "R-136")
def test_5_1_the_letter(fujian: System) -> None:
    seen = at_the_committee(fujian, AWAY)
    wei, county = fujian.person("卫样例"), fujian.admin("A2")
    # 1.1. 编辑介绍信：第20171200002号 …… the figure's fields, from the application and the records.
    wei.does("save_letter", seen, letter_heading="中共样例市委组织部", dues_paid_to="2017-12", contact="13900000002")
    wei.does("approve", seen)
    # 1.2. 县级管理员在审批转出到省外组织……的记录时，点击记录详情，可点击页面右下角的【查看介绍信】按钮
    shown = county.letter(county.sees(seen)["letters"][0]["id"])["snapshot"]
    assert {name: shown[name] for name in ("number", "name", "from", "to", "addressee", "dues_paid_to", "contact")} == {
        "number": "20171200001", "name": "冯样例", "from": "河口村党支部", "to": "中共样例市委组织部",
        "addressee": "中共样例市委组织部", "dues_paid_to": "2017-12", "contact": "13900000002",
    }  # fmt: skip
    assert (shown["issued_on"], shown["receipt_heading"]) == ("2017-12-07", "河口镇党委")
    assert (shown["committee"]["contact"], shown["committee"]["telephone"]) == ("样例联系人", "0530-1234567")
