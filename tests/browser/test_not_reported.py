"""Looking for somebody who was received and has not reported in."""

import pytest
from playwright.sync_api import expect

from tests.browser.visitors import Visitor
from tests.use_cases.walker import submit


@pytest.mark.requirement("R-124")
def test_a_received_member_is_found_by_exact_name_and_the_address_holds_no_number(page, serve, password):
    served = serve("national")
    with served.app.app_context():
        submit(served.world, "GU-1-B1", "GU-2-B1", starter="GU-1").forward()
    visitor = Visitor(page, served.base).log_in("adm-GU-2", password).open("/lists/not_reported")
    found = page.get_by_role("link", name="张样例", exact=True)
    for name, number in (("张样例", 1), ("张", 0)):
        page.get_by_label("姓名").fill(name)
        page.get_by_label("身份证号").fill("")
        page.get_by_role("button", name="查询").click()
        expect(found).to_have_count(number)
    page.get_by_label("姓名").fill("")
    page.get_by_label("身份证号").fill("379901198501010017")
    page.get_by_role("button", name="查询").click()
    visitor.sees("这里没有转接")
    assert page.url == f"{served.base}/lists/not_reported"
