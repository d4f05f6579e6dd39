"""Applying: every field at fault is named, what was entered stays, nothing is started before it is confirmed."""

import pytest
from playwright.sync_api import expect

from service.storage.db import reading
from service.storage.members import members
from tests.reference.seeding import VAULT


@pytest.fixture
def number(served):
    """The identity number of a member, by which he logs in."""
    with served.app.app_context(), reading():
        return members.by_id(served.world.people["A1-T1-B1"].member_id, VAULT).member.id_number


@pytest.mark.requirement("R-223")
def test_all_fields_at_fault_are_named_at_once(visitor, number, password):
    visitor.log_in(number, password).open("/apply")
    visitor.page.get_by_label("本人联系方式").fill("12")
    visitor.page.get_by_role("button", name="预览路径").click()
    for label in ("本人联系方式", "目标党组织", "党费交至", "转出原因"):
        expect(visitor.page.get_by_label(label)).to_have_attribute("aria-invalid", "true")
    expect(visitor.page.get_by_label("本人联系方式")).to_have_value("12")
    expect(visitor.page.get_by_label("介绍信抬头")).not_to_have_attribute("aria-invalid", "true")


@pytest.mark.requirement("R-074")
def test_nothing_is_started_before_the_route_is_confirmed(visitor, number, password):
    visitor.log_in(number, password).open("/apply")
    visitor.choose_organisation("目标党组织", "望江社区", "B1-S1-B1")
    visitor.page.get_by_label("党费交至").select_option(index=1)
    visitor.page.get_by_label("转出原因").fill("工作调动")
    visitor.page.get_by_role("button", name="预览路径").click()
    expect(visitor.page.locator(".hop")).to_have_count(6)
    visitor.page.get_by_role("button", name="返回修改").click()
    expect(visitor.page.get_by_label("转出原因")).to_have_value("工作调动")
    visitor.sees("望江社区党支部")
    visitor.open("/lists/own").sees("这里没有转接")


@pytest.mark.requirement("R-038")
def test_his_identity_number_is_masked_everywhere_but_in_the_letter(visitor, number, password):
    visitor.log_in(number, password).open("/apply")
    visitor.sees(f"{number[:6]}{'*' * 8}{number[-4:]}")
    assert number not in visitor.page.content()


@pytest.mark.requirement("R-077")
@pytest.mark.requirement("R-074")
def test_he_withdraws_corrects_and_submits_again(visitor, served, number, password):
    visitor.log_in(number, password).open("/apply")
    visitor.choose_organisation("目标党组织", "望江社区", "B1-S1-B1")
    visitor.page.get_by_label("党费交至").select_option(index=1)
    visitor.page.get_by_label("转出原因").fill("工作调动")
    visitor.page.get_by_role("button", name="预览路径").click()
    visitor.page.get_by_role("button", name="确认提交").click()
    visitor.act("撤回申请")
    visitor.sees("已办理：撤回申请")
    reason = visitor.decision.get_by_label("转出原因")
    expect(reason).to_have_value("工作调动")
    expect(visitor.decision.get_by_label("目标党组织")).to_have_value("B1-S1-B1")
    reason.fill("工作调动，已迁居")
    # Here too the route is looked at first, and back from it nothing is lost.
    visitor.decision.get_by_role("button", name="预览路径").click()
    expect(visitor.page.locator(".hop")).to_have_count(6)
    visitor.page.get_by_role("button", name="返回修改").click()
    expect(visitor.decision.get_by_label("转出原因")).to_have_value("工作调动，已迁居")
    visitor.decision.get_by_role("button", name="预览路径").click()
    visitor.page.get_by_role("button", name="确认提交").click()
    visitor.sees("已办理：提交")
    expect(visitor.page.locator(".facts")).to_contain_text("工作调动，已迁居")
