"""The story the service exists for, played on the demonstration by people at browsers."""

import pytest
from playwright.sync_api import expect

from service.storage.accounts import accounts
from service.storage.db import reading
from service.storage.members import members
from service.use_cases.accounts.log_in import login_index
from service.use_cases.demo.logins import AWAY_BRANCH, HOME_BRANCH
from service.web.deployed import deployed
from tests.browser.conftest import Demonstration
from tests.browser.visitors import Visitor

REASON = "已在白沙社区长期居住"
WHY_NOT = "介绍信抬头与接收党委名称不一致，请核对"


def enter(guest: Visitor, demonstration: Demonstration, seat: str) -> Visitor:
    login = demonstration.logins[seat]
    return guest.log_in(login.login, login.password)


def branch_of(demonstration: Demonstration, login: str) -> str | None:
    deployment = deployed(demonstration.app).deployment
    with demonstration.app.app_context(), reading():
        account = accounts.by_login(login_index(login, deployment))
        person = members.by_id(account.member_id, deployment.vault)
        return person.branch_code


def apply(guest: Visitor) -> None:
    guest.page.get_by_role("link", name="申请转接").first.click()
    guest.choose_organisation("目标党组织", "白沙社区", AWAY_BRANCH)
    guest.page.get_by_label("党费交至").select_option(index=1)
    guest.page.get_by_label("转出原因").fill(REASON)
    guest.page.get_by_role("button", name="预览路径").click()
    expect(guest.page.locator(".hop")).to_have_count(6)
    guest.page.get_by_role("button", name="确认提交").click()
    guest.sees("已办理：提交")


@pytest.mark.requirement("R-102")
def test_a_member_applies_every_hop_approves_and_he_belongs_to_the_new_branch(guest, demonstration):
    member = demonstration.logins["member"]
    name = member.title.split("，")[0]
    assert branch_of(demonstration, member.login) == HOME_BRANCH
    enter(guest, demonstration, "member")
    apply(guest)
    for seat in ("branch", "street"):
        enter(guest, demonstration, seat).open_from_list(name)
        guest.act("同意", 审批意见="同意转接")
        guest.sees("已办理：同意")

    enter(guest, demonstration, "town").open_from_list(name)
    guest.act("驳回", 理由=WHY_NOT)
    guest.sees("已办理：驳回")
    enter(guest, demonstration, "street")
    expect(guest.row(name)).to_contain_text("转出方审批")
    guest.open_from_list(name)
    guest.sees(WHY_NOT)
    guest.act("同意")

    for seat, action in (("town", "同意"), ("branch-2", "同意"), ("branch-2", "确认报到")):
        assert branch_of(demonstration, member.login) == HOME_BRANCH
        enter(guest, demonstration, seat).open_from_list(name)
        guest.act(action)
        guest.sees(f"已办理：{action}")

    assert branch_of(demonstration, member.login) == AWAY_BRANCH
    enter(guest, demonstration, "member")
    expect(guest.row(name)).to_contain_text("已办结")
    guest.open("/account").page.get_by_role("link", name="申请转接").click()
    guest.sees("白沙社区")
