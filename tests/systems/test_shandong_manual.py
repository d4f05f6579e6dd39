"""Shandong's manual (灯塔-党建在线 党员组织关系转接系统操作手册), first half: general remarks to single incoming application.

Each click is a call, under its paragraph. VPN, activation, permission pages and seals are no calls of a transfer.
"""

import pytest

from tests.systems.playing import Person, System, outside, refused

AWAY = outside("中共样例省样例市委组织部")


# 总体说明


def test_fields_with_an_asterisk_must_be_filled_in(shandong: System) -> None:
    # 系统中各字段前标有“*”的为必填字段，需要填写完整后才能保存成功。
    empty = dict.fromkeys(("dues_paid_to", "committee_contact", "committee_telephone", "committee_address"), "")
    with refused("E_REQUIRED_FIELD", *empty):
        shandong.person("王样例").starts("张样例", "A1-T1-B2", **empty)


# 用户角色说明


def test_who_may_apply(shandong: System) -> None:
    # 具有全国组织关系转接权限的党组织可以看到单人接收申请；基层党组织的管理员可以看到单人转出申请。
    with refused("E_START_NOT_ALLOWED"):
        shandong.admin("A1").starts("张样例", "A1-T1-B2")
    with refused("E_START_NOT_ALLOWED"):
        shandong.admin("A1-T1").brings_in("孔样例", "A1-T1-B1")


# 权限说明


def test_permissions_decide_the_route(shandong: System) -> None:
    # 如果不具备（转接党员组织关系权限），则在转接流程中直接跳过该党组织。比如，一些党总支可能不具备此权限。
    assert shandong.admin("U-G2-B1").route("U-G2-B1", "U-G2-B2") == "U-G2-B1[S] > U > U-G2-B2[R]"
    # 在全国范围内可以直接相互转移党员组织关系的党组织。
    assert shandong.admin("CA-D-C-B1").route("CA-D-C-B1", "") == "CA-D-C-B1[S] > CA-D-C > CA-D > CA > CA-D-C[RR]"
    # 即该党组织在全省范围内可以直接相互转移党员组织关系。
    assert shandong.admin("PD1-C-B1").route("PD1-C-B1", "U-G1-B1") == "PD1-C-B1[S] > PD1-C > U > U-G1 > U-G1-B1[R]"
    # 配置权限后……经过该党组织审批的介绍信，都可由系统自动审批，不需要人工操作。
    assert shandong.admin("A1-T1-B1").route("A1-T1-B1", "A1-T1-B2") == "A1-T1-B1[S] > A1-T1[AUTO] > A1-T1-B2[R]"


# 权限配置


def test_permissions_are_configured(shandong: System) -> None:
    jin, hua, forestry = shandong.person("金样例"), shandong.person("华样例"), shandong.admin("PD1-C")

    def page(who: Person, code: str) -> tuple[bool, bool, bool, set[str]]:
        shown = who.get(f"/organisations/{code}/permissions")
        return shown["can_transfer"], shown["national"], shown["province"], set(shown["locks"])

    # 情况1、如果默认本党组织具有全国转接权限，则显示“全国范围内转接……”，默认选中具备且不可编辑。
    assert page(jin, "A1")[1] is True
    assert "scope" in page(jin, "A1")[3]
    # 情况2、如果默认本党组织具有全省转接权限，则……全国……不具备；……“全省范围内……”，默认选中具备且不可编辑。
    assert page(forestry, "PD1-C")[:3] == (True, False, True)
    assert "scope" in page(forestry, "PD1-C")[3]
    # 情况3、所有党组织均可编辑“直属下一级党组织之间直接转接党员组织关系权限”
    assert "auto_approve_children" not in page(hua, "A1-T1")[3]
    hua.patch("/organisations/A1-T1/permissions", {"auto_approve_children": False})
    assert hua.route("A1-T1-B1", "A1-T1-B2") == "A1-T1-B1[S] > A1-T1 > A1-T1-B2[R]"
    # 点击下级党组织……情况3、其中，“转接党员组织关系权限”可编辑。
    hua.patch("/organisations/A1-T1-G/permissions", {"can_transfer": True})
    assert hua.route("A1-T1-G-B1", "A1-T1-B1") == "A1-T1-G-B1[S] > A1-T1-G > A1-T1 > A1-T1-B1[R]"
    # 情况4、……如果当前登录党组织为地方党组织，组织结构树展示的是当前党组织及下一级党组织
    with refused("E_ORG_OUT_OF_SCOPE"):
        jin.get("/organisations/A1-T1-B1/permissions")


# 单人转出申请


def test_the_member_is_looked_up_by_name_and_number(shandong: System) -> None:
    wang = shandong.person("王样例")
    # 需要输入党员的姓名和身份证号，并选择“省内转接”或“转到省外”，点击“确定”。
    with refused("E_MEMBER_NOT_FOUND"):
        wang.starts("孔样例", "A1-T1-B2")
    # 如果党员非本党组织下属党员，则提示如下
    with refused("E_NOT_SUBORDINATE") as told:
        wang.starts("赵样例", "A1-T2-B1")
    assert told.value.body["message_zh"].startswith("该党员不是本党组织下属党员")
    # 如果党员已经有在转接流程中的申请单，提示如下：
    wang.starts("张样例", "A1-T1-B2")
    with refused("E_TRANSFER_IN_PROGRESS") as told:
        wang.starts("张样例", "A1-T1-B2")
    assert told.value.body["message_zh"].startswith("该党员已有转接流程尚未结束，不允许重复提交")
    # 如果党员为历史党员（已转出、已故、出党等情况）、停止党籍党员，提示如下：
    for name, code in (("郑样例", "E_MEMBER_HISTORICAL"), ("钱样例", "E_MEMBER_SUSPENDED")):
        with refused(code):
            wang.starts(name, "A1-T1-B2")


def test_the_data_of_the_member(shandong: System) -> None:
    wang = shandong.person("王样例")
    # 将用户的性别、年龄、政治面貌、民族自动带出，除年龄外其他不可编辑，
    known = wang.drafts("张样例")
    assert [known[name] for name in ("sex", "kind", "ethnicity")] == ["MALE", "FULL", "汉族"]
    assert int(known["age"]) == 40
    for field, other in (("sex", "FEMALE"), ("kind", "PROBATIONARY"), ("ethnicity", "回族")):
        with refused("E_FIELD_READONLY", field):
            wang.starts("张样例", "A1-T1-B2", **{field: other})
    # 党费缴纳截止日期只能填写近三个月，联系方式需要按照手机号或固话的格式填写。
    with refused("E_DUES_TOO_OLD", "dues_paid_to"):
        wang.starts("张样例", "A1-T1-B2", dues_paid_to="2024-12")
    with refused("E_PHONE_FORMAT", "contact"):
        wang.starts("张样例", "A1-T1-B2", contact="12345")
    seen = wang.starts("张样例", "A1-T1-B2", age=39, contact="0530-7654321")
    written = wang.letter(seen.letters[0]["id"])["snapshot"]
    assert [written[name] for name in ("sex", "age", "kind", "ethnicity")] == ["MALE", 39, "FULL", "汉族"]


def test_the_letter_of_the_application(shandong: System) -> None:
    wang = shandong.person("王样例")
    # 转出党组织和发信党组织自动填写，转出党组织为当前党员所在党支部，发件人为当前登录管理员的党组织。
    for field in ("origin", "issuer"):
        with refused("E_FIELD_READONLY", field):
            wang.starts("张样例", "A1-T1-B2", **{field: "中共别处支部委员会"})
    # 如果该党组织为当前转出党员所在支部的上级党组织，则提示不能选择转出党员的上级党组织；
    with refused("E_TARGET_IS_SUPERIOR", "target"):
        wang.starts("张样例", "A1")
    # 转往省外的情况，接收党组织为输入框，可手动输入党组织名称。
    with refused("E_TARGET_MUST_BE_TEXT", "target"):
        wang.starts("张样例", outside("A2-T1-B1"))
    # 转出时间默认为当前操作时间，不可编辑，
    with refused("E_FIELD_READONLY", "application_date"):
        wang.starts("张样例", "A1-T1-B2", application_date="2025-03-01")
    # 有效期分为7天、10天、15天、30天、90天，默认为15天，可编辑。
    with refused("E_VALIDITY_NOT_ALLOWED", "validity_days"):
        wang.starts("张样例", "A1-T1-B2", validity_days=60)
    # 转出原因可手工填写，可为空。
    seen = wang.starts("张样例", "A1-T2-B1", reason="")
    written = wang.letter(seen.letters[0]["id"])["snapshot"]
    assert (written["from"], written["issuer"]) == ("柳溪村党支部", "柳溪村党支部")
    # 收信党组织为介绍信流转的下一接收党组织，
    assert (written["addressee"], written["to"]) == ("柳溪镇党委", "白塔村党支部")
    assert (written["issued_on"], written["validity_days"]) == ("2025-03-10", 15)


@pytest.mark.parametrize(
    ("branch", "target", "out_type"),
    [
        # 转往本省其他市党组织、转本省直属的其他单位党组织、转往本市其他县(市、区)党组织、转往本市直属的其他单位党组织、
        ("A1-T1-B1", "B1-S1-B1", "OTHER_CITY"),
        ("A1-T1-B1", "PD1-C-B1", "PROVINCE_DIRECT_UNIT"),
        ("A1-T1-B1", "A2-T1-B1", "OTHER_COUNTY_SAME_CITY"),
        ("A1-T1-B1", "CA-D-C-B1", "CITY_DIRECT_UNIT"),
        # 转往本县(市、区)其他乡镇（街道）党组织、转往本县(市、区)直属的其他单位党组织、
        ("A1-T1-B1", "A1-T2-B1", "OTHER_TOWNSHIP_SAME_COUNTY"),
        ("A1-T1-B1", "A1-D-B1", "COUNTY_DIRECT_UNIT"),
        # 转往本系统内的其他党组织、转往本乡镇（街道）直属的其他单位党组织、
        ("U-G1-B1", "U-G1-B2", "SAME_SYSTEM"),
        ("A1-T1-B1", "A1-T1-B2", "TOWNSHIP_DIRECT_UNIT"),
        # 转往外省(区、市)、转往军队、转往武警部队、转往国（境）外。
        ("A1-T1-B1", AWAY, "OTHER_PROVINCE"),
        ("A1-T1-B1", outside("某部政治部", kind="MILITARY"), "MILITARY"),
        ("A1-T1-B1", outside("某支队政治处", kind="ARMED_POLICE"), "ARMED_POLICE"),
        ("A1-T1-B1", outside("驻外样例党委", kind="ABROAD"), "ABROAD"),
    ],
)
def test_the_type_follows_from_both_organisations(
    shandong: System, branch: str, target: str | dict[str, object], out_type: str
) -> None:
    # 省内转接的情况，根据转出党组织、接收党组织判定转出类型……转出类型为下拉列表，包含转出类型：
    member = shandong.newcomer("甲样例", branch)
    assert shandong.admin(branch).starts(member, target).out_type == out_type
    other = shandong.newcomer("乙样例", branch)
    with refused("E_OUT_TYPE_MISMATCH", "out_type"):
        wrong = "OTHER_CITY" if out_type != "OTHER_CITY" else "CITY_DIRECT_UNIT"
        shandong.admin(branch).starts(other, target, out_type=wrong)


@pytest.mark.parametrize(
    ("field", "wrong", "code"),
    [
        # 转出党支部所在基层党委、联系电话、传真、邮编、通讯地址等信息……不可空。联系人不可空。
        ("committee_contact", "", "E_REQUIRED_FIELD"),
        # 联系电话、传真需按照固话或手机号的格式填写，不可空；邮编不可空。
        ("committee_telephone", "", "E_REQUIRED_FIELD"),
        ("committee_telephone", "123", "E_PHONE_FORMAT"),
        ("committee_fax", "123", "E_PHONE_FORMAT"),
        ("committee_postcode", "", "E_REQUIRED_FIELD"),
        # 通讯地址手工编辑。
        ("committee_address", "", "E_REQUIRED_FIELD"),
    ],
)
def test_the_data_of_the_committee(shandong: System, field: str, wrong: str, code: str) -> None:
    with refused(code, field):
        shandong.person("王样例").starts("张样例", "A1-T1-B2", **{field: wrong})


def test_sending_asks_once_more(shandong: System) -> None:
    # 点击发送，弹出对话框。点击“确定”，则创建该条转出申请，生成介绍信。（点击“取消”，什么也不发送）
    wang = shandong.person("王样例")
    seen = wang.starts("张样例", "A2-T1-B1", attestation=None)
    assert (seen.state, seen.numbers, shandong.person("华样例").todo()) == ("IN_PROGRESS", ["20250300001"], ["张样例"])
