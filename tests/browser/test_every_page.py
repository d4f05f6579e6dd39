"""What holds for every page: it fits both screens in both sizes of type, each input has a name, nothing is inline."""

import pytest

from tests.browser.visitors import NARROW, WIDE, Visitor
from tests.support import browser
from tests.use_cases.walker import submit

PAGES = (
    "/lists/todo", "/lists/handled", "/lists/not_reported", "/lists/own", "/lists/history", "/transfers/{id}",
    "/transfers/{id}?do=reject", "/letters/1", "/apply/members", "/apply?member=1", "/account", "/notices", "/nothing-here",
    "/organisations", "/organisations/B1-S1", "/organisations/B1-S1/list", "/organisations/B1-S1/edit",
    "/organisations/B1-S1/new", "/permissions", "/organisations/B1-S1-B1/permissions", "/superior-changes",
    "/organisations/B1-S1-B1/superior",
)  # fmt: skip
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


@pytest.mark.parametrize("size", ["normal", "large"])
@pytest.mark.parametrize("screen", [WIDE, NARROW], ids=["wide", "narrow"])
def test_it_fits_the_screen_and_every_control_has_a_name(chromium, served, transfer, password, screen, size):
    with browser.watched_page(chromium, viewport=screen) as page:
        visitor = Visitor(page, served.base).log_in("adm-B1-S1", password)
        page.context.add_cookies([{"name": "zhuanjie_size", "value": size, "url": served.base}])
        for path in PAGES:
            visitor.open(path.format(id=transfer))
            assert visitor.overflow() <= 0, path
            assert page.evaluate(_UNNAMED) == [], path
            assert page.evaluate(_DOUBLED) == [], path
            assert page.evaluate(_INLINE) == [], path
            assert page.locator("h1").count() == 1, path


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
