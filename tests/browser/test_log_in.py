"""The door: who may come in, what is said to others, and what stays with a browser."""

import pytest
from playwright.sync_api import expect

from service.domain.accounts.roles import Role
from service.storage.db import transaction
from service.use_cases.accounts.open_account import grant_role


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


def test_who_was_logged_out_while_writing_is_told_so_and_comes_back_to_his_form(visitor, password):
    visitor.log_in("adm-A1-T1", password).open("/organisations/A1-T1-B1/edit")
    visitor.page.context.clear_cookies()
    visitor.page.get_by_role("button", name="保存").click()
    visitor.sees("刚才填写的内容没有提交")
    visitor.page.get_by_label("身份证号或用户名").fill("adm-A1-T1")
    visitor.page.get_by_label("密码").fill(password)
    visitor.page.get_by_role("main").get_by_role("button", name="登录").click()
    expect(visitor.page).to_have_url(f"{visitor.base}/organisations/A1-T1-B1/edit")
