"""Where the profile asks for it, nothing is sent before the box is ticked, and the server holds to it too (R-091)."""

import pytest
from playwright.sync_api import expect

from tests.browser.visitors import Visitor
from tests.use_cases.walker import Played


@pytest.mark.requirement("R-091")
def test_start_and_approval_wait_for_their_boxes(page, serve, password):
    served = serve("national")
    national = Visitor(page, served.base)
    national.log_in("adm-GU-1", password).open("/apply/members")
    page.get_by_role("link", name="为 张样例 申请").first.click()
    national.choose_organisation("目标党组织", "石桥村", "RC1-T-B1")
    page.get_by_label("党费交至").select_option(index=1)
    fill_what_is_asked(national)
    page.get_by_role("button", name="预览路径").click()
    submit = page.get_by_role("button", name="确认提交")
    expect(submit).to_be_disabled()
    page.get_by_label("已与本人及档案核对").check()
    submit.click()
    national.sees("已办理：提交")
    number = int(page.url.partition("?")[0].rpartition("/")[2])
    with served.app.app_context():
        holder = Played(served.world, number, served.world.people["GU-1-B1"]).transfer.hop.code
    national.log_in(f"adm-{holder}", password).open(f"/transfers/{number}")
    send = national.decision.locator("[data-send]")
    expect(send).to_be_disabled()
    national.decision.locator("form").evaluate("form => form.submit()")
    expect(page.get_by_role("alert")).to_contain_text("E_ATTESTATION_REQUIRED")
    national.decision.get_by_role("checkbox").check()
    send.click()
    national.sees("已办理")


def fill_what_is_asked(visitor: Visitor) -> None:
    """Fill in the block of the committee."""
    texts = {"committee_contact": "样例联系人", "committee_telephone": "0530-1234567", "committee_fax": "0530-1234568",
             "committee_postcode": "250000", "committee_address": "样例路1号", "reason": "工作调动"}  # fmt: skip
    for name, text in texts.items():
        field = visitor.page.locator(f"#field-{name}")
        if field.is_visible():
            field.fill(text)
