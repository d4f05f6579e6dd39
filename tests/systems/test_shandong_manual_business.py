"""Shandong's manual (灯塔-党建在线 党员组织关系转接系统操作手册), last part: the view of transfers and each kind of business.

Each click is a call, under its paragraph. Archives are printed matter and left out.
"""

from tests.systems.playing import RECEIPT, System, outside, refused
from tests.systems.seen import Seen

AWAY = outside("中共样例省样例市委组织部")


# 查看转接情况


def test_who_sees_what(shandong: System) -> None:
    seen = shandong.pass_on(shandong.person("王样例").starts("张样例", "A1-T2-B1"), "A1-T1", "A1-T2")
    shandong.admin("A1-T2-B1").does("receive", seen)
    # 所有经由本党组织提出或审核过的申请单及本党组织下属党组织转出或接收的申请单均可查看
    for code in ("A1-T1-B1", "A1-T1", "A1", "A1-T2", "A1-T2-B1", "CA", "P"):
        assert shandong.admin(code).sees(seen)["state"] == "COMPLETED", code
    with refused("E_NOT_FOUND"):
        shandong.admin("A2").sees(seen)
    # 自动审核是指当前党组织配置的自动审核权限后，经过当前党组织系统自动同意并开新信的申请单。
    assert [shandong.admin(code).auto_approved() for code in ("A1", "A1-T1")] == [["张样例"], []]
    # 点击申请单的姓名，可以查看当前申请单的转接日志
    assert seen.trace == [
        ("A1-T1-B1", "submit"),
        ("A1-T1", "approve_and_issue"),
        ("A1", "auto_approve"),
        ("A1-T2", "approve_and_issue"),
        ("A1-T2-B1", "receive"),
    ]


# 省内人员转接 单位内人员调整


def test_inside_one_unit(shandong: System) -> None:
    branch, college = shandong.admin("U-G1-B1"), shandong.admin("U")
    # 流转过程中，达到某一共同上级党组织即往下流转。
    assert branch.route("U-G1-B1", "U-G1-B2") == "U-G1-B1[S] > U-G1 > U-G1-B2[R]"
    # 转出党支部->（转出党总支）->基层党委->（接收党总支）->接收党支部
    assert branch.route("U-G1-B1", "U-G2-B1") == "U-G1-B1[S] > U-G1 > U > U-G2-B1[R]"
    # 如果是基层党委发起，则整体流转流程为“基层党委->（接收党总支）->接收党支部”，
    seen = college.starts("孙样例", "U-G1-B2")
    assert seen.route == "U-G1-B1[F] > U-G1[F] > U[S] > U-G1 > U-G1-B2[R]"
    # 但从转出党支部到基层党委的转接历史和存档由系统自动补齐。
    filled = [(each["org"], each["action"]) for each in seen.events if each["is_automatic"]]
    assert filled == [("U-G1-B1", "auto_fill"), ("U-G1", "auto_fill")]
    assert [each["position"] for each in seen.letters] == [0, 1, 2]
    # 转出类型选择“转往本系统内的其他党组织”或“转往本乡镇（街道）直属的其他单位党组织”。
    assert seen.out_type == "SAME_SYSTEM"
    switched = shandong.admin("A1-T1-B1").starts("张样例", "A1-T1-B2", out_type="SAME_SYSTEM")
    assert switched.out_type == "SAME_SYSTEM"


def test_inside_one_unit_with_auto_approval(shandong: System) -> None:
    # 如果基层党委配置了下一级之间互转自动审批，则……直接自动同意并开新信，流转到接收党支部。
    seen = shandong.person("王样例").starts("张样例", "A1-T1-B2")
    assert seen.at == "A1-T1-B2"
    # 基层党委管理员能够看到在查看转接情况中的自动审核中看到该申请单，并可看到自动开出的介绍信
    hua = shandong.person("华样例")
    assert hua.auto_approved() == ["张样例"]
    issued = next(each for each in seen.letters if each["position"] == 1)
    assert (issued["is_automatic"], hua.letter(issued["id"])["snapshot"]["issuer"]) == (True, "柳溪镇党委")


# 县区内党员组织关系转接


def test_inside_the_county(shandong: System) -> None:
    # 转出党支部->（转出党总支）->转出基层党委->县区党委->接收基层党委->（接收党总支）->接收党支部
    route = shandong.admin("A1-T1-B1").route("A1-T1-B1", "A1-T2-G-B1")
    assert route == "A1-T1-B1[S] > A1-T1 > A1[AUTO] > A1-T2 > A1-T2-G > A1-T2-G-B1[R]"
    # 如果是基层党委发起……从转出党支部到基层党委的转接历史和存档由系统自动补齐。
    seen = shandong.person("华样例").starts("张样例", "A1-T2-G-B1")
    assert seen.route == "A1-T1-B1[F] > A1-T1[S] > A1[AUTO] > A1-T2 > A1-T2-G > A1-T2-G-B1[R]"
    # 转出类型选择“转往本县(市、区)其他乡镇（街道）党组织”或“转往本县(市、区)直属的其他单位党组织”。
    assert seen.out_type == "OTHER_TOWNSHIP_SAME_COUNTY"
    # 如果接收由基层党委完成，则自动补齐由基层党委到党支部的转接步骤。
    shandong.person("魏样例").does("receive", seen)
    assert_received_by_committee(seen, "A1-T2-G", "A1-T2-G-B1")
    assert shandong.branch_of("张样例") == "A1-T2-G-B1"


def assert_received_by_committee(seen: Seen, *filled: str) -> None:
    """The steps below the committee are in history and have their letters."""
    assert seen.state == "COMPLETED"
    assert seen.route.endswith(" > ".join(f"{code}[F]" for code in filled))
    automatic = [each["org"] for each in seen.events if each["action"] == "auto_fill"]
    assert automatic[-len(filled) :] == list(filled)
    positions = {each["position"] for each in seen.letters}
    assert {len(seen.hop_states) - 1 - each for each in range(1, len(filled) + 1)} <= positions


# 跨县区党员组织关系转接


def test_between_counties(shandong: System) -> None:
    wang = shandong.person("王样例")
    seen = wang.starts("张样例", "A2-T1-B1")
    # 经由转出地的党组织逐层“同意并开新信”，发送到具有全国或全省组织关系转接权限的党组织，
    # 由该党组织同意并开新信后发往接收党组织中具有全国或全省组织关系转接权限的上级党组织，由该党组织同意并开新信后再逐级下发。
    for code in ("A1-T1", "A1", "A2"):
        assert seen.at == code  # 跨县区的转出和接收均不能自动审批。
        shandong.pass_on(seen, code)
    # 如果接收由基层党委完成，则自动补齐由基层党委到党支部的转接步骤，包括转接历史、存档和介绍信。
    shandong.admin("A2-T1").does("receive", seen)
    assert_received_by_committee(seen, "A2-T1-B1")
    # 如果转出由基层党委发起，则自动补齐由支部到基层党委的转接步骤，包括转接历史、存档和介绍信。
    own = shandong.person("华样例").starts(shandong.newcomer("甲样例", "A1-T1-B1"), "A2-T1-B1")
    assert own.route == "A1-T1-B1[F] > A1-T1[S] > A1 > A2 > A2-T1 > A2-T1-B1[R]"


# 省外人员转接 党员转往省外


def test_outside_to_the_end(shandong: System) -> None:
    wang, hua, jin = (shandong.person(name) for name in ("王样例", "华样例", "金样例"))
    # 经由转出地的党组织逐层“同意并开新信”，发送到具有全国组织关系转接权限的党组织，
    # 由该党组织同意并开新信后省内转接流程结束。
    seen = shandong.pass_on(wang.starts("张样例", AWAY), "A1-T1", "A1")
    assert (seen.state, jin.todo()) == ("AWAITING_RECEIPT", [])
    # 撤回：……该申请到撤回，撤回后在转出审核中能看到该申请，可再次同意并开新信，也可退回。
    assert jin.offered(seen) == {"recall_letter"}
    jin.does("recall_letter", seen)
    assert (jin.todo(), jin.offered(seen)) == (["张样例"], {"approve_and_issue", "return"})
    # 另一个是介绍信的抬头写错，需要撤回重新开新信。
    jin.does("approve_and_issue", seen, validity_days=90)
    # 收到回执：……在基层党委收到接收地的回执后可以填写回执信息，填写完成确定后整个转接流程结束。
    shandong.at("2025-04-01")
    with refused("E_REQUIRED_FIELD", "letter_no", "receiving_committee", "receipt_date", "handler", "telephone"):
        hua.does("record_receipt", seen)
    hua.does("record_receipt", seen, **RECEIPT, letter_no=seen.numbers[-1], receipt_date="2025-03-30")
    assert (seen.state, shandong.status_of("张样例")) == ("COMPLETED", "HIST_TRANSFERRED_OUT")
    # 查看回执：在收到回执后，转出地基层党委可以看到查看回执的相关信息。
    assert hua.receipt(seen)["receiving_committee"] == RECEIPT["receiving_committee"]


def test_a_recalled_letter_is_returned(shandong: System) -> None:
    seen = shandong.pass_on(shandong.person("王样例").starts("张样例", AWAY), "A1-T1", "A1")
    jin = shandong.person("金样例")
    jin.does("recall_letter", seen)
    # 一个是党员到外省未被接收退回来
    jin.does("return", seen, reason="外省未接收")
    assert (seen.at, shandong.branch_of("张样例")) == ("A1-T1", "A1-T1-B1")


# 省外党员转入


def test_in_from_outside(shandong: System) -> None:
    # 具有全国组织关系转接权限的党组织发起接收申请，经由各级党组织审批后，发送到基层党委或党支部接收。
    seen = shandong.admin("CA").brings_in("孔样例", "A1-T1-B1", in_type="FROM_ABROAD")
    assert seen.route == "CA[S] > A1 > A1-T1 > A1-T1-B1[R]"
    shandong.pass_on(seen, "A1")
    # 如果接收由基层党委完成，则自动补齐由基层党委到党支部的转接步骤，包括转接历史、存档和介绍信。
    shandong.person("华样例").does("receive", seen)
    assert_received_by_committee(seen, "A1-T1-B1")
    assert (shandong.branch_of("孔样例"), shandong.status_of("孔样例")) == ("A1-T1-B1", "ACTIVE")
