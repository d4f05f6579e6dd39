"""What holds for every page: it fits both screens in both sizes of type, each input has a name, nothing is inline."""

import re
from datetime import date, datetime

import pytest
from flask import Flask
from playwright.sync_api import expect

from service.domain.accounts.roles import Role
from service.domain.clock import ZONE
from service.domain.members.admissions import AdmissionKind, Statement
from service.storage.db import transaction
from service.use_cases.accounts.open_account import grant_role, open_account
from service.use_cases.members.admit_members import submission_day, submit_admission
from service.use_cases.organisations.change_superior import Wanted, apply_for_superior
from service.web import pages
from tests.browser.visitors import NARROW, WIDE, Visitor
from tests.members.test_admissions import LINE, sheet
from tests.support import browser
from tests.use_cases.walker import NOW, submit

STREET = (
    "/lists/todo", "/lists/handled", "/lists/not_reported", "/lists/own", "/lists/history", "/transfers/{transfer}",
    "/transfers/{transfer}?do=reject", "/letters/1", "/apply/members", "/apply?member=1", "/notices", "/nothing-here",
    "/account", "/account/password", "/account/phone", "/account/certificates", "/account/second-factor",
    "/organisations", "/organisations/B1-S1", "/organisations/B1-S1/list", "/organisations/B1-S1/edit",
    "/organisations/B1-S1/new", "/organisations/B1-S1/tree", "/organisations/B1-S1/completeness", "/permissions",
    "/organisations/B1-S1-B1/permissions", "/superior-changes", "/organisations/B1-S1-B1/superior",
    "/organisations/B1-S1-B1/administrators", "/organisations/B1-S1-B1/accounts",
    "/organisations/B1-S1-B1/accounts/{account}", "/members", "/organisations/B1-S1/members",
    "/organisations/B1-S1/members/import", "/members/{member}", "/members/{member}/edit", "/members/{member}/phone",
    "/members/{member}/record", "/accounts", "/admissions", "/admissions/{admission}", "/retrievals",
)  # fmt: skip
COUNTY = ("/incoming", "/superior-changes/{change}")
TOWNSHIP = ("/admissions/new",)
NOBODY = ("/log-in", "/activation")
OTHERS = (
    ("adm-A1", COUNTY), ("adm-A1-T1", TOWNSHIP), ("system", ("/messages", "/desk", "/permissions")),
    ("auditor", ("/desk", "/audit", "/transfers/{transfer}", "/transfers/{transfer}/replay")),
    ("", NOBODY),
)  # fmt: skip
NO_PAGES = {
    "admissions.template": "a file", "attachments.open_loose": "a file", "attachments.open_one": "a file",
    "member_records.portrait": "a file", "members.export": "a file", "organisation_tree.export": "a file",
    "organisation_tree.order_file": "a file", "record_sheets.download": "a file", "organisations.search": "a part",
    "organisation_records.counts": "a part", "static": "a file", "second_factors.ask": "while it is awaited",
    "several.show": "under another profile", "receipts.show": "at a step of its own",
    "receipts.show_return": "at a step of its own", "lists.first": "leads to a list",
}  # fmt: skip
_UNNAMED = """() => [...document.querySelectorAll('input:not([type=hidden]), select, textarea, button, a[href]')]
    .filter(each => each.checkVisibility() && !(each.labels?.length || each.getAttribute('aria-label') ||
        each.textContent.trim() || each.title))
    .map(each => each.outerHTML.slice(0, 90))"""
_DOUBLED = """() => { const ids = [...document.querySelectorAll('[id]')].map(each => each.id);
    return ids.filter((id, place) => ids.indexOf(id) !== place); }"""
_INLINE = """() => [...document.querySelectorAll('*')].filter(each => each.hasAttribute('style') ||
    [...each.attributes].some(attribute => attribute.name.startsWith('on')) ||
    (each.matches('script, style') && !each.src)).map(each => each.outerHTML.slice(0, 90))"""


@pytest.fixture
def transfer(served):
    """A transfer at the receiving side, with a letter."""
    with served.app.app_context():
        return submit(served.world, "A1-T1-B1", "B1-S1-B1").forward().forward().id


@pytest.fixture
def things(served, transfer, password):
    """Something for each page to show: by the names that stand in the addresses."""
    world = served.world
    with served.app.app_context():
        with transaction():
            for name, role in (("system", Role.SYSTEM_ADMIN), ("auditor", Role.AUDITOR)):
                account = open_account(name, name=name, password=password, deployment=world.deployment)
                grant_role(account, role, org_id=None)
        change = apply_for_superior(
            Wanted("A1-T2-B1", "A1-T1", "样例"), actor=world.admins["A1-T2"], now=NOW, deployment=world.deployment
        )
        return {
            "transfer": transfer,
            "change": change,
            "admission": _admission(world),
            "member": world.people["B1-S1-B1"].member_id,
            "account": world.admins["B1-S1-B1"].account_id,
        }


def _admission(world):
    day: date = submission_day(NOW)
    report = submit_admission(
        sheet({**LINE, "branch_code": "B1-S1-B1"}),
        AdmissionKind.NEW,
        Statement(),
        actor=world.admins["B1-S1-B1"],
        now=datetime(day.year, day.month, day.day, 9, tzinfo=ZONE),
        deployment=world.deployment,
    )
    assert report.admission_id, report.defects
    return report.admission_id


def _look_at(visitor, path):
    visitor.open(path)
    page = visitor.page
    assert visitor.overflow() <= 0, path
    assert page.evaluate(_UNNAMED) == [], path
    assert page.evaluate(_DOUBLED) == [], path
    assert page.evaluate(_INLINE) == [], path
    assert page.locator("h1").count() == 1, path


@pytest.mark.parametrize(("size", "language"), [("normal", "zh"), ("large", "zh"), ("large", "en")])
@pytest.mark.parametrize("screen", [WIDE, NARROW], ids=["wide", "narrow"])
def test_it_fits_the_screen_and_every_control_has_a_name(chromium, served, things, password, screen, size, language):
    with browser.watched_page(chromium, viewport=screen) as page:
        visitor = Visitor(page, served.base)
        for login, paths in (("adm-B1-S1", STREET), *OTHERS):
            if login:
                visitor.log_in(login, password)
            else:
                page.context.clear_cookies()
            wishes = {"zhuanjie_size": size, "zhuanjie_language": language}
            page.context.add_cookies([{"name": name, "value": wishes[name], "url": served.base} for name in wishes])
            for path in paths:
                _look_at(visitor, path.format(**things))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_menu_of_a_narrow_screen_unfolds_and_shows_every_entry(chromium, served, password, language):
    with browser.watched_page(chromium, viewport=NARROW) as page:
        visitor = Visitor(page, served.base).log_in("adm-A1", password)
        page.context.add_cookies([{"name": "zhuanjie_language", "value": language, "url": served.base}])
        visitor.open("/lists/todo")
        links = page.locator("nav.side-nav a")
        assert not any(each.is_visible() for each in links.all())
        assert page.locator("main h1").bounding_box()["y"] < NARROW["height"] / 3, "the page itself comes first"
        page.locator(".menu-bar").click()
        boxes = [each.bounding_box() for each in links.all()]
        assert len(boxes) > 10
        assert all(box["x"] >= 0 and box["x"] + box["width"] <= NARROW["width"] for box in boxes)
        assert all(each.evaluate("link => link.scrollWidth <= link.clientWidth") for each in links.all())
        assert visitor.overflow() <= 0
        page.locator("nav.side-nav a[href='/superior-changes']").click()
        expect(page).to_have_url(f"{served.base}/superior-changes")


def test_the_menu_unfolds_with_the_keyboard(chromium, served, password):
    with browser.watched_page(chromium, viewport=NARROW) as page:
        Visitor(page, served.base).log_in("adm-A1", password).open("/lists/todo")
        page.get_by_label("菜单").focus()
        page.keyboard.press("Space")
        expect(page.get_by_role("link", name="上级变更")).to_be_visible()


def test_no_page_is_passed_over():
    app = Flask("pages")
    for part in pages._PARTS:
        app.register_blueprint(part.blueprint)
    looked_at = [re.sub(r"\?.*|{\w+}", lambda found: "1" if found[0][0] == "{" else "", path)
                 for _, paths in (("", STREET), *OTHERS) for path in paths if path != "/nothing-here"]  # fmt: skip
    adapter = app.url_map.bind("localhost")
    found = {adapter.match(path)[0] for path in looked_at}
    shown = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in rule.methods}
    assert shown - found == set(NO_PAGES)


def test_the_keyboard_is_enough(visitor, transfer, password):
    visitor.log_in("adm-B1-S1", password).open(f"/transfers/{transfer}")
    visitor.page.keyboard.press("Tab")
    assert visitor.page.evaluate("document.activeElement.className") == "skip"
    visitor.page.keyboard.press("Enter")
    visitor.page.keyboard.press("Tab")
    assert visitor.page.evaluate("document.activeElement.closest('main') !== null")
    visitor.decision.get_by_label("审批意见").focus()
    visitor.page.keyboard.type("同意")
    visitor.page.keyboard.press("Tab")
    visitor.page.keyboard.press("Enter")
    visitor.sees("已办理：同意")
