"""Choosing whom to transfer: from a list, several at once, or by name and number (R-053–R-055, R-057, R-080)."""

import pytest
from playwright.sync_api import expect

from service.storage.db import reading
from service.storage.members import members
from tests.browser.visitors import Visitor
from tests.reference.seeding import VAULT
from tests.use_cases.walker import submit


@pytest.fixture
def college(page, serve, password):
    """The administrator of a college, on the list to choose from."""
    served = serve("national")
    with served.app.app_context():
        for name in ("朱样例", "秦样例"):
            served.world.newcomer("GU-1-B1", name=name)
        submit(served.world, "GU-1-B1", "GU-2", starter="GU-1")
    return Visitor(page, served.base).log_in("adm-GU-1", password).open("/apply/members")


@pytest.mark.requirement("R-054")
@pytest.mark.requirement("R-057")
def test_nobody_chosen_nobody_who_cannot_be(college):
    busy = college.page.get_by_role("row").filter(has_text="已有转接流程")
    expect(busy).to_have_count(1)
    expect(busy.get_by_role("checkbox")).to_have_count(0)
    expect(busy.get_by_role("link")).to_have_count(0)
    college.page.get_by_role("button", name="下一步").click()
    college.sees("E_NO_MEMBER_SELECTED")
    college.page.get_by_role("link", name="返回").click()
    college.sees("待办工作")


@pytest.mark.requirement("R-080")
@pytest.mark.requirement("R-073")
@pytest.mark.requirement("R-075")
def test_two_members_start_together(college):
    for name in ("朱样例", "秦样例"):
        college.page.get_by_label(f"选择 {name}").check()
    college.page.get_by_role("button", name="下一步").click()
    assert college.overflow() <= 0
    college.choose_organisation("目标党组织", "离退休工作", "GU-2")
    college.page.get_by_label("转接类型").select_option(label="县内直接转接")
    college.page.get_by_label("秦样例 的联系方式").fill("12")
    college.page.locator("#field-dues_paid_to").select_option(index=1)
    college.page.get_by_role("button", name="预览路径").click()
    college.sees("E_PHONE_FORMAT")
    college.page.get_by_label("秦样例 的联系方式").fill("13900000002")
    college.page.get_by_role("button", name="预览路径").click()
    expect(college.page.get_by_role("heading", name="朱样例、秦样例")).to_be_visible()
    expect(college.page.locator(".hop")).to_have_count(3)
    send = college.page.get_by_role("button", name="确认提交")
    expect(send).to_be_disabled()
    college.page.get_by_role("button", name="返回修改").click()
    expect(college.page.get_by_label("秦样例 的联系方式")).to_have_value("13900000002")
    college.page.get_by_role("button", name="预览路径").click()
    college.page.get_by_label("已与本人及档案核对").check()
    send.click()
    for name in ("朱样例", "秦样例"):
        expect(college.row(name)).to_have_count(1)


@pytest.mark.requirement("R-055")
def test_a_member_is_found_by_name_and_number(page, serve, password):
    served = serve("shandong")
    with served.app.app_context(), reading():
        number = members.by_id(served.world.people["A1-T1-B1"].member_id, VAULT).member.id_number
    branch = Visitor(page, served.base).log_in("adm-A1-T1-B1", password).open("/apply/members")
    page.get_by_text("按姓名和身份证号选择").click()
    page.get_by_label("党员姓名").fill("李样例")
    page.get_by_label("党员身份证号").fill(number)
    page.get_by_role("button", name="确定").click()
    branch.sees("E_ID_MISMATCH")
    page.get_by_label("党员姓名").fill("张样例")
    page.get_by_role("button", name="确定").click()
    expect(page.get_by_label("目标党组织")).to_be_visible()
    expect(page.get_by_label("转出方基层党委")).to_have_value("柳溪镇党委")
    assert number not in page.url
    # Shandong derives the variety, and letters take their heading from the organisation.
    expect(page.locator("#field-letter_heading")).to_have_count(0)
    expect(page.locator("#field-application_date")).to_have_count(0)


@pytest.mark.requirement("R-081")
def test_where_members_do_not_follow_their_transfers(page, serve, password):
    served = serve("shandong")
    with served.app.app_context(), reading():
        number = members.by_id(served.world.people["A1-T1-B1"].member_id, VAULT).member.id_number
    zhang = Visitor(page, served.base).log_in(number, password)
    zhang.sees("我的账号")
    expect(page.get_by_role("link", name="我的申请")).to_have_count(0)
    zhang.open("/lists/own").sees("E_FORBIDDEN")
