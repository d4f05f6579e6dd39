"""Fujian's manual, part two from its second heading on: looking, approving, rejecting, confirming, objecting."""

from tests.reference.notation import written_answer
from tests.systems.fujian import at_the_committee, at_the_receiving_branch
from tests.systems.playing import System, refused

# （二）2. 查看记录详情


def test_2_2_looking_at_a_record(fujian: System) -> None:
    seen = at_the_committee(fujian, "A1-T2-B1")
    # 点击列表中已有记录后面的【查看】按钮，……包括整个转移流程图及审批过程记录。
    shown = fujian.person("卫样例").sees(seen)
    assert written_answer(shown["hops"]) == seen.route
    # （2）鼠标点击流程图每个框中的组织名称，会显示该环节办理组织的基本信息。
    for hop in shown["hops"][1:]:
        assert fujian.person("卫样例").get(f"/organisations/{hop['org']['code']}")["name"] == hop["org"]["name"]
    # （3）每个环节办理人的操作痕迹及审批意见等均为在流程图下方体现并留痕，便于查阅。
    fujian.person("卫样例").does("approve", seen, opinion="情况属实")
    assert [(event["who"], event["action"]) for event in seen.events] == [
        ("冯样例", "submit"), ("陈样例", "approve"), ("卫样例", "approve")
    ]  # fmt: skip
    assert seen.events[-1]["told"]["opinion"] == "情况属实"


def test_2_3_1_approving_on_both_sides(fujian: System) -> None:
    # 找到【转出记录】标签页，点击列表中已有记录后面的【通过】按钮，系统会弹出确认窗口，点击确认即可审批通过该申请记录。
    seen = at_the_committee(fujian, "A1-T2-B1")
    fujian.person("卫样例").does("approve", seen)
    # （备注：如果要进行接收审批，则选择【转入记录】标签页进行操作。）
    assert fujian.admin("A1-T2").todo() == ["冯样例"]
    fujian.admin("A1-T2").does("approve", seen)
    assert seen.at == "A1-T2-B1"


def test_2_3_2_rejecting_goes_one_step_back(fujian: System) -> None:
    seen = at_the_committee(fujian, "A1-T2-B1")
    wei, chen = fujian.person("卫样例"), fujian.person("陈样例")
    # 点击【驳回】按钮，系统会弹窗提示“请填写驳回理由”，填写完点击“确定”即驳回该申请，则流程往回退到上一个环节。
    with refused("E_REASON_REQUIRED", "reason"):
        wei.does("reject", seen)
    wei.does("reject", seen, reason="材料不全")
    assert (seen.at, chen.todo()) == ("A2-T1-B1", ["冯样例"])
    assert chen.sees(seen)["events"][-1]["told"]["reason"] == "材料不全"
    # （备注：如果要进行接收审批，则选择【转入记录】标签页进行操作。）
    chen.does("approve", seen)
    wei.does("approve", seen)
    fujian.admin("A1-T2").does("reject", seen, reason="查无此人")
    assert seen.at == "A2-T1"


def test_2_3_3_looking_before_approving(fujian: System) -> None:
    seen = at_the_committee(fujian, "A1-T2-B1")
    wei = fujian.person("卫样例")
    # 点击列表中已有记录后面的【查看】按钮，系统会弹窗显示转移记录的详情
    assert wei.sees(seen)["application"]["reason"] == "工作调动"
    assert wei.offered(seen) >= {"approve", "reject"}
    wei.does("approve", seen)
    assert seen.at == "A1-T2"


def test_2_3_4_taking_an_approval_back(fujian: System) -> None:
    seen = at_the_committee(fujian, "A1-T2-B1")
    wei, township = fujian.person("卫样例"), fujian.admin("A1-T2")
    wei.does("approve", seen)
    # 点击列表中已有记录后面的【撤回】按钮，流程返回上一环节。
    wei.does("withdraw_approval", seen)
    assert (seen.at, wei.todo(), township.todo()) == ("A2-T1", ["冯样例"], [])
    # （备注：如果要进行接收审批，则选择【转入记录】标签页进行操作。）
    wei.does("approve", seen)
    township.does("approve", seen)
    township.does("withdraw_approval", seen)
    assert seen.at == "A1-T2"


def test_2_4_1_confirming_the_report_in(fujian: System) -> None:
    seen = at_the_receiving_branch(fujian)
    assert (seen.at, fujian.branch_of("冯样例")) == ("A1-T2-B1", "A2-T1-B1")
    # 找到【转入】标签页，点击列表中已有记录后面的【确认报到】按钮，系统会弹出确认窗口，点击确认即可结束该流程。
    fujian.person("蒋样例").does("confirm_report_in", seen)
    # 确认党员报到后，该流程办结，党员真正实现转接组织关系成功。
    assert (seen.state, fujian.branch_of("冯样例")) == ("COMPLETED", "A1-T2-B1")


def test_2_4_2_objecting(fujian: System) -> None:
    seen = at_the_receiving_branch(fujian)
    jiang = fujian.person("蒋样例")
    # 点击【异议反馈】按钮，系统会弹出编辑窗口，填写反馈意见内容，点击确定即可将反馈意见及流程退回给上级重新审批。
    with refused("E_REASON_REQUIRED", "reason"):
        jiang.does("object", seen)
    jiang.does("object", seen, reason="该同志不属于本支部")
    township = fujian.admin("A1-T2")
    assert (seen.at, township.todo()) == ("A1-T2", ["冯样例"])
    objections = [event for event in township.sees(seen)["events"] if event["action"] == "object"]
    assert [event["told"]["reason"] for event in objections] == ["该同志不属于本支部"]
    assert township.offered(seen) >= {"approve", "reject"}
