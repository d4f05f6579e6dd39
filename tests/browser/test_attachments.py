"""Files on the page of a transfer: the receipt is uploaded there before the report-in outside is confirmed (R-133, R-197)."""

import pytest
from playwright.sync_api import expect

from tests.uploads import papers
from tests.use_cases.walker import submit


@pytest.fixture
def outside(served):
    """A transfer outside that waits for the county's confirmation."""
    with served.app.app_context():
        return submit(served.world, "A2-T1-B1", "").forward().forward().forward().id


def choose(visitor, name, body):
    visitor.page.get_by_label("选择文件").set_input_files(
        [{"name": name, "mimeType": "application/octet-stream", "buffer": body}]
    )
    visitor.page.locator("#attachments").get_by_role("button", name="上传附件").click()


@pytest.mark.scenario("S-39")
@pytest.mark.requirement("R-133")
def test_s_39_the_receipt_is_uploaded_on_the_page_and_then_confirmed(visitor, outside, password):
    visitor.log_in("adm-A2", password).open(f"/transfers/{outside}")
    visitor.act("确认报到（转出）")
    visitor.sees("请先上传介绍信回执联附件")
    visitor.open(f"/transfers/{outside}")
    choose(visitor, "回执.exe", b"MZ")
    visitor.sees("附件格式不支持")
    visitor.open(f"/transfers/{outside}")
    choose(visitor, "回执.jpg", papers.image("jpg"))
    visitor.sees("回执.jpg")
    visitor.act("确认报到（转出）")
    visitor.sees("已办结")
    expect(visitor.page.get_by_role("button", name="删除 回执.jpg")).to_have_count(0)


@pytest.mark.requirement("R-197")
def test_a_file_is_removed_while_the_step_is_open_and_hidden_from_others(visitor, outside, password):
    visitor.log_in("adm-A2", password).open(f"/transfers/{outside}")
    choose(visitor, "错.pdf", papers.pdf())
    visitor.page.get_by_role("button", name="删除 错.pdf").click()
    expect(visitor.page.get_by_text("错.pdf")).to_have_count(0)
    choose(visitor, "对.pdf", papers.pdf())
    visitor.sees("对.pdf")
    visitor.log_in("adm-A2-T1", password).open(f"/transfers/{outside}").sees("对.pdf")
    expect(visitor.page.get_by_label("选择文件")).to_have_count(0)
    visitor.log_in("adm-CA", password).open(f"/transfers/{outside}")
    expect(visitor.page.locator("#attachments")).to_have_count(0)


@pytest.mark.requirement("R-128")
def test_where_nobody_is_retrieved_the_page_says_so(visitor, password):
    visitor.log_in("adm-A2-T1-B1", password)
    expect(visitor.page.get_by_role("link", name="找回党员")).to_have_count(0)
    visitor.open("/retrievals").sees("E_ACTION_NOT_ALLOWED")
