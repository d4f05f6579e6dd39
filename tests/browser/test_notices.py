"""A person is told at the top of each page, reads it, and it is no longer new."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from service.domain.accounts.roles import Role
from service.sending.failures import Rejected
from service.storage.db import transaction
from service.storage.messages import outbox
from service.use_cases.accounts.open_account import grant_role, open_account
from service.use_cases.outbox.channels import Channels
from service.use_cases.outbox.deliver_messages import deliver_messages
from service.use_cases.outbox.spread_notices import spread_notices
from tests.use_cases.walker import submit

LATER = datetime.now(UTC) + timedelta(days=1)


@pytest.fixture
def told(served):
    """A transfer stands before A1-T1-B1, and it was told."""
    with served.app.app_context():
        played = submit(served.world, "A1-T1-B1", "B1-S1-B1")
        spread_notices(profile=served.world.deployment.profile, channels=Channels(), now=LATER)
        return played


@pytest.mark.requirement("R-192")
def test_what_is_new_is_counted_read_and_then_no_longer_new(visitor, told, password):
    page = visitor.log_in("adm-A1-T1-B1", password).page
    badge = page.locator(".badge-count")
    before = int(badge.inner_text())
    assert before >= 1
    page.get_by_role("banner").get_by_role("link", name="通知").click()
    first = page.get_by_role("row").nth(1)
    expect(first).to_contain_text("未读")
    expect(first).to_contain_text("有新的待办")
    first.get_by_role("link", name="查看").click()
    assert page.url.endswith(f"/transfers/{told.id}")
    visitor.open("/notices")
    page.get_by_role("button", name="全部标为已读").click()
    expect(badge).to_have_count(0)
    expect(page.get_by_role("button", name="全部标为已读")).to_have_count(0)


@pytest.mark.requirement("R-194")
def test_the_operator_sends_again_what_was_given_up(visitor, served, password):
    def deliver(_):
        raise Rejected("HTTP 422 <b>")

    with served.app.app_context():
        with transaction():
            root = open_account(
                "root-of-notices", name="系统管理员", password=password, deployment=served.world.deployment
            )
            grant_role(root, Role.SYSTEM_ADMIN, org_id=None)
            outbox.add([outbox.Message("lost", "membership_left", {"transfer": 1})], now=datetime.now(UTC))
        deliver_messages(deliver=deliver, now=LATER, kinds={"membership_left"})
    page = visitor.log_in("root-of-notices", password).page
    page.get_by_role("navigation").get_by_role("link", name="消息").click()
    row = page.get_by_role("row").nth(1)
    expect(row).to_contain_text("HTTP 422 <b>")
    row.get_by_role("button", name="重新发送").click()
    visitor.sees("没有已放弃的消息")
    visitor.open("/notices")
    visitor.sees("有消息多次发送失败，已停止重试")
