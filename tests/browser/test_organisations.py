"""Officers keep their part of the tree in order with a mouse: open it, create, change, move, dissolve, permit."""

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from service.printing import spreadsheets
from service.storage.db import execute, transaction
from service.storage.organisations import organisations
from tests.browser.conftest import Served
from tests.browser.visitors import Visitor
from tests.storage.conftest import organisation_row
from tests.use_cases.walker import submit


@pytest.fixture
def county(visitor: Visitor, password: str) -> Visitor:
    """The administrator of a county."""
    return visitor.log_in("adm-A1", password)


def node(visitor: Visitor, name: str):
    return visitor.page.locator("li.node").filter(has=visitor.page.get_by_role("link", name=name, exact=True)).last


@pytest.mark.requirement("R-018")
def test_the_tree_opens_level_by_level(county: Visitor) -> None:
    county.open("/organisations").sees("柳溪镇党委")
    expect(county.page.get_by_text("柳溪村党支部")).to_have_count(0)
    opener = node(county, "柳溪镇党委").get_by_role("link", name="展开 柳溪镇党委")
    opener.click()
    county.sees("柳溪村党支部")
    expect(opener).to_have_attribute("aria-expanded", "true")
    opener.click()
    expect(county.page.get_by_text("柳溪村党支部")).to_be_hidden()
    opener.click()
    county.sees("柳溪村党支部")
    node(county, "柳溪镇企业党总支").get_by_role("link", name="展开 柳溪镇企业党总支").click()
    county.sees("柳溪砖厂党支部")


def test_a_long_level_comes_in_pieces(county: Visitor, served: Served) -> None:
    with served.app.app_context(), transaction():
        path = execute(sa.select(organisations.table.c.path).where(organisations.table.c.code == "A1")).scalar_one()
        parent = served.world.chains["A1"][0].id
        rows = [
            organisation_row(key, f"L{key}", parent, path + organisations.segment(key), name=f"样例{key}支部")
            for key in range(1000, 1120)
        ]
        execute(sa.insert(organisations.table), rows)
        organisations.tree_changed()
    county.open("/organisations").sees("下一级共 123 个组织")
    nodes = county.page.locator("li.node .node-line")
    expect(nodes).to_have_count(50)
    for shown in (100, 123):
        county.page.get_by_role("link", name="再显示").click()
        expect(nodes).to_have_count(shown)
    county.sees("样例1119支部")


@pytest.mark.requirement("R-002")
@pytest.mark.requirement("R-205")
def test_an_organisation_is_created_changed_and_dissolved(county: Visitor) -> None:
    page = county.open("/organisations/A1-T1").page
    page.get_by_role("link", name="新建下级组织").click()
    page.get_by_role("button", name="保存").click()
    county.sees("必填项未填写完整")
    page.get_by_label("党组织全称").fill("柳溪镇卫生院党支部")
    page.get_by_label("党组织简称").fill("卫生院支部")
    page.get_by_label("组织类别").select_option("631")
    page.get_by_label("党组织隶属关系").select_option("2")
    page.get_by_label("批准建立党组织日期").fill("2018-09-18")
    page.get_by_role("button", name="保存").click()
    county.sees("已新建党组织")
    page.get_by_role("link", name="修改").click()
    page.get_by_label("联系人").fill("样例联系人")
    page.get_by_role("button", name="保存").click()
    county.sees("已保存")
    county.sees("更新党组织信息")
    expect(page.get_by_role("button", name="撤销")).to_be_disabled()
    page.get_by_label("确认撤销").check()
    page.get_by_role("button", name="撤销").click()
    county.sees("已撤销党组织")
    county.sees("状态：正常 → 已撤销")
    county.sees("组织类型：党支部")
    expect(page.get_by_role("link", name="修改")).to_have_count(0)


@pytest.mark.requirement("R-207")
def test_what_stands_in_the_way_is_named_and_linked(county: Visitor, served: Served) -> None:
    with served.app.app_context():
        played = submit(served.world, "A1-T1-B1", "A1-T2-B1")
    page = county.open("/organisations/A1-T1-B1").page
    page.get_by_label("确认撤销").check()
    page.get_by_role("button", name="撤销").click()
    county.sees("支部内有党员组织关系转接尚未完成")
    page.get_by_role("link", name="张样例 柳溪村党支部 → 白塔村党支部").click()
    expect(page).to_have_url(f"{county.base}/transfers/{played.id}")


@pytest.mark.requirement("R-017")
def test_permissions_say_what_is_locked_and_why(county: Visitor) -> None:
    page = county.open("/permissions").page
    county.sees("全国范围内转接党员组织关系权限")
    expect(page.get_by_label("具备", exact=True).first).to_be_disabled()
    county.sees("转接范围由系统默认")
    county.sees("由上级党组织配置")
    page.get_by_role("link", name="白塔乡党委").click()
    group = page.get_by_role("group", name="转接党员组织关系权限").first
    group.get_by_label("不具备").check()
    page.get_by_role("button", name="提交").click()
    county.sees("已保存；已发起的转接不受影响")
    expect(page.get_by_role("group", name="转接党员组织关系权限").first.get_by_label("不具备")).to_be_checked()
    county.sees("再下一级由其上级党组织配置")


@pytest.mark.requirement("R-203")
def test_a_unit_applies_for_another_superior_and_the_county_decides(visitor: Visitor, password: str) -> None:
    page = visitor.log_in("adm-A1-T1", password).open("/organisations/A1-T1-B1/superior").page
    visitor.choose_organisation("新上级党组织", "白塔乡", "A1-T2")
    page.get_by_label("理由").fill("机构改革")
    page.get_by_role("button", name="提交申请").click()
    visitor.sees("变更申请已提交")
    visitor.log_in("adm-A1", password).open("/superior-changes")
    page.get_by_role("link", name="打开 柳溪村党支部 的变更申请").click()
    page.get_by_role("button", name="同意", exact=True).click()
    visitor.sees("请先核实并勾选确认项")
    page.get_by_label("已核实该组织的党员整体划转").check()
    page.get_by_role("button", name="同意", exact=True).click()
    visitor.sees("申请已审批")
    visitor.open("/organisations/A1-T1-B1")
    expect(page.get_by_role("navigation", name="位置")).to_contain_text("白塔乡党委")


@pytest.mark.requirement("R-012")
def test_the_list_is_filtered_put_in_order_and_exported(county: Visitor) -> None:
    page = county.open("/organisations/A1-T1/list").page
    page.get_by_role("button", name="桥头村党支部 上移").click()
    lines = page.locator("table.list tbody tr .who")
    expect(lines).to_have_text(["柳溪镇企业党总支", "桥头村党支部", "柳溪村党支部"])
    with page.expect_download() as exported:
        page.get_by_role("link", name="导出组织排序").click()
    page.get_by_role("button", name="桥头村党支部 下移").click()
    expect(lines).to_have_text(["柳溪镇企业党总支", "柳溪村党支部", "桥头村党支部"])
    page.get_by_label("Excel 文件").set_input_files(exported.value.path())
    with open(exported.value.path(), "rb") as file:  # noqa: PTH123 - a path of the browser
        assert [cells[1] for _, cells in spreadsheets.read(file.read())][1:] == ["A1-T1-G", "A1-T1-B2", "A1-T1-B1"]
    page.get_by_role("button", name="导入").click()
    expect(lines).to_have_text(["柳溪镇企业党总支", "桥头村党支部", "柳溪村党支部"])
    page.get_by_label("所有下级").select_option("yes")
    page.get_by_label("组织简称").fill("砖厂")
    page.get_by_role("button", name="查询").click()
    expect(lines).to_have_text(["柳溪砖厂党支部"])


@pytest.mark.requirement("R-018")
def test_a_branch_keeps_to_itself(visitor: Visitor, served: Served, password: str) -> None:
    visitor.log_in("adm-A1-T1-B1", password).open("/organisations").sees("柳溪村党支部")
    visitor.open("/organisations/A1-T1").sees("该党组织不在您的管理范围内")
    visitor.open("/organisations/NONE").sees("未找到该党组织")


@pytest.mark.requirement("R-209")
def test_the_list_fills_in_how_complete_records_are(county: Visitor) -> None:
    county.open("/organisations/A1-T1/list")
    expect(county.page.locator("#complete-A1-T1-B1")).to_have_text("55.0%")
