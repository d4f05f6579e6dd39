"""The door: who may come in, what is said to others, and what stays with a browser."""

import pytest
from playwright.sync_api import expect

from service.domain.accounts.roles import Role
from service.storage.db import transaction
from service.use_cases.accounts.open_account import grant_role
from tests.use_cases.walker import submit


@pytest.mark.requirement("R-021")
def test_a_wrong_password_is_told_in_a_sentence_and_is_not_repeated(visitor):
    visitor.log_in("adm-A1", "一二三四五六")
    expect(visitor.page.get_by_role("alert")).to_contain_text("用户名或密码错误")
    expect(visitor.page.get_by_label("身份证号或用户名")).to_have_value("adm-A1")
    expect(visitor.page.get_by_label("密码")).to_have_value("")


def test_who_is_not_logged_in_is_asked_to_and_then_led_on(visitor, password):
    visitor.open("/account")
    assert "/log-in?next=%2Faccount" in visitor.page.url
    visitor.page.get_by_label("身份证号或用户名").fill("adm-A1")
    visitor.page.get_by_label("密码").fill(password)
    visitor.page.get_by_role("main").get_by_role("button", name="登录").click()
    expect(visitor.page).to_have_url(f"{visitor.base}/account")


@pytest.mark.parametrize("address", ["//127.0.0.2/", "/\\127.0.0.2/", "https://127.0.0.2/"])
def test_nobody_is_led_to_another_site(visitor, password, address):
    visitor.open(f"/log-in?next={address}")
    visitor.page.get_by_label("身份证号或用户名").fill("adm-A1")
    visitor.page.get_by_label("密码").fill(password)
    visitor.page.get_by_role("main").get_by_role("button", name="登录").click()
    expect(visitor.page).to_have_url(f"{visitor.base}/lists/todo")


def test_after_logging_out_the_pages_are_closed(visitor, password):
    visitor.log_in("adm-A1", password)
    visitor.page.get_by_role("button", name="退出").click()
    expect(visitor.page).to_have_url(f"{visitor.base}/log-in")
    visitor.open("/lists/todo")
    assert "/log-in" in visitor.page.url


def test_a_form_without_the_token_of_the_session_is_refused(visitor, password):
    visitor.log_in("adm-A1", password)
    visitor.page.locator("form[action='/log-out'] [name=csrf]").evaluate("field => { field.value = 'forged' }")
    visitor.page.get_by_role("button", name="退出").click()
    visitor.sees("E_CSRF")
    visitor.open("/account").sees("我的角色")


def test_language_and_size_of_type_are_remembered(visitor, password):
    visitor.log_in("adm-A1", password)
    visitor.page.get_by_role("button", name="大字版").click()
    visitor.page.get_by_role("button", name="English").click()
    visitor.open("/account")
    assert visitor.page.evaluate("getComputedStyle(document.documentElement).fontSize") == "18px"
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("My account")
    expect(visitor.page.locator("html")).to_have_attribute("lang", "en")


@pytest.mark.requirement("R-024")
def test_a_person_acts_in_the_role_he_chooses(visitor, served, password):
    admin = served.world.admins["A1"]
    with served.app.app_context(), transaction():
        grant_role(admin.account_id, Role.COMMITTEE_ADMIN, org_id=served.world.chains["A1-T1"][0].id, is_default=False)
    visitor.log_in("adm-A1", password)
    visitor.page.locator("details.menu > summary").click()
    visitor.page.get_by_role("button", name="柳溪镇党委").click()
    expect(visitor.page.locator("details.menu > summary")).to_contain_text("柳溪镇党委")


def _lose_the_session(visitor, button):
    visitor.page.context.clear_cookies()
    visitor.page.get_by_role("main").get_by_role("button", name=button).click()
    visitor.sees("刚才填写的内容没有提交")


def _log_in_again(visitor, login, password):
    visitor.page.get_by_label("身份证号或用户名").fill(login)
    visitor.page.get_by_label("密码").fill(password)
    visitor.page.get_by_role("main").get_by_role("button", name="登录").click()
    expect(visitor.page.locator("meta[name=account]")).to_have_count(1)


def _stored(visitor):
    return visitor.page.evaluate("sessionStorage.getItem('zhuanjie-draft')")


def test_who_was_logged_out_while_writing_is_told_so_and_finds_his_text_in_the_form(visitor, password):
    visitor.log_in("adm-A1-T1", password).open("/organisations/A1-T1-B1/edit")
    page = visitor.page
    page.get_by_label("联系人").fill("新联系人")
    page.get_by_label("组织类别").select_option("631")
    _lose_the_session(visitor, "保存")
    visitor.sees("暂存在此浏览器标签页中")
    _log_in_again(visitor, "adm-A1-T1", password)
    expect(page).to_have_url(f"{visitor.base}/organisations/A1-T1-B1/edit")
    visitor.sees("已恢复上次登录结束时填写的内容")
    expect(page.get_by_label("联系人")).to_have_value("新联系人")
    expect(page.get_by_label("组织类别")).to_have_value("631")
    assert _stored(visitor) is None
    page.reload()
    expect(page.get_by_label("联系人")).to_have_value("样例联系人")


def test_nobody_else_finds_it_and_no_number_password_or_code_is_kept(visitor, served, password):
    visitor.log_in("adm-A1-T1", password).open("/organisations/A1-T1-B1/accounts")
    page = visitor.page
    page.get_by_label("登录名").fill("37990119850101001x")
    page.get_by_label("显示名称").fill("柳溪虚拟")
    _lose_the_session(visitor, "开通")
    assert ("柳溪虚拟" in _stored(visitor), "37990119850101001" in _stored(visitor)) == (True, False)
    _log_in_again(visitor, "adm-A1-T1", password)
    visitor.sees("已恢复")
    expect(page.get_by_label("显示名称")).to_have_value("柳溪虚拟")
    expect(page.get_by_label("登录名")).to_have_value("")
    page.get_by_label("登录名").fill("v-1")
    _lose_the_session(visitor, "开通")
    _log_in_again(visitor, "adm-A1", password)
    assert _stored(visitor) is None
    visitor.log_in("adm-A1", password).open("/account/password")
    for field in page.locator("input[type=password]").all():
        field.fill("geheim-und-lang")
    _lose_the_session(visitor, "保存")
    assert "geheim" not in (_stored(visitor) or "")


def test_a_decision_that_was_being_written_comes_back_with_its_tab(visitor, served, password):
    with served.app.app_context():
        transfer = submit(served.world, "A1-T1-B1", "B1-S1-B1").forward().id
    visitor.log_in("adm-A1-T1", password).open(f"/transfers/{transfer}?do=reject")
    visitor.decision.get_by_label("理由").fill("材料不全")
    visitor.page.context.clear_cookies()
    visitor.decision.locator("[data-send]").click()
    _log_in_again(visitor, "adm-A1-T1", password)
    visitor.sees("已恢复")
    expect(visitor.decision.get_by_label("理由")).to_have_value("材料不全")


def test_what_was_sent_or_left_by_logging_out_is_not_kept(visitor, password):
    visitor.log_in("adm-A1-T1", password).open("/organisations/A1-T1-B1/edit")
    visitor.page.get_by_label("联系人").fill("样例联系人")
    visitor.page.get_by_role("button", name="保存").click()
    expect(visitor.page.get_by_role("alert")).to_contain_text("E_")
    assert _stored(visitor) is None
    visitor.page.get_by_role("button", name="退出").click()
    visitor.sees("立即激活")
    assert _stored(visitor) is None
