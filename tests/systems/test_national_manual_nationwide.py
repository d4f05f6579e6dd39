"""The national manual (全国党员管理信息系统 党员组织关系转接操作流程), 3.3 to 7: each click is a call, under its paragraph."""

import pytest

from tests.systems.national import BOXES, NATION, OFF_TREE, RECEIVED, nationwide, received, to_campus, to_province
from tests.systems.people import BY_NAME
from tests.systems.playing import System, refused
from tests.systems.seen import Seen

# 3.3 全国直接转接组织关系-转出阶段


def test_3_3_1_out_nationwide(national: System) -> None:
    you, university = national.person("尤样例"), national.admin("GU")
    # 3.3.1.2 注意：转接类型选择“全国直接转接”时，【转出到系统外】标识默认勾选，不可修改。
    with refused("E_OFF_TREE_LOCKED", "off_tree"):
        nationwide(you, off_tree=False)
    with refused("E_TARGET_MUST_BE_TEXT", "target"):
        you.starts("朱样例", "RC1-T", variety=NATION)
    # 3.3.1.3 方可点击【确定】发起转接申请
    with refused("E_ATTESTATION_REQUIRED"):
        nationwide(you, attestation=False)
    seen = nationwide(you)
    # 3.3.1.4 ……可看到需要本级党组织审批或接收的党员信息，点击【查看介绍信】
    assert university.todo() == ["朱样例"]
    assert university.letter(seen.letters[-1]["id"])["snapshot"]["to"] == OFF_TREE
    # 3.3.1.5 具体审批包括“同意”、“不同意”、“更改”和“办结”。（终点单位只有后三项）
    assert university.offered(seen) == {"disapprove", "change_target", "close"}
    university.does("change_target", seen, target="中共别市委组织部", off_tree=True)
    assert (seen.whole["target_name"], seen.at) == ("中共别市委组织部", "GU")
    # 3.3.1.6“办结”……点击【办结】后……点击【确定】则完成转出流程。点击【取消】则关闭此对话框。
    university.does("close", seen)
    assert (seen.state, national.branch_of("朱样例")) == ("COMPLETED", None)


@pytest.mark.requirement("R-128")
def test_3_3_1_6_retrieving(national: System) -> None:
    seen = nationwide(national.person("尤样例"))
    national.admin("GU").does("close", seen)
    # 注意：用户可找回因误操作转出到系统外并已经完成办结操作的党员。
    # 在【党员信息管理--党员信息维护】中找到转出党员的党支部，点击【找回】按钮，在窗口中输入……党员身份证号
    with refused("E_RETRIEVE_NOT_FOUND"):
        national.admin("GU-1-B1").retrieves("秦样例", "GU-1-B1")
    national.person("尤样例").retrieves("朱样例", "GU-1-B1")
    assert national.branch_of("朱样例") == "GU-1-B1"
    # 找回后，原转接记录保留。
    assert (seen.state, seen.whole["retrieved"]) == ("COMPLETED", True)


# 3.4 全国直接转接组织关系-转入阶段


@pytest.mark.requirement("R-147")
def test_3_4_in_nationwide(national: System) -> None:
    university = national.admin("GU")
    # 3.4.1需要……转入操作时，需要选择【跨省（系统）转入】。
    with refused("E_START_NOT_ALLOWED"):
        national.admin("GU-1-B1").brings_in("孔样例", "GU-1")
    # 3.4.2选择是否通过业务交换区转入后点击‘下一步’（目前全国业务数据交换区尚未建成上线）
    with refused("E_EXCHANGE_DISABLED"):
        university.brings_in("孔样例", "GU-1", via_exchange=True)
    # 3.4.3点击【确认发起】按钮正式发起转接并等待下一节点审批，该工作信息从在待办工作列表中转至未办结工作列表中；
    seen = university.brings_in("孔样例", "GU-1", via_exchange=False)
    assert (university.todo(), university.handled()) == ([], ["孔样例"])
    # 注意：……确认发起后将不可更改。
    with refused("E_TRANSFER_LOCKED"):
        university.does("submit", seen, dues_paid_to="2019-03")
    # 3.4.4 详细审批和接收操作与省级转接操作一致。
    national.person("尤样例").does("receive", seen, branch="GU-1-B2", **RECEIVED, **BOXES)
    national.admin("GU-1-B2").does("report_in", seen)
    assert (seen.state, national.branch_of("孔样例")) == ("COMPLETED", "GU-1-B2")


# 4. 已办工作


def test_4_revoking(national: System) -> None:
    you = national.person("尤样例")
    seen = to_province(you)
    # 4.在<已办工作>中可查看本级组织内所有未办结的转接工作，并可在本页面中进行信息的查看和撤销。
    assert (you.handled(), you.offered(seen)) == (["朱样例"], {"revoke"})
    # “你确定要撤销该组织关系转接吗？撤销后不可恢复！”点击【确定】则撤销成功，点击【取消】则关闭对话框。
    you.does("revoke", seen)
    assert (seen.state, national.branch_of("朱样例")) == ("REVOKED", "GU-1-B1")
    with refused("E_TRANSFER_FINISHED"):
        national.admin("RC1").does("approve", seen, attestation=True)


# 5. 转出历史 6. 接收历史


def test_5_and_6_history(national: System) -> None:
    seen = received(national, to_campus(national.person("尤样例")))
    national.admin("GU-2-B1").does("report_in", seen)
    # 点击【查看】弹出<转出历史记录详情>页面。点击【查看】弹出转入历史记录详情页。（查询与导出另行办理）
    for code in ("GU-1", "GU-2", "GU-2-B1"):
        line = national.admin(code).lines("history")[0]
        assert national.admin(code).sees(Seen(line["id"], seen.watcher))["state"] == "COMPLETED"


# 7. 未报到


@pytest.mark.requirement("R-110", "R-123", "R-124")
def test_7_not_reported(national: System) -> None:
    seen = received(national, to_campus(national.person("尤样例")))
    branch, xu = national.admin("GU-2-B1"), national.person("许样例")
    # 7.在页面导航中切换至<未报到>页面，可在当前页面通过姓名、身份证号进行精确查询。
    number = BY_NAME["朱样例"].id_number
    assert branch.unreported(name="朱样例") == branch.unreported(id_number=number) == ["朱样例"]
    assert branch.unreported(name="朱") == branch.unreported(name="秦样例", id_number=number) == []
    # 点击【查看介绍信】弹出介绍信。
    assert branch.letter(seen.letters[-1]["id"])["snapshot"]["name"] == "朱样例"
    # 点击查看‘业务办理’可以进行报到和退回操作，其中党支部只能进行报到操作。
    assert branch.offered(seen) == {"report_in"}
    assert {"report_in", "return_unreported"} <= xu.offered(seen)
    with refused("E_ACTION_NOT_ALLOWED"):
        branch.does("return_unreported", seen, reason="未报到")
    xu.does("return_unreported", seen, reason="未到支部报到")
    assert (seen.at, xu.todo()) == ("GU-2", ["朱样例"])
    received(national, seen)
    branch.does("report_in", seen)
    assert seen.state == "COMPLETED"
