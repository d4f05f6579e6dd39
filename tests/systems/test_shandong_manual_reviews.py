"""Shandong's manual (灯塔-党建在线 党员组织关系转接系统操作手册), second part: the two reviews, incoming applications, the view.

Each click is a call, under its paragraph.
"""

import pytest

from tests.systems.files import photo
from tests.systems.playing import System, refused
from tests.systems.seen import Seen

# 单人转出审核


def test_home_review_of_a_letter_that_comes_from_below(shandong: System) -> None:
    seen, hua = shandong.person("王样例").starts("张样例", "A2-T1-B1"), shandong.person("华样例")
    # 该介绍信正常件，正常流程：同意并开新信、退件
    assert hua.offered(seen) == {"approve_and_issue", "return"}
    # 介绍信为接收到的上一党组织发给本党组织的介绍信
    assert hua.letter(seen.letters[-1]["id"])["snapshot"]["addressee"] == "柳溪镇党委"
    # 点击同意并开新信，展示页面可修改有效期。系统根据流转情况直接定义好收信党组织。
    hua.does("approve_and_issue", seen, validity_days=30)
    # 点击“发送”，则生成新的介绍信，申请单流转到下一党组织。
    newest = seen.letters[-1]
    assert (seen.at, newest["valid_until"]) == ("A1", "2025-04-09")
    assert hua.letter(newest["id"])["snapshot"]["addressee"] == "东岭县委"


@pytest.mark.requirement("R-105", "R-106", "R-107")
def test_home_review_of_a_letter_that_was_sent_back(shandong: System) -> None:
    wang, hua, jin = (shandong.person(name) for name in ("王样例", "华样例", "金样例"))
    seen = shandong.pass_on(wang.starts("张样例", "A2-T1-B1"), "A1-T1")
    # 点击“退件”，需要填写退件原因，该申请单退回到上一党组织。
    with refused("E_REASON_REQUIRED", "reason"):
        jin.does("return", seen)
    jin.does("return", seen, reason="抬头有误")
    # 该介绍信被退件，登录党组织为非提出转出申请党组织：同意并开新信、退件
    assert (seen.at, hua.offered(seen)) == ("A1-T1", {"approve_and_issue", "return"})
    # 介绍信为本党组织发给下一党组织的介绍信（该介绍信被下一党组织退回），在介绍信的左上角会展示退件原因
    own = hua.letter(seen.letters[-1]["id"])
    assert (own["snapshot"]["issuer"], own["state"], own["return_reason"]) == ("柳溪镇党委", "RETURNED", "抬头有误")
    hua.does("return", seen, reason="请重新填写")
    # 该介绍信被退件，登录党组织为（提出转出申请党组织）：同意并开新信、废件
    assert wang.offered(seen) == {"approve_and_issue", "void"}
    own = next(each for each in seen.letters if each["position"] == 0)
    assert wang.letter(own["id"])["return_reason"] == "请重新填写"
    wang.does("approve_and_issue", seen, validity_days=30)
    assert (seen.at, seen.state) == ("A1-T1", "IN_PROGRESS")


def test_the_starter_voids_what_was_sent_back(shandong: System) -> None:
    wang, hua = shandong.person("王样例"), shandong.person("华样例")
    seen = wang.starts("张样例", "A2-T1-B1")
    hua.does("return", seen, reason="无此单位")
    # 管理员可以废件，点击“废件”后，填写废件原因，填写完成后点击“确定”，则该党员转出申请作废。
    with refused("E_REASON_REQUIRED", "reason"):
        wang.does("void", seen)
    wang.does("void", seen, reason="不再转出")
    assert (seen.state, shandong.branch_of("张样例")) == ("VOIDED", "A1-T1-B1")
    assert wang.starts("张样例", "A1-T1-B2").state == "IN_PROGRESS"


def test_the_number_behind_the_to_do_list(shandong: System) -> None:
    wang, hua = shandong.person("王样例"), shandong.person("华样例")
    for member, days in (("张样例", 30), (shandong.newcomer("甲样例", "A1-T1-B1"), 7)):
        wang.starts(member, "A2-T1-B1", validity_days=days)
    # 待办业务后面跟着的数字，展示当前待办业务的申请单数量。
    assert hua.get("/counts")["todo"] == 2
    # 默认展示到期时间最早的介绍信。
    first = hua.lines("inbox")[0]
    assert (first["member_name"], first["valid_until"]) == ("甲样例", "2025-03-17")
    # 点击某一条记录中申请人姓名，可直接查看该申请单的介绍信。
    letter = hua.sees(Seen(first["id"], hua))["letters"][-1]
    assert hua.letter(letter["id"])["snapshot"]["name"] == "甲样例"


# 单人接收审核


def test_receiving_review_by_position(shandong: System) -> None:
    seen = shandong.pass_on(shandong.person("王样例").starts("张样例", "A2-T1-B1"), "A1-T1", "A1")
    # 正常件，仅具有审核权限的党组织：调整接收党组织、同意并开新信、退件
    assert shandong.admin("A2").offered(seen) == {"adjust_receiver", "approve_and_issue", "return"}
    shandong.pass_on(seen, "A2")
    # 正常件，基层党委：调整接收党组织、同意并开新信、接收、退件
    whole = {"adjust_receiver", "approve_and_issue", "receive", "return"}
    assert shandong.admin("A2-T1").offered(seen) == whole
    shandong.pass_on(seen, "A2-T1")
    # 正常件，接收党支部：接收、退件
    assert shandong.admin("A2-T1-B1").offered(seen) == {"receive", "return"}
    # 点击“退件”，需要填写退件原因，该申请单退回到上一党组织。如果是退件，展示上一党组织退件的退件原因。
    shandong.admin("A2-T1-B1").does("return", seen, reason="查无此人")
    town = shandong.admin("A2-T1")
    assert (seen.at, town.letter(seen.letters[-1]["id"])["return_reason"]) == ("A2-T1", "查无此人")


def test_the_receiver_is_adjusted(shandong: System) -> None:
    seen = shandong.pass_on(shandong.person("王样例").starts("张样例", "A1-T2"), "A1-T1")
    wei = shandong.person("魏样例")
    # 点击“接收”，如果目前的介绍信的接收党组织不是党支部，则会提示用户调整接收党组织后再接收。
    with refused("E_ADJUST_BEFORE_RECEIVE") as told:
        wei.does("receive", seen)
    assert "请先调整接收党组织" in told.value.body["message_zh"]
    # 点击调整接收党组织的编辑框，可以查看本党组织的所有下级党组织，
    below = [each["code"] for each in wei.get("/organisations/A1-T2/children")["items"]]
    assert below == ["A1-T2-G", "A1-T2-B1"]
    # 选定某一党组织，点击“确定”后即完成调整。调整后介绍信上的接收党组织随即修改。
    wei.does("adjust_receiver", seen, target="A1-T2-G-B1")
    assert wei.letter(seen.letters[-1]["id"])["snapshot"]["to"] == "白塔乡机关党支部"
    # 点击同意并开新信……点击“发送”，则生成新的介绍信，申请单流转到下一党组织。
    wei.does("approve_and_issue", seen, validity_days=7)
    assert (seen.at, seen.letters[-1]["valid_until"]) == ("A1-T2-G", "2025-03-17")


def test_receiving_moves_the_member(shandong: System) -> None:
    seen = shandong.person("王样例").starts("张样例", "A1-T1-B2")
    # 如果目前接收党组织是党支部，则点击接收后，弹出操作确认界面，点击“确定”后，即完成接收。
    shandong.admin("A1-T1-B2").does("receive", seen)
    assert seen.state == "COMPLETED"
    # 党员信息转移到接收党组织，同时……原党组织增加一条该党员的党员减少信息集；新党组织……增加一条增加信息集
    lost, gained = shandong.moves_of("张样例")
    assert (shandong.branch_of("张样例"), lost, gained) == (
        "A1-T1-B2",
        [("A1-T1-B1", "2025-03-10")],
        [("A1-T1-B2", "2025-03-10")],
    )


@pytest.mark.requirement("R-148")
def test_what_comes_back_to_the_starter_of_an_incoming_transfer(shandong: System) -> None:
    jin = shandong.person("金样例")
    seen = jin.brings_in("孔样例", "A1-T1-B1")
    shandong.person("华样例").does("return", seen, reason="无此单位")
    # 退件，提出转出申请的党组织：废件、同意并开新信、调整接收党组织
    assert jin.offered(seen) == {"void", "approve_and_issue", "adjust_receiver"}
    # 点击“废件”，则需要填写废件原因，填写后点击“确定”该申请即被废件。
    with refused("E_REASON_REQUIRED", "reason"):
        jin.does("void", seen)
    jin.does("void", seen, reason="本人未到")
    # 在查看转接情况里面可以看到申请单审核状态为废件。
    assert [(each["member_name"], each["state"]) for each in jin.lines("history")] == [("孔样例", "VOIDED")]


# 单人接收申请


def test_single_incoming_application(shandong: System) -> None:
    # 角色说明：具有全国组织关系转接权限的党组织管理员
    with refused("E_START_NOT_ALLOWED"):
        shandong.person("华样例").brings_in("孔样例", "A1-T1-B1")
    jin = shandong.person("金样例")
    seen = jin.brings_in("孔样例", "A1-T1-B1")
    # 验证党员身份证号，如果该党员在转接过程中，提示如下
    with refused("E_TRANSFER_IN_PROGRESS"):
        jin.brings_in("孔样例", "A1-T1-B1")
    # 如果党员为本省党员，提示如下
    with refused("E_MEMBER_IN_PROVINCE"):
        jin.brings_in("张样例", "A1-T1-B1")
    # 收信党组织为流转流程中下一党组织的组织名称；发信党组织默认为当前党组织，不可编辑。
    written = jin.letter(seen.letters[0]["id"])["snapshot"]
    assert (written["addressee"], written["issuer"]) == ("柳溪镇党委", "东岭县委")


def test_manual_review_of_the_identity(shandong: System) -> None:
    jin = shandong.person("金样例")
    # 党员的姓名和身份证号要通过公安部的实名认证，如果认证不成功，则需要用户选择是否进入人工审核创建接收申请，
    with refused("E_REAL_NAME_FAILED") as told:
        jin.brings_in("白样例", "A1-T1-B1")
    assert "是否进入人工审核" in told.value.body["message_zh"]
    # 点击“确定”进入信息编辑页面，但需要上传身份证照片才能创建接收申请。
    with refused("E_ID_PHOTO_REQUIRED"):
        jin.brings_in("白样例", "A1-T1-B1", manual_review=True, identity_checked=True)
    # （使用该功能需要管理员人工确认该党员的身份信息）
    card = photo(jin, "身份证.jpg", kind="id_card_photo")
    with refused("E_ATTESTATION_REQUIRED"):
        jin.brings_in("白样例", "A1-T1-B1", manual_review=True, attachments=[card])
    seen = jin.brings_in("白样例", "A1-T1-B1", manual_review=True, identity_checked=True, attachments=[card])
    assert seen.route == "A1[S] > A1-T1 > A1-T1-B1[R]"


@pytest.mark.requirement("R-144")
def test_the_form_of_an_incoming_application(shandong: System) -> None:
    jin = shandong.person("金样例")
    # 进入页面后填写介绍信的党员政治面貌、民族、党费缴纳截止日期、联系方式等信息。
    empty = dict.fromkeys(("kind", "ethnicity", "dues_paid_to", "origin", "in_type"), "")
    with refused("E_REQUIRED_FIELD", *empty):
        jin.brings_in("孔样例", "A1-T1-B1", **empty)
    # 接收类型为手动选择，共四种类型
    with refused("E_IN_TYPE_INVALID", "in_type"):
        jin.brings_in("孔样例", "A1-T1-B1", in_type="OTHER_PROVINCE")
    # 转入时间默认当前时间不可编辑。
    with refused("E_FIELD_READONLY", "transfer_in_date"):
        jin.brings_in("孔样例", "A1-T1-B1", transfer_in_date="2025-03-01")
    # 转出地基层党委的信息根据介绍信上的信息填写，联系人可空，其他必填。
    with refused("E_REQUIRED_FIELD", "committee_telephone"):
        jin.brings_in("孔样例", "A1-T1-B1", committee_telephone="")
    # 有效期和转入原因手动编辑。
    seen = jin.brings_in("孔样例", "A1-T1-B1", committee_contact="", in_type="FROM_MILITARY", validity_days=30)
    assert (seen.whole["in_type"], seen.letters[0]["valid_until"]) == ("FROM_MILITARY", "2025-04-09")
