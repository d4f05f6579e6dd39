"""A person comes in from outside: registered by whoever the profile allows to."""

import pytest
from playwright.sync_api import expect

from tests.reference.seeding import id_number


@pytest.mark.requirement("R-142")
def test_a_county_registers_a_person_from_outside(visitor, password):
    visitor.log_in("adm-A1", password).page.get_by_role("link", name="转入登记").first.click()
    send = visitor.page.get_by_role("button", name="登记并发起")
    send.click()
    for label in ("身份证号", "姓名", "目标党组织"):
        expect(visitor.page.get_by_label(label, exact=True)).to_have_attribute("aria-invalid", "true")
    for label, text in (("身份证号", id_number(7, region="429901")), ("姓名", "孔样例"), ("民族", "汉族")):
        visitor.page.get_by_label(label, exact=True).fill(text)
    for label, choice in (("性别", "男"), ("党员类别", "正式党员")):
        visitor.page.get_by_label(label).select_option(label=choice)
    visitor.page.get_by_label("接收类型").select_option(index=1)
    visitor.page.get_by_label("党费交至").select_option(index=1)
    visitor.page.get_by_label("转出党组织").fill("中共样例市委组织部")
    visitor.choose_organisation("目标党组织", "柳溪村", "A1-T1-B1")
    send.click()
    visitor.sees("已办理：提交")
    visitor.sees("孔样例")


def test_who_may_not_register_anybody_is_not_offered_the_form(visitor, password):
    visitor.log_in("adm-A1-T1", password)
    expect(visitor.page.get_by_role("link", name="转入登记")).to_have_count(0)
    visitor.open("/incoming").sees("E_START_NOT_ALLOWED")
