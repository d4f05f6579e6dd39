"""A person comes in from outside: looked up, registered with the photo of his letter, his route seen before he is started."""

import pytest
from playwright.sync_api import expect

from tests.reference.seeding import id_number
from tests.uploads import papers
from tests.use_cases.walker import come_in

JPG = {"mimeType": "image/jpeg", "buffer": papers.image("jpg", size=(60, 40))}


def fill_in(visitor, number):
    for label, text in (("身份证号", number), ("姓名", "孔样例"), ("民族", "汉族"), ("转接理由", "工作调动")):
        visitor.page.get_by_label(label, exact=True).fill(text)
    for label, choice in (("性别", "男"), ("党员类别", "正式党员")):
        visitor.page.get_by_label(label).select_option(label=choice)
    visitor.page.get_by_label("党费交至").select_option(index=1)
    for label, text in (("市（地、州、盟）", "样例市"), ("县（市、区、旗）", "样例县"), ("党支部名称", "样例村党支部")):
        visitor.page.get_by_label(label, exact=True).fill(text)
    visitor.choose_organisation("目标党组织", "柳溪村", "A1-T1-B1")


def press(visitor, name):
    visitor.page.get_by_role("button", name=name, exact=True).last.click()


@pytest.mark.requirement("R-142")
@pytest.mark.requirement("R-143")
@pytest.mark.requirement("R-147")
def test_a_county_registers_a_person_from_outside(visitor, password):
    visitor.log_in("adm-A1", password).page.get_by_role("link", name="转入登记").first.click()
    press(visitor, "预览路径")
    for label in ("身份证号", "姓名", "目标党组织"):
        expect(visitor.page.get_by_label(label, exact=True)).to_have_attribute("aria-invalid", "true")
    number = id_number(7, region="429901")
    visitor.page.get_by_label("身份证号", exact=True).fill(number)
    press(visitor, "查询该人员")
    visitor.sees("系统中没有该人员，将新增账号")
    fill_in(visitor, number)
    press(visitor, "预览路径")
    visitor.sees("须写明省（区、市）")
    visitor.page.get_by_label("省（区、市）", exact=True).select_option(label="湖北省")
    press(visitor, "预览路径")
    visitor.sees("请上传介绍信照片")
    visitor.page.get_by_label("介绍信照片").set_input_files([{**JPG, "name": "第一页.jpg"}])
    press(visitor, "上传附件")
    expect(visitor.page.get_by_label("姓名", exact=True)).to_have_value("孔样例")
    visitor.page.get_by_label("介绍信照片").set_input_files(
        [{"name": "b.jpg", "mimeType": "image/jpeg", "buffer": b"no"}]
    )
    press(visitor, "预览路径")
    visitor.sees("附件内容与格式不符")
    visitor.sees("第一页.jpg")
    press(visitor, "预览路径")
    visitor.sees("确认转接路径")
    visitor.sees("柳溪镇党委")
    press(visitor, "返回修改")
    expect(visitor.page.get_by_label("省（区、市）", exact=True)).to_have_value("湖北省")
    expect(visitor.page.get_by_label("县（市、区、旗）")).to_have_value("样例县")
    press(visitor, "预览路径")
    press(visitor, "确认发起")
    visitor.sees("已办理：提交")
    visitor.sees("湖北省/样例市/样例县 样例村党支部")
    with visitor.page.expect_download() as download:
        visitor.page.locator("#attachments").get_by_role("link", name="第一页.jpg").click()
    assert download.value.suggested_filename == "第一页.jpg"


@pytest.mark.requirement("R-197")
def test_an_upload_is_removed_before_it_is_sent(visitor, password):
    visitor.log_in("adm-A1", password).open("/incoming")
    visitor.page.get_by_label("介绍信照片").set_input_files([{**JPG, "name": "错.jpg"}])
    press(visitor, "上传附件")
    visitor.page.get_by_role("button", name="删除 错.jpg").click()
    expect(visitor.page.get_by_text("错.jpg")).to_have_count(0)


def test_who_may_not_register_anybody_is_not_offered_the_form(visitor, password):
    visitor.log_in("adm-A1-T1", password)
    expect(visitor.page.get_by_role("link", name="转入登记")).to_have_count(0)
    visitor.open("/incoming").sees("E_START_NOT_ALLOWED")


@pytest.mark.requirement("R-149")
def test_the_receipt_of_a_newcomer_is_printed(visitor, served, password):
    with served.app.app_context():
        come_in(served.world, "A1-T1-B1", starter="A1").to_end()
    visitor.log_in("adm-A1", password).open("/lists/history").open_from_list("孔样例")
    visitor.page.get_by_role("link", name="打印回执联").click()
    visitor.sees("中国共产党党员组织关系介绍信回执联")
    visitor.sees("同志的党员组织关系已转达我处")
