"""A passkey in a real browser: made on one's account, asked for after the password."""

from playwright.sync_api import expect

from tests.browser.visitors import Visitor


def test_a_passkey_is_made_and_then_opens_the_door(visitor: Visitor, password: str) -> None:
    # Browsers bind passkeys to names, never to numbers.
    visitor.base = visitor.base.replace("127.0.0.1", "localhost")
    devtools = visitor.page.context.new_cdp_session(visitor.page)
    devtools.send("WebAuthn.enable")
    key = {"protocol": "ctap2", "transport": "usb", "hasResidentKey": False, "hasUserVerification": False}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": {**key, "isUserVerified": True}})
    visitor.log_in("adm-A1", password).open("/account/second-factor")
    visitor.page.get_by_role("button", name="登记通行密钥").click()
    expect(visitor.page.locator("[data-recovery] li")).to_have_count(10)
    visitor.log_in("adm-A1", password)
    visitor.page.get_by_role("button", name="使用通行密钥").click()
    expect(visitor.page).to_have_url(f"{visitor.base}/lists/todo")
    visitor.open("/account").sees("通行密钥")
