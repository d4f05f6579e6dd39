"""The browser that tests lean on is real, and a page that complains fails its test."""

import socket
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.support.browser import watched_page
from tests.support.network import ForbiddenAddress
from tests.support.servers import serving


def _page(body: str) -> Callable[..., Any]:
    def application(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
        return [f'<!doctype html><html lang="zh"><link rel="icon" href="data:,">{body}</html>'.encode()]

    return application


def test_a_page_is_read_from_a_real_server(page: Page) -> None:
    with serving(_page("<h1>待办</h1>")) as address:
        page.goto(address)
        assert page.locator("h1").inner_text() == "待办"


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("<script>throw new Error('broken')</script>", "broken"),
        ("<script>console.error('unhappy')</script>", "unhappy"),
        ("<img src='http://192.0.2.1/seal.png' alt=''>", "foreign request"),
    ],
)
def test_a_page_that_complains_fails_its_test(chromium: Browser, body: str, complaint: str) -> None:
    with (
        serving(_page(body)) as address,
        pytest.raises(AssertionError, match=complaint),
        watched_page(chromium) as page,
    ):
        page.goto(address, wait_until="commit")
        page.wait_for_timeout(300)


def test_a_test_cannot_leave_this_machine() -> None:
    with pytest.raises(ForbiddenAddress, match=r"192\.0\.2\.1"), socket.socket() as probe:
        probe.connect(("192.0.2.1", 80))
