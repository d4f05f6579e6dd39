"""A superior gives a role on the page, changes it and takes it back (R-025, R-029)."""

import pytest
import sqlalchemy as sa

from service.storage.accounts import accounts
from service.storage.db import execute, transaction
from tests.browser.conftest import Served
from tests.browser.visitors import Visitor


@pytest.mark.requirement("R-025")
@pytest.mark.requirement("R-029")
def test_a_role_is_given_changed_and_taken_back(visitor: Visitor, served: Served, password: str) -> None:
    person = served.world.people["A1-T1-B1"]
    with served.app.app_context(), transaction():
        row = accounts.table.c.id == person.account_id
        execute(sa.update(accounts.table).where(row).values(name="张样例", phone_index="i" * 64, phone_sealed=b"x"))
    superior = visitor.log_in("adm-A1-T1", password)
    superior.open("/organisations/A1-T1-B1/administrators").sees("授权管理员")
    page = superior.page
    page.get_by_label("姓名、身份证号或虚拟账号名").fill("张样例")
    page.get_by_role("button", name="查找").click()
    person_form = page.locator("form.permission").filter(has_text="柳溪村党支部")
    person_form.get_by_label("分工").fill("组织")
    person_form.get_by_role("button", name="授权", exact=True).click()
    superior.sees("已授权，下次登录生效")
    mine = page.locator("table.list tbody tr").filter(has_text="张样例")
    assert "组织" in mine.inner_text()
    mine.locator("summary").click()
    mine.get_by_label("有效期至").fill("2099-12-31")
    mine.get_by_role("button", name="保存").click()
    superior.sees("2099-12-31")
    mine.locator("summary").click()
    mine.get_by_role("button", name="解除授权").click()
    superior.sees("确认解除“张样例”的授权？")
    superior.sees("用此角色的登录立即结束")
    page.get_by_role("link", name="不办理，返回").click()
    mine.locator("summary").click()
    mine.get_by_role("button", name="解除授权").click()
    page.get_by_role("main").get_by_role("button", name="解除授权").click()
    superior.sees("已解除")
    assert mine.count() == 0
