"""A real Chromium, as installed on this machine, driven by Playwright; a page that complains fails its test."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip
SMALLEST_SCREEN = {"width": 1366, "height": 768}


class NoChromium(RuntimeError):
    """Chromium is missing; the tests that need it fail with this sentence."""


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """Start the system's Chromium and end it."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        raise NoChromium("Expected a Chromium, found none. Run tools/test_machine.sh.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def watched_page(browser: Browser, *, viewport: dict[str, int] | None = None) -> Iterator[Page]:
    """A page in its own context; scripts that fail, console errors and foreign requests fail the test."""
    context = browser.new_context(
        locale="zh-CN", timezone_id="Asia/Shanghai", viewport=viewport or SMALLEST_SCREEN, accept_downloads=True
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(f"script failed: {error}"))
    page.on("console", lambda message: complaints.extend(_complaint(message)))
    page.on("request", lambda request: complaints.extend(_foreign(request)))
    try:
        yield page
    finally:
        context.close()
    if complaints:
        raise AssertionError("The page complains:\n" + "\n".join(complaints))


def _complaint(message: ConsoleMessage) -> list[str]:
    """Console errors, but for the line that Chromium writes for each refused request: refusals are tested."""
    is_refusal = message.text.startswith("Failed to load resource")
    return [f"console: {message.text}"] if message.type == "error" and not is_refusal else []


def _foreign(request: Request) -> list[str]:
    address = urlsplit(request.url)
    is_ours = address.scheme in {"data", "blob", "about"} or address.hostname in {"127.0.0.1", "localhost"}
    return [] if is_ours else [f"foreign request: {request.url}"]
