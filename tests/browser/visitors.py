"""Those who use the pages in tests: a person at a browser, who sees what is on the screen and nothing else."""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

WIDE = {"width": 1366, "height": 768}
NARROW = {"width": 390, "height": 844}


@dataclass(slots=True)
class Visitor:
    """A person in front of a page of one server."""

    page: Page
    base: str

    def log_in(self, login: str, password: str) -> "Visitor":
        """Log in afresh, whoever sat here before."""
        self.page.context.clear_cookies()
        self.open("/log-in")
        self.page.get_by_label("身份证号或用户名").fill(login)
        self.page.get_by_label("密码").fill(password)
        self.page.get_by_role("main").get_by_role("button", name="登录").click()
        return self

    def open(self, path: str) -> "Visitor":
        """Go to an address of the server."""
        self.page.goto(f"{self.base}{path}")
        return self

    def open_from_list(self, name: str) -> "Visitor":
        """Open the transfer of a person from the list on the screen."""
        self.row(name).get_by_role("link", name="打开").click()
        return self

    def row(self, name: str) -> Locator:
        """The line of a person in the list on the screen."""
        return self.page.get_by_role("row").filter(has_text=name)

    def choose_organisation(self, field: str, text: str, code: str) -> None:
        """Look for an organisation in a field and pick the one with this code."""
        self.page.get_by_label(field).press_sequentially(text, delay=20)
        self.page.locator(f"[data-code='{code}']").click()
        expect(self.page.get_by_label(field)).to_have_value(code)

    def act(self, action: str, **answers: str) -> None:
        """Open the form of an action, fill it in, send it."""
        if self.offered(action).get_attribute("aria-current") is None:
            self.offered(action).click()
            expect(self.offered(action)).to_have_attribute("aria-current", "true")
        for label, text in answers.items():
            self.decision.get_by_label(label).fill(text)
        self.decision.get_by_role("button", name=action, exact=True).click()

    @property
    def decision(self) -> Locator:
        """The bar in which a decision is taken."""
        return self.page.locator("#decide")

    def offered(self, action: str) -> Locator:
        """The tab of an action."""
        return self.decision.get_by_role("navigation").get_by_role("link", name=action, exact=True)

    def sees(self, text: str) -> None:
        """The text stands on the screen."""
        expect(self.page.get_by_text(text).first).to_be_visible()

    def overflow(self) -> int:
        """By how many pixels the page is wider than the screen."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))
