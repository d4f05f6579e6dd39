"""What happens when a decision cannot be taken as it was sent."""

import pytest
from playwright.sync_api import expect

from service.domain.accounts.roles import Role
from service.domain.transfers.actions import Action
from service.storage.db import transaction
from service.use_cases.accounts.open_account import grant_role, open_account
from tests.browser.visitors import Visitor
from tests.use_cases.walker import Played, submit


@pytest.fixture
def transfer(served):
    """A transfer that waits for the town committee of the losing side."""
    with served.app.app_context():
        return submit(served.world, "A1-T1-B1", "B1-S1-B1").forward().id


@pytest.mark.requirement("R-102")
def test_a_missing_reason_is_named_at_its_field_and_nothing_entered_is_lost(visitor, transfer, password):
    visitor.log_in("adm-A1-T1", password).open(f"/transfers/{transfer}")
    visitor.act("驳回")
    expect(visitor.page.get_by_role("alert")).to_contain_text("E_REASON_REQUIRED")
    reason = visitor.decision.get_by_label("理由")
    expect(reason).to_have_attribute("aria-invalid", "true")
    reason.fill("请补充材料")
    visitor.decision.get_by_role("button", name="驳回").click()
    visitor.sees("已办理：驳回")


def test_who_gets_it_back_reads_the_reason_before_anything_else(visitor, served, transfer, password):
    visitor.log_in("adm-A1-T1", password).open(f"/transfers/{transfer}")
    visitor.act("驳回", 理由="党费没有交清")
    visitor.sees("已办理：驳回")
    visitor.log_in("adm-A1-T1-B1", password).open(f"/transfers/{transfer}")
    expect(visitor.page.locator("#sent-back")).to_contain_text("退回理由 党费没有交清")
    visitor.act("同意")
    visitor.sees("已办理：同意")
    expect(visitor.page.locator("#sent-back")).to_have_count(0)


def test_the_list_of_what_one_began_says_where_it_is_his_turn_again(visitor, served, password):
    with served.app.app_context():
        for sent_back in (False, True):
            played = submit(served.world, "A1-T1-B1", "B1-S1-B1", starter="A1-T1-B1")
            if sent_back:
                played.act(Action.REJECT, reason="请补充材料")
    page = visitor.log_in("adm-A1-T1-B1", password).open("/lists/own").page
    links = page.get_by_role("link", name="的转接")
    expect(links.filter(has_text="办理")).to_have_count(1)
    expect(links.filter(has_text="查看")).to_have_count(1)


def test_who_comes_second_is_told_who_was_first(visitor, served, transfer, password):
    with served.app.app_context(), transaction():
        town, parts = served.world.chains["A1-T1"][0], served.world.deployment
        second = open_account("second", name="第二位管理员", password=password, deployment=parts)
        grant_role(second, Role.COMMITTEE_ADMIN, org_id=town.id)
    visitor.log_in("second", password).open(f"/transfers/{transfer}")
    with served.app.app_context():
        Played(served.world, transfer, served.world.people["A1-T1-B1"]).forward()
    visitor.act("同意", 审批意见="同意转接")
    alert = visitor.page.get_by_role("alert")
    expect(alert).to_contain_text("E_ALREADY_DECIDED")
    expect(alert).to_contain_text("管理员A1-T1")


def test_an_action_that_is_gone_is_not_opened(visitor, served, transfer, password):
    visitor.log_in("adm-A1-T1", password).open(f"/transfers/{transfer}")
    with served.app.app_context():
        played = Played(served.world, transfer, served.world.people["A1-T1-B1"]).forward()
        played.forward()
    visitor.offered("驳回").click()
    visitor.sees("到达 望江社区党支部")
    expect(visitor.decision).to_have_count(0)


def test_the_same_form_sent_twice_is_one_decision(visitor, transfer, password):
    visitor.log_in("adm-A1-T1", password).open(f"/transfers/{transfer}")
    form = {
        name: visitor.decision.locator(f"[name={name}]").input_value()
        for name in ("csrf", "version", "key", "decision")
    }
    for _ in range(2):
        answer = visitor.page.request.post(f"{visitor.base}/transfers/{transfer}", form=form, max_redirects=0)
        assert answer.status == 303
    visitor.open(f"/transfers/{transfer}")
    expect(visitor.page.locator(".timeline > li").filter(has_text="柳溪镇党委")).to_have_count(1)


@pytest.mark.requirement("R-039")
def test_the_transfer_of_others_is_not_found(visitor, transfer, password):
    visitor.log_in("adm-CA-D", password).open(f"/transfers/{transfer}")
    visitor.sees("E_NOT_FOUND")


def test_a_decision_is_taken_without_scripts(chromium, served, transfer, password):
    context = chromium.new_context(java_script_enabled=False, locale="zh-CN")
    visitor = Visitor(context.new_page(), served.base)
    visitor.log_in("adm-A1-T1", password).open(f"/transfers/{transfer}")
    visitor.act("驳回", 理由="请补充材料")
    visitor.sees("已办理：驳回")
    context.close()
