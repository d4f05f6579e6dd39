"""The media university's manual (北京党建平台操作手册) from top to bottom, as far as it speaks of transfers.

Its appendix on online transfers is not in our hands: where it only says that a transfer is made, Beijing's steps are.
"""

import pytest

from tests.systems.files import photo
from tests.systems.playing import Person, System, refused
from tests.systems.seen import Seen

LETTER = {"dues_paid_to": "2018-11", "contact": "13900000001"}
IN_CITY = {"target": "XA-S1", "variety": "IN_PROVINCE"}
TO_THE_STREET = {"out_type": "OTHER_COUNTY_SAME_CITY", "target": "XA-S1"}


def passes(officer: Person, seen: Seen, approval: str, **chosen: object) -> None:
    """Approve, and save the letter of the step."""
    officer.does(approval, seen, **chosen)
    officer.does("save_letter", seen, **LETTER)


def test_part_1_two_the_system_carries_the_transfer_online(beijing_cuc: System) -> None:
    # 三、“党员 E 先锋”系统的主要功能是由系统管理员完成党员的党组织关系线上转接……，管理员权限需要由上级党组织授权。
    assert beijing_cuc.admin("XU-C1-B1").starts("罗样例", IN_CITY).state == "IN_PROGRESS"
    with refused("E_FORBIDDEN"):
        beijing_cuc.person("何样例").starts("吕样例", IN_CITY)


@pytest.mark.requirement("R-024")
def test_part_3_two_who_may_switch_roles_acts_in_each(beijing_cuc: System) -> None:
    # （二）5、……党员可以通过[角色切换]，切换成为其他支部管理员或党员角色。
    as_member, as_officer = beijing_cuc.member("施样例"), beijing_cuc.person("施样例")
    with refused("E_FORBIDDEN"):
        as_member.starts("吕样例", IN_CITY)
    seen = as_officer.starts("吕样例", IN_CITY)
    assert (as_officer.todo(), as_member.todo()) == (["吕样例"], [])
    passes(as_officer, seen, "approve")
    assert seen.at == "XU-C1"


@pytest.mark.requirement("R-229")
def test_part_4_one_5_who_has_left_on_paper_leaves_online(beijing_cuc: System) -> None:
    # 一（一）5、如党组织关系已由线下转出，但信息还在支部内的党员，请系统管理员尽快完成党组织关系线上转接。
    # 同二（二）3、三4：……需要系统管理员完成线上转接流程后才能进行操作。
    seen = beijing_cuc.admin("XU-C1-B1").starts("罗样例", IN_CITY)
    assert seen.route == "applicant[A] > XU-C1-B1 > XU-C1 > XA-S1[R]"
    passes(beijing_cuc.admin("XU-C1-B1"), seen, "approve")
    passes(beijing_cuc.person("严样例"), seen, "approve_in_city", **TO_THE_STREET)
    assert beijing_cuc.branch_of("罗样例") == "XU-C1-B1"
    beijing_cuc.admin("XA-S1").does("receive", seen, branch="XA-S1-B1", transfer_in_date=beijing_cuc.today)
    assert (seen.state, beijing_cuc.branch_of("罗样例")) == ("COMPLETED", "XA-S1-B1")


@pytest.mark.requirement("R-044")
def test_part_5_one_3_who_comes_from_another_system_comes_by_transfer(beijing_cuc: System) -> None:
    # 一（三）由其他系统转入“北京党建平台”系统的党员，需要通过党组织关系线上转接的方式将信息录入系统。
    college = beijing_cuc.person("严样例")
    with refused("E_START_NOT_ALLOWED"):
        beijing_cuc.person("施样例").brings_in("孔样例", "XU-C1")
    seen = college.brings_in("孔样例", "XU-C1", attachments=[photo(college)], receipt_heading="中共样例县委组织部")
    assert seen.route == "XU-C1[S] > XU-C1[R]"
    college.does("receive", seen, branch="XU-C1-B3", transfer_in_date=beijing_cuc.today)
    assert (seen.state, beijing_cuc.branch_of("孔样例")) == ("COMPLETED", "XU-C1-B3")


def test_part_6_transfers_are_made_online(beijing_cuc: System) -> None:
    # 第六部分 ……在组织关系转接时必须进行线上转接操作: a member who moves inside his college, from click to new branch.
    luo = beijing_cuc.person("罗样例")
    seen = luo.applies({"target": "XU-C1-B2", "variety": "INTERNAL"})
    assert seen.route == "applicant[A] > XU-C1-B1 > XU-C1 > XU-C1-B2[R]"
    passes(beijing_cuc.admin("XU-C1-B1"), seen, "approve")
    passes(beijing_cuc.person("严样例"), seen, "approve")
    beijing_cuc.person("施样例").does("receive", seen, transfer_in_date=beijing_cuc.today)
    assert (seen.state, beijing_cuc.branch_of("罗样例")) == ("COMPLETED", "XU-C1-B2")
    assert [line["id"] for line in luo.lines("own")] == [seen.id]
