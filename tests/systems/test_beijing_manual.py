"""Beijing's manual (党员支持服务系统操作详细流程) from top to bottom: each click of it is a call, under its paragraph."""

import pytest

from tests.systems.playing import RECEIPT, Person, System, outside, refused
from tests.systems.seen import Seen

LETTER = {"dues_paid_to": "2017-06", "contact": "13900000001"}
AWAY = outside("中共样例市委组织部", variety="OUT_OF_PROVINCE")
IN_CITY = {"target": "XA-S1", "variety": "IN_PROVINCE"}
TO_THE_STREET = {"out_type": "OTHER_COUNTY_SAME_CITY", "target": "XA-S1"}


def fills_in(person: Person, **answers: object) -> Seen:
    """Submit exactly what the manual's form asks the member for."""
    return Seen(person.post("/transfers", {"answers": answers})["transfer_id"], person)


def chooses(officer: Person, name: str, id_number: str, **answers: object) -> Seen:
    """Choose a member's row, the type and the target: nothing else is asked."""
    body = {"name": name, "id_number": id_number, "answers": answers}
    return Seen(officer.post("/transfers", body)["transfer_id"], officer)


def letter_seen(officer: Person, seen: Seen) -> dict[str, object]:
    """The letter that “查看介绍信” of the tracking list opens."""
    newest = officer.sees(seen)["letters"][-1]
    shown = officer.letter(newest["id"])
    assert shown["state"] == "ISSUED"
    return dict(shown["snapshot"])


def passes(officer: Person, seen: Seen, approval: str, **chosen: object) -> None:
    """Approve, check the letter, complete it, save it."""
    officer.does(approval, seen, **chosen)
    officer.does("save_letter", seen, **LETTER)


# 党委操作流程 一、登录和申请


@pytest.mark.requirement("R-050", "R-051")
def test_1_4_who_applies(beijing: System) -> None:
    # 4.转出申请：正式党员本人可在网上发起申请，也可向所在党支部提出申请
    assert beijing.person("罗样例").applies(IN_CITY).state == "IN_PROGRESS"
    assert beijing.admin("XU-G1-B1").starts("曹样例", IN_CITY).state == "IN_PROGRESS"
    # 预备党员直接由所在党支部提出申请，党支部在系统中统一进行转接操作。
    with refused("E_PROBATIONARY_SELF_START"):
        beijing.person("吕样例").applies(IN_CITY)
    assert beijing.person("施样例").starts("吕样例", IN_CITY).state == "IN_PROGRESS"
    for code in ("XU-C1", "XU"):
        with refused("E_START_NOT_ALLOWED"):
            beijing.admin(code).starts("何样例", IN_CITY)


# 二、转出市内


@pytest.mark.requirement("R-052", "R-060", "R-067")
def test_2_1_the_member(beijing: System) -> None:
    # 点击“快速通道”中的“组织关系转接”——核实党员基本信息并填写党费交至年月（毕业生党员党费统一收至2017.06）
    he = beijing.person("何样例")
    with refused("E_DUES_GRADUATE_FIXED", "dues_paid_to"):
        fills_in(he, **IN_CITY, dues_paid_to="2017-05")
    with refused("E_REQUIRED_FIELD", "dues_paid_to"):
        fills_in(he, **IN_CITY)
    # 与目标党组织（精确到基层党委）
    with refused("E_TARGET_PRECISION", "target"):
        fills_in(he, target="XA-S1-B1", variety="IN_PROVINCE", dues_paid_to="2017-06")
    with refused("E_TARGET_PRECISION", "target"):
        fills_in(he, target="XA", variety="IN_PROVINCE", dues_paid_to="2017-06")
    # ——核实信息无误后点击“提交”。
    seen = fills_in(he, **IN_CITY, dues_paid_to="2017-06")
    assert (seen.at, beijing.person("施样例").todo()) == ("XU-C1-B2", ["何样例"])


@pytest.mark.requirement("R-053", "R-094")
def test_2_2_the_branch(beijing: System) -> None:
    # （1）支部发起：点击右上角“切换角色”，以支部管理员身份操作……选中申请调动的党员所在行，点击上方“转出”
    # ——选择转出类型“市内转接”，填写目标党组织（精确到基层党委），点击“确定”
    shi = beijing.person("施样例")
    seen = chooses(shi, "吕样例", "119901199412280329", **IN_CITY)
    assert (seen.at, shi.todo()) == ("XU-C1-B2", ["吕样例"])
    # （2）支部审批：点击“转出审批”——点击“姓名”左侧的“详情”——核实组织关系申请详情后，点击“同意”
    assert shi.sees(seen)["member_name"] == "吕样例"
    shi.does("approve", seen)
    assert (seen.at, beijing.person("严样例").todo()) == ("XU-C1-B2", [])
    # ——点击上方右侧“介绍信”，检查完善介绍信息无误后，点击“保存”
    with refused("E_REQUIRED_FIELD", "dues_paid_to"):
        shi.does("save_letter", seen)
    shi.does("save_letter", seen, **LETTER)
    # ——点击“组织转接申请跟踪”栏目新生成的“查看介绍信”，核实信息无误后退出。
    assert shi.handled() == ["吕样例"]
    assert letter_seen(shi, seen)["dues_paid_to"] == "2017-06"
    assert seen.at == "XU-C1"


@pytest.mark.requirement("R-093")
def test_2_3_the_committee(beijing: System) -> None:
    seen = beijing.person("罗样例").applies(IN_CITY)
    passes(beijing.admin("XU-C1-B1"), seen, "approve")
    # 点击“转出审批”——点击“姓名”左侧的“详情”——核实组织关系申请详情后，根据目标党组织选择“同意市内接转”
    yan = beijing.person("严样例")
    assert yan.todo() == ["罗样例"]
    with refused("E_VARIETY_MISMATCH"):
        yan.does("approve_out_of_city", seen, out_type="OTHER_PROVINCE")
    # ——根据目标党组织选择“转接类别”，并填写“目标党委”
    with refused("E_REQUIRED_FIELD", "out_type", "target"):
        yan.does("approve_in_city", seen)
    yan.does("approve_in_city", seen, **TO_THE_STREET)
    assert beijing.admin("XA-S1").todo() == []
    # ——点击上方右侧“介绍信”，检查完善介绍信息无误后，点击“保存”——点击“查看介绍信”，核实信息无误后退出。
    yan.does("save_letter", seen, **LETTER)
    assert letter_seen(yan, seen)["addressee"] == "槐树街道党工委"
    assert (seen.at, seen.out_type) == ("XA-S1", "OTHER_COUNTY_SAME_CITY")
    # The manual is silent on the receiving side: the committee assigns a branch.
    beijing.admin("XA-S1").does("receive", seen, branch="XA-S1-B1", transfer_in_date="2017-06-15")
    assert (seen.state, beijing.branch_of("罗样例")) == ("COMPLETED", "XA-S1-B1")


# 三、转出市外


def test_3_1_the_member(beijing: System) -> None:
    # 填写党费交至年月与目标党组织（具有在全国范围内接转组织关系权限的党委）——核实信息无误后点击“提交”。
    luo = beijing.person("罗样例")
    with refused("E_TARGET_MUST_BE_TEXT", "target"):
        fills_in(
            luo, target="XA-S1", variety="OUT_OF_PROVINCE", destination_kind="OTHER_PROVINCE", dues_paid_to="2017-06"
        )
    seen = fills_in(
        luo, target="中共样例市委组织部", variety="OUT_OF_PROVINCE", destination_kind="OTHER_PROVINCE", off_tree=True,
        dues_paid_to="2017-06",
    )  # fmt: skip
    assert seen.route == "applicant[A] > XU-C1-B1 > XU-C1 > XU-C1[RR]"


def test_3_2_and_3_3_branch_and_committee(beijing: System) -> None:
    # 2.（1）支部发起：……选择转出类型“转出市外”，填写目标党组织，点击“确定”
    shi, yan = beijing.person("施样例"), beijing.person("严样例")
    seen = chooses(
        shi, "吕样例", "119901199412280329", target="中共样例市委组织部", variety="OUT_OF_PROVINCE",
        destination_kind="OTHER_PROVINCE", off_tree=True,
    )  # fmt: skip
    # （2）支部审批：点击“同意”——“介绍信”——“保存”——“查看介绍信”
    passes(shi, seen, "approve")
    assert letter_seen(shi, seen)["to"] == "中共样例市委组织部"
    # 3.党委管理员：根据目标党组织选择“同意转出京外”——根据目标党组织选择“转接类别”,点击“确定”
    with refused("E_VARIETY_MISMATCH"):
        yan.does("approve_in_city", seen, **TO_THE_STREET)
    yan.does("approve_out_of_city", seen, out_type="OTHER_PROVINCE")
    assert seen.state == "IN_PROGRESS"
    # ——点击上方右侧“介绍信”，检查完善介绍信息无误后，点击“保存”——“查看介绍信”；介绍信的有效期选为90天
    yan.does("save_letter", seen, **LETTER)
    assert letter_seen(yan, seen)["validity_days"] == 90
    assert seen.state == "AWAITING_RECEIPT"


# 四、其他问题说明


@pytest.mark.requirement("R-130", "R-131")
def test_4_1_recording_the_receipt(beijing: System) -> None:
    seen = beijing.person("罗样例").applies(AWAY)
    passes(beijing.admin("XU-C1-B1"), seen, "approve")
    yan = beijing.person("严样例")
    passes(yan, seen, "approve_out_of_city", out_type="OTHER_PROVINCE")
    beijing.at("2017-07-20")
    # 在转出市外的情况下，……搜索回执党员姓名，点击姓名左侧“详情”——点击“录入回执”。
    found = next(line["id"] for line in yan.lines("inbox") if line["member_name"] == "罗样例")
    assert found == seen.id
    receipt = {"letter_no": seen.numbers[-1], "receipt_date": "2017-07-18", **RECEIPT}
    with refused("E_DATE_FUTURE", "receipt_date"):
        yan.does("record_receipt", seen, **{**receipt, "receipt_date": "2017-07-21"})
    with refused("E_DATE_ORDER", "receipt_date"):
        yan.does("record_receipt", seen, **{**receipt, "receipt_date": "2017-06-14"})
    yan.does("record_receipt", seen, **receipt)
    assert (seen.state, beijing.status_of("罗样例")) == ("COMPLETED", "HIST_TRANSFERRED_OUT")


@pytest.mark.requirement("R-081")
def test_4_2_the_member_follows_his_transfer(beijing: System) -> None:
    luo = beijing.person("罗样例")
    seen = luo.applies(IN_CITY)
    passes(beijing.admin("XU-C1-B1"), seen, "approve")
    # 在“快速通道”——“组织关系转接”栏目下，点击“详情”查看组织关系转接进展情况。
    assert [line["id"] for line in luo.lines("own")] == [seen.id]
    assert [event["action"] for event in luo.sees(seen)["events"]] == ["submit", "approve", "save_letter"]
    assert seen.at == "XU-C1"


@pytest.mark.requirement("R-153")
def test_4_3_graduates_who_stay_at_the_university(beijing: System) -> None:
    he = beijing.person("何样例")

    def variety_of(target: str, chosen: str) -> object:
        answers = {"target": target, "variety": chosen, "dues_paid_to": "2017-06"}
        return he.post("/transfers/preview", {"answers": answers})["variety"]

    # 若毕业生的毕业去向为……（本院升学），转出类别应选择为“内部调动”
    assert variety_of("XU-C1-B1", "INTERNAL") == "INTERNAL"
    with refused("E_TARGET_PRECISION"):
        variety_of("XU-C1-B1", "IN_PROVINCE")
    # ……（外院升学、本校就业），转出类别应选择为“市内接转”。
    assert variety_of("XU-C2", "IN_PROVINCE") == "IN_PROVINCE"
    with refused("E_VARIETY_MISMATCH"):
        variety_of("XU-C2-B1", "INTERNAL")
    # Work in the own college: its committee is the target, though it lies above the graduate's branch.
    assert variety_of("XU-C1", "IN_PROVINCE") == "IN_PROVINCE"
    with refused("E_TARGET_IS_SUPERIOR"):
        beijing.person("罗样例").applies({"target": "XU-C1", "variety": "IN_PROVINCE"})


# 各党总支、直属党支部操作流程 一、转出市内


@pytest.mark.requirement("R-095")
def test_general_branch_1_in_the_city(beijing: System) -> None:
    # 1.党员用户、2.党支部管理员：参照“党委操作流程”。
    seen = beijing.person("曹样例").applies(IN_CITY)
    assert seen.route == "applicant[A] > XU-G1-B1 > XU-G1 > XU > XA-S1[R]"
    passes(beijing.admin("XU-G1-B1"), seen, "approve")
    # 3.党总支管理员：参照“党委操作流程”的“党委管理员”。
    passes(beijing.admin("XU-G1"), seen, "approve_in_city", **TO_THE_STREET)
    # 4.党总支/直属党支部管理员系统审批后，……学校党委管理员审批通过后，完成组织关系系统转接流程。
    assert (seen.at, beijing.admin("XA-S1").todo()) == ("XU", [])
    with refused("E_NOT_CURRENT_HOP"):
        beijing.admin("XU-G1").does("approve_in_city", seen, **TO_THE_STREET)
    passes(beijing.admin("XU"), seen, "approve_in_city", **TO_THE_STREET)
    assert seen.at == "XA-S1"


def test_general_branch_1_4_a_directly_affiliated_branch(beijing: System) -> None:
    reader = beijing.newcomer("馆样例", "XU-DB")
    seen = beijing.admin("XU-DB").starts(reader, IN_CITY)
    assert seen.route == "applicant[A] > XU-DB > XU > XA-S1[R]"
    passes(beijing.admin("XU-DB"), seen, "approve")
    assert seen.at == "XU"
    passes(beijing.admin("XU"), seen, "approve_in_city", **TO_THE_STREET)
    assert seen.at == "XA-S1"


def test_general_branch_inside_itself(beijing: System) -> None:
    # 若……“内部调动”：inside a general branch the move turns there, without the university committee.
    seen = beijing.person("曹样例").applies({"target": "XU-G1-B2", "variety": "INTERNAL"})
    assert seen.route == "applicant[A] > XU-G1-B1 > XU-G1 > XU-G1-B2[R]"


# 二、转出市外


@pytest.mark.requirement("R-095", "R-130")
def test_general_branch_2_out_of_the_city(beijing: System) -> None:
    # 1.–3. 参照“党委操作流程”。
    seen = beijing.person("曹样例").applies(AWAY)
    assert seen.route == "applicant[A] > XU-G1-B1 > XU-G1 > XU > XU[RR]"
    passes(beijing.admin("XU-G1-B1"), seen, "approve")
    passes(beijing.admin("XU-G1"), seen, "approve_out_of_city", out_type="OTHER_PROVINCE")
    # 4.……学校党委管理员审批通过后，打印纸质版组织关系介绍信，并通知党总支管理员，完成组织关系系统转接流程。
    university = beijing.admin("XU")
    passes(university, seen, "approve_out_of_city", out_type="OTHER_PROVINCE")
    assert (seen.at, seen.state) == ("XU", "AWAITING_RECEIPT")
    assert letter_seen(university, seen)["validity_days"] == 90
    beijing.at("2017-07-20")
    university.does("record_receipt", seen, letter_no=seen.numbers[-1], receipt_date="2017-07-18", **RECEIPT)
    assert seen.state == "COMPLETED"
