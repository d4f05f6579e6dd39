"""The national manual (全国党员管理信息系统 党员组织关系转接操作流程), 1 to 3.2: each click is a call, under its paragraph."""

import pytest

from tests.systems.national import BOXES, CAMPUS, NATION, OFF_TREE, PROVINCE, RECEIVED, received, to_campus, to_province
from tests.systems.playing import System, outside, refused, valid_form

# 2. 导航栏


@pytest.mark.requirement("R-175")
def test_2_the_lists(national: System) -> None:
    you, xu = national.person("尤样例"), national.person("许样例")
    seen = to_campus(you)
    # 待办工作是指需要当前登录用户进行审批的转接流程；
    assert (you.todo(), xu.todo()) == ([], ["朱样例"])
    # 已办工作是当前登录用户已经审批但是还没有结束的转接流程；
    assert (you.handled(), xu.handled()) == (["朱样例"], [])
    # 未报到是当前登录用户所有下级中未报到的党员；
    received(national, seen)
    assert [national.admin(code).not_reported() for code in ("GU", "GU-2", "GU-1")] == [["朱样例"], ["朱样例"], []]
    # 转出历史是当前登录用户本级及所有下级的转出历史记录。接收历史是……接收历史记录。
    assert [(each["member_name"], each["state"]) for each in xu.lines("history")] == [("朱样例", "AWAITING_REPORT_IN")]
    national.admin("GU-2-B1").does("report_in", seen)
    assert [each.history() for each in (you, xu, national.admin("RE"))] == [["朱样例"]] * 3
    assert national.admin("RC1").history() == []


def test_2_between_branches_in_one_step(national: System) -> None:
    # 导航栏中包括……支部间转接
    you = national.person("尤样例")
    seen = you.starts("朱样例", "GU-1-B2", variety="INTERNAL")
    assert (seen.route, national.branch_of("朱样例")) == ("GU-1[S] > GU-1-B2[I]", "GU-1-B2")
    national.admin("GU-1-B2").does("report_in", seen)
    assert seen.state == "COMPLETED"


# 3. 转接类型


def test_3_three_types(national: System) -> None:
    you = national.person("尤样例")
    # （1）县内转移即校内转移，适用于校内29个二级单位之间直接转移，比如，从文学院转到离退休党委。
    assert you.previews("朱样例", "GU-2", variety=CAMPUS) == "GU-1[S] > GU-2[R] > chosen branch[I]"
    # （2）省内转移，适用于转出学校以外、广西区内的各个二级单位之间的转移，路径会直接生成。
    assert you.previews("朱样例", "RC1-T", variety=PROVINCE) == "GU-1[S] > RC1 > RC1-T[R] > chosen branch[I]"
    # （3）全国直接转移，适用于转出广西以外。
    assert you.previews("朱样例", outside(OFF_TREE), variety=NATION) == "GU-1[S] > GU[close]"
    for target, wrong in (("GU-2", PROVINCE), ("RC1-T", CAMPUS)):
        with refused("E_VARIETY_MISMATCH", "variety"):
            you.previews("朱样例", target, variety=wrong)


# 3.1 县内直接转接组织关系


def test_3_1_1_and_3_1_2_whom_the_application_is_for(national: System) -> None:
    # 3.1.1由具有县内转接权限的党组织，点击<待办工作>右侧页面中【转出申请】，进入转接申请页面。
    for code in ("GU-1-B1", "RC1-T-B1"):
        with refused("E_START_NOT_ALLOWED"):
            national.admin(code).starts("朱样例", "GU-2", variety=CAMPUS)
    # 3.1.2转接申请页面显示登录党组织本级及直属下级总支部和支部中的党员，
    you, university = national.person("尤样例"), national.admin("GU")
    assert list(you.candidates()) == ["朱样例", "秦样例"]
    assert list(university.candidates()) == []  # 文学院的党员由文学院自己办理
    with refused("E_NOT_SUBORDINATE"):
        university.starts("朱样例", "GU-2", variety=CAMPUS)
    # 选择需要进行组织关系转接人员后，点击【下一步】，
    with refused("E_NO_MEMBER_SELECTED"):
        you.starts_several([], "GU-2", variety=CAMPUS)
    both = you.starts_several(["朱样例", "秦样例"], "GU-2", variety=CAMPUS)
    assert [each.route for each in both] == ["GU-1[S] > GU-2[R] > chosen branch[I]"] * 2
    assert sorted(national.person("许样例").todo()) == ["朱样例", "秦样例"]


def test_3_1_3_the_target_is_searched_for(national: System) -> None:
    you = national.person("尤样例")
    # 在查询弹框中输入目标党组织名称，点击【查询】列表中显示查询到的党组织，
    found = you.get("/organisations?query=离退休工作")["items"]
    assert [each["code"] for each in found] == ["GU-2"]
    # 无法通过模糊查询匹配到目标党组织，这时用户需要勾选【去向党组织不在本信息系统党组织机构树上……】
    assert you.get("/organisations?query=隐蔽单位")["items"] == []
    with refused("E_OFF_TREE_FLAG_REQUIRED", "off_tree"):
        you.starts("朱样例", "隐蔽单位样例党委", variety=CAMPUS)
    # 勾选……后可以手动输入目标党组织名称。完成电子介绍信填写后，点击【生成转接路径】。
    assert you.previews("朱样例", "隐蔽单位样例党委", variety=CAMPUS, off_tree=True) == "GU-1[S] > GU-1[close]"


def test_3_1_4_confirming(national: System) -> None:
    you = national.person("尤样例")
    # 3.1.4生成转接路径后，请核对转接路径生成是否正确；若转接路径生成有误请点击【返回上一步】按钮修改转接信息。
    assert you.previews("朱样例", "GU-3", variety=CAMPUS) == "GU-1[S] > GU-3[R] > chosen branch[I]"
    assert you.lines("own") == []
    # 核对并勾选“已核实党员信息同本人和档案资料等一致”方可点击【确定】发起转接申请，
    with refused("E_ATTESTATION_REQUIRED", "attestation"):
        to_campus(you, attestation=False)
    # 点击【确定】按钮正式发起转接并等待下一节点审批，该转接工作从在待办工作列表中转至未办结工作列表中；
    seen = to_campus(you, attestation=True)
    assert (seen.at, you.todo(), you.handled()) == ("GU-2", [], ["朱样例"])


def test_3_1_5_the_next_organisation_reads_the_letter(national: System) -> None:
    seen, xu = to_campus(national.person("尤样例")), national.person("许样例")
    # 下一审批节点党组织登陆系统后在……<待办工作>中，可看到需要本级党组织审批或接收的党员信息，
    assert xu.todo() == ["朱样例"]
    # 点击【查看介绍信】可在线浏览该党员组织关系转接介绍信。
    written = xu.letter(seen.letters[-1]["id"])["snapshot"]
    assert (written["name"], written["issuer"], written["addressee"]) == ("朱样例", "文学院党委", "离退休工作党委")


def test_3_1_6_approving_and_disapproving(national: System) -> None:
    you, county, town = national.person("尤样例"), national.admin("RC1"), national.admin("RC1-T")
    seen = to_province(you)
    # 具体审批包括“同意”、“不同意”、“更改”和“接收”。
    assert county.offered(seen) == {"approve", "disapprove", "change_target"}
    # “同意”……“已审核过党员基本信息，确保党员数据真实准确”，审核并勾选后，方可点击【确定】完成审批，
    with refused("E_ATTESTATION_REQUIRED", "attestation"):
        county.does("approve", seen)
    # 点击确定后该党员进入下一审批阶段，等待下一节点党组织审批。
    county.does("approve", seen, attestation=True)
    assert (seen.at, town.offered(seen) - {"revoke"}) == ("RC1-T", {"receive", "disapprove", "change_target"})
    # “不同意”……填入具体理由后，再点击【确定】，则该党员按原转接路径逐级退回至发起转接党组织。
    with refused("E_REASON_REQUIRED", "reason"):
        town.does("disapprove", seen)
    town.does("disapprove", seen, reason="无此单位")
    assert seen.trace[-2:] == [("RC1-T", "disapprove"), ("RC1", "return_through")]
    assert (you.todo(), county.todo(), town.todo()) == (["朱样例"], [], [])
    # 发起转接党组织修改后可重新发起。
    you.does("submit", seen, **valid_form("2019-04-15"), target="RC1-T-B1", variety=PROVINCE)
    assert (seen.state, seen.at, seen.whole["target"]["code"]) == ("IN_PROGRESS", "RC1", "RC1-T-B1")


def test_3_1_6_changing_the_target(national: System) -> None:
    seen = to_province(national.person("尤样例"))
    # “更改”指本级党组织……调整党员的需转入的目标党组织，更改后该党员将按照新生成的转接路径进行转接。
    national.admin("RC1").does("change_target", seen, target="GU-2")
    assert (seen.route, seen.at) == ("GU-1[S] > RC1 > GU-2[R] > chosen branch[I]", "RC1")
    national.admin("RC1").does("approve", seen, attestation=True)
    assert (seen.whole["target"]["code"], seen.at) == ("GU-2", "GU-2")


def test_3_1_6_receiving(national: System) -> None:
    seen, xu = to_campus(national.person("尤样例")), national.person("许样例")
    # “接收”……由该党组织安排进入其直属党支部。
    with refused("E_TARGET_NOT_SUBORDINATE", "branch"):
        xu.does("receive", seen, branch="GU-1-B2", **RECEIVED, **BOXES)
    # 用户需填写转入本组织时间、转入支部、转入办理人员联系电话和备注信息，
    with refused("E_REQUIRED_FIELD", "branch", "transfer_in_date", "telephone"):
        xu.does("receive", seen, **BOXES)
    # 确认并勾选“已确认该名党员已到基层党委报到并编入一个党支部”和“已审核过党员基本信息……”后，方可点击【确定】
    for one in BOXES:
        with refused("E_ATTESTATION_REQUIRED"):
            xu.does("receive", seen, branch="GU-2-B1", **RECEIVED, **{one: True})
    # 点击【确定】后完成党员的接收。
    received(national, seen)
    assert national.branch_of("朱样例") == "GU-2-B1"


# 3.2 省内（系统内）转接组织关系


def test_3_2_inside_the_province(national: System) -> None:
    # 3.2.1由具有省内转接权限的党组织，点击<待办工作>右侧页面中【转出申请】，
    member = national.newcomer("丁样例", "GU-3-B1")
    with refused("E_SCOPE_REQUIRED"):
        national.admin("GU-3").starts(member, "RC1-T", variety=PROVINCE)
    # 3.2.3在转接类型中选择“省内（系统内）直接转接”并填写党员电子介绍信，点击【生成转接路径】。
    # 勾选【去向党组织不在本信息系统党组织机构树上……】后可以手动输入目标党组织名称。
    you = national.person("尤样例")
    typed = you.starts("秦样例", OFF_TREE, variety=PROVINCE, off_tree=True)
    assert typed.route == "GU-1[S] > GU-1[close]"
    # 3.2.4–3.2.6 确认发起、同意、接收
    seen = to_province(you)
    national.admin("RC1").does("approve", seen, attestation=True)
    national.admin("RC1-T").does("receive", seen, branch="RC1-T-B1", **RECEIVED, **BOXES)
    national.admin("RC1-T-B1").does("report_in", seen)
    assert (seen.state, national.branch_of("朱样例")) == ("COMPLETED", "RC1-T-B1")
