"""What other systems ask of newcomers: the register and a review by hand, the exchange zone; and who comes back (R-128, R-141)."""

import pytest
from playwright.sync_api import expect

from service.domain.transfers.actions import Action
from service.storage.db import reading
from service.storage.members import members
from tests.browser.test_every_page import _DOUBLED, _INLINE, _UNNAMED
from tests.browser.test_incoming import JPG, press
from tests.browser.visitors import NARROW, WIDE, Visitor
from tests.reference.seeding import VAULT
from tests.support import browser
from tests.use_cases.walker import come_in, submit

BLOCK = (
    ("转出方基层党委", "中共样例部队委员会"),
    ("传真", "0530-1234568"),
    ("邮编", "250000"),
    ("通讯地址", "样例路1号"),
)


@pytest.mark.scenario("S-23")
@pytest.mark.requirement("R-141")
def test_s_23_who_is_not_confirmed_is_reviewed_by_hand(page, serve, password):
    visitor = Visitor(page, serve("shandong").base).log_in("adm-A1", password).open("/incoming")
    for label, text in (("身份证号", "139901199202290522"), ("姓名", "白样例"), ("民族", "汉族"), *BLOCK):
        page.get_by_label(label, exact=True).fill(text)
    page.locator("#field-committee_telephone").fill("0530-1234567")
    for label, choice in (("性别", "女"), ("党员类别", "正式党员"), ("接收类型", "自军队转入")):
        page.get_by_label(label).select_option(label=choice)
    page.get_by_label("党费交至").select_option(index=1)
    page.get_by_label("转出党组织", exact=True).fill("样例部队")
    visitor.choose_organisation("目标党组织", "柳溪村", "A1-T1-B1")
    press(visitor, "预览路径")
    visitor.sees("是否进入人工审核")
    page.get_by_label("进入人工审核").check()
    press(visitor, "预览路径")
    visitor.sees("人工审核须上传身份证照片")
    page.get_by_label("身份证照片").set_input_files([{**JPG, "name": "证件.jpg"}])
    press(visitor, "预览路径")
    visitor.sees("请先核实并勾选确认项")
    page.get_by_label("已核实本人身份").check()
    press(visitor, "预览路径")
    visitor.sees("证件.jpg")
    press(visitor, "确认发起")
    visitor.sees("已办理：提交")


@pytest.mark.requirement("R-147")
def test_under_national_the_question_of_the_zone_comes_first(page, serve, password):
    visitor = Visitor(page, serve("national").base).log_in("adm-GU", password).open("/incoming")
    press(visitor, "预览路径")
    expect(page.get_by_role("group", name="是否通过业务数据交换区转入？")).to_be_visible()
    page.get_by_label("是", exact=True).check()
    press(visitor, "预览路径")
    visitor.sees("业务数据交换区未启用")


@pytest.mark.scenario("S-52")
@pytest.mark.requirement("R-128")
def test_who_was_closed_out_by_mistake_is_retrieved(page, serve, password):
    served = serve("national")
    with served.app.app_context():
        played = submit(served.world, "GU-1-B1", "", starter="GU-1").to_end()
        with reading():
            number = members.by_id(played.transfer.member_id, VAULT).member.id_number
    visitor = Visitor(page, served.base).log_in("adm-GU-1-B1", password)
    page.get_by_role("link", name="找回党员").click()
    visitor.sees("文学院本科生党支部")
    page.get_by_label("身份证号").fill("459901199708250223")
    press(visitor, "找回")
    visitor.sees("未找到可找回的党员")
    page.get_by_label("身份证号").fill(number)
    press(visitor, "找回")
    visitor.sees("张样例 已找回")
    page.get_by_role("link", name="原转接记录").click()
    visitor.sees("已办结")
    expect(page.locator(".tag").get_by_text("已找回")).to_be_visible()


@pytest.mark.requirement("R-150")
@pytest.mark.requirement("R-196")
def test_the_record_of_who_came_in_is_completed(page, serve, password):
    served = serve("default")
    with served.app.app_context():
        arrived = come_in(served.world, "A1-T1-B1", starter="A1").to_end().id
    visitor = Visitor(page, served.base).log_in("adm-A1-T1-B1", password).open(f"/transfers/{arrived}")
    visitor.sees("待补全")
    page.get_by_role("link", name="党员信息").click()
    page.get_by_label("入党日期").fill("2010-07-01")
    press(visitor, "保存")
    expect(page.get_by_role("alert")).to_contain_text("转正日期")
    expect(page.get_by_label("入党日期")).to_have_value("2010-07-01")
    page.get_by_label("转正日期").fill("2011-07-01")
    press(visitor, "保存")
    visitor.sees("党员信息已完整")
    page.get_by_label("选择文件").set_input_files([{**JPG, "name": "照片.jpg"}])
    press(visitor, "上传照片")
    with page.expect_download() as download:
        page.get_by_role("link", name="查看照片").click()
    assert download.value.suggested_filename == "照片.jpg"
    visitor.open(f"/transfers/{arrived}")
    expect(page.get_by_text("待补全")).to_have_count(0)


@pytest.mark.parametrize("screen", [WIDE, NARROW], ids=["wide", "narrow"])
def test_these_pages_fit_the_screen_and_every_control_has_a_name(chromium, serve, password, screen):
    served = serve("default")
    with served.app.app_context():
        played = come_in(served.world, "A1-T1-B1", starter="A1").to_end()
        arrived, member = played.id, played.transfer.member_id
        receipted = submit(served.world, "A1-T1-B1", "", starter="A1-T1-B1").to_end().id
        coming = come_in(served.world, "A1-T1-B1", starter="A1").act(Action.RETURN).id
    paths = {
        "adm-A1": ("/incoming", f"/transfers/{coming}", f"/transfers/{arrived}/return-receipt", "/retrievals"),
        "adm-A1-T1-B1": (f"/members/{member}/record",),
        "adm-A1-T1": (f"/transfers/{receipted}/receipt", f"/transfers/{receipted}"),
    }
    with browser.watched_page(chromium, viewport=screen) as page:
        for login, opened in paths.items():
            visitor = Visitor(page, served.base).log_in(login, password)
            for path in opened:
                visitor.open(path)
                assert visitor.overflow() <= 0, path
                assert page.evaluate(_UNNAMED) == [], path
                assert page.evaluate(_DOUBLED) == [], path
                assert page.evaluate(_INLINE) == [], path
                assert page.locator("h1").count() == 1, path
