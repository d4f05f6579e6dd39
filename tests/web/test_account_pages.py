"""The pages of one's own account, without a browser: what is awaited is asked for first, refusals stay in the form."""

import re

import pyotp
import pytest
from flask.testing import FlaskClient

from service.domain.accounts.passwords import PasswordKind
from service.storage.accounts import accounts
from service.storage.db import transaction
from tests.reference.seeding import PASSWORD
from tests.web.conftest import MakeSite
from tests.web.letters_by_phone import authorisation_code, sms_code
from tests.web.programs import Site
from tests.web.test_activation import NAME, NUMBER, PHONE, imported
from tests.web.test_passwords import STRONG, number_of


def visit(site: Site, login: str, password: str) -> FlaskClient:
    client = site.app.test_client()
    answer = client.post("/log-in", data={"login": login, "password": password})
    assert answer.status_code == 303, answer.text
    return client


def csrf(client: FlaskClient, path: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', client.get(path).text)
    assert found is not None, path
    return found[1]


@pytest.mark.requirement("R-021")
def test_the_form_shows_a_captcha_before_the_fourth_attempt(plain_site: Site) -> None:
    client = plain_site.app.test_client()
    pages = [client.post("/log-in", data={"login": "adm-A1", "password": "falsch"}).text for _ in range(4)]
    assert ["captcha_answer" in each for each in pages] == [False, False, True, True]
    assert "E_CAPTCHA" in pages[3]


@pytest.mark.requirement("R-022")
def test_who_has_the_initial_password_sees_nothing_but_the_form_to_change_it(make_site: MakeSite) -> None:
    site = make_site("shandong")
    login = number_of(site, "A1-T1-B1")
    with site.app.app_context(), transaction():
        accounts.set_password(site.world.people["A1-T1-B1"].account_id, None, PasswordKind.INITIAL)
    client = visit(site, login, login[-6:])
    for path in ("/account", "/lists/own", "/notices", "/organisations"):
        assert client.get(path).location == "/account/password", path
    token = csrf(client, "/account/password")
    data = {"csrf": token, "current": login[-6:], "password": STRONG, "again": STRONG + "!"}
    assert client.post("/account/password", data=data).status_code == 422
    assert client.post("/account/password", data=data | {"password": "1" * 10, "again": "1" * 10}).status_code == 422
    done = client.post("/account/password", data=data | {"again": STRONG})
    assert (done.status_code, done.location) == (303, "/account")
    assert client.get("/account").status_code == 200


def test_an_authenticator_is_set_up_and_asked_for(plain_site: Site) -> None:
    client = visit(plain_site, "adm-A1", PASSWORD)
    token = csrf(client, "/account/second-factor")
    begun = client.post("/account/second-factor/totp", data={"csrf": token, "name": "手机"}).text
    assert "data:image/svg+xml" in begun
    secret = re.search(r"\b[A-Z2-7]{32}\b", begun)
    assert secret is not None
    totp = pyotp.TOTP(secret[0])
    confirmed = {"csrf": token, "code": totp.at(plain_site.now)}
    shown = client.post("/account/second-factor/totp/confirm", data=confirmed)
    assert len(re.findall(r"<li>[a-z0-9]{12}</li>", shown.text)) == 10
    assert "动态口令" in client.get("/account").text
    other = visit(plain_site, "adm-A1", PASSWORD)
    assert other.get("/lists/todo").location == "/log-in/second-factor"
    token = csrf(other, "/log-in/second-factor")
    assert other.post("/log-in/second-factor", data={"csrf": token, "code": "000000"}).status_code == 422
    code = totp.at(plain_site.now.timestamp() + 30)
    assert other.post("/log-in/second-factor", data={"csrf": token, "code": code}).location == "/"
    assert other.get("/lists/todo").status_code == 200


def test_an_authenticator_is_taken_away_on_the_page_with_the_password(plain_site: Site) -> None:
    client = visit(plain_site, "adm-A1", PASSWORD)
    token = csrf(client, "/account/second-factor")
    begun = client.post("/account/second-factor/totp", data={"csrf": token, "name": "手机"}).text
    secret = re.search(r"\b[A-Z2-7]{32}\b", begun)
    assert secret is not None
    code = pyotp.TOTP(secret[0]).at(plain_site.now)
    client.post("/account/second-factor/totp/confirm", data={"csrf": token, "code": code})
    page = client.get("/account").text
    assert 'name="proof"' in page
    factor = re.search(r'name="factor" value="(\d+)"', page)
    assert factor is not None
    sent = {"csrf": csrf(client, "/account"), "factor": factor[1]}
    for path in ("/account/second-factor/remove", "/account/second-factor/recovery-codes"):
        refusal = client.post(path, data=sent | {"proof": "falsch"})
        assert (refusal.status_code, "E_LOGIN_FAILED" in refusal.text) == (401, True)
    renewed = client.post("/account/second-factor/recovery-codes", data=sent | {"proof": PASSWORD})
    assert len(re.findall(r"<li>[a-z0-9]{12}</li>", renewed.text)) == 10
    assert client.post("/account/second-factor/remove", data=sent | {"proof": PASSWORD}).status_code == 303
    page = client.get("/account").text
    assert 'name="proof"' not in page
    assert "您的账号移除了一项二次验证" in client.get("/notices").text


@pytest.mark.requirement("R-033")
def test_a_number_is_bound_on_the_page_and_others_are_logged_out(plain_site: Site) -> None:
    client, other = (visit(plain_site, "adm-A1", PASSWORD) for _ in range(2))
    token = csrf(client, "/account/phone")
    assert client.post("/account/phone/code", data={"csrf": token, "phone": "12"}).status_code == 422
    sent = client.post("/account/phone/code", data={"csrf": token, "phone": PHONE})
    assert 'name="sms_code"' in sent.text
    assert f"验证码已发送到 {PHONE}" in sent.text
    wrong = client.post(
        "/account/phone", data={"csrf": token, "phone": PHONE, "sms_code": "00000000", "proof": PASSWORD}
    )
    assert (wrong.status_code, "重新发送验证码" in wrong.text) == (422, True)
    bound = {"csrf": token, "phone": PHONE, "sms_code": sms_code(plain_site, PHONE)}
    assert client.post("/account/phone", data=bound).status_code == 401, "the number opens the account"
    bound["proof"] = PASSWORD
    assert client.post("/account/phone", data=bound).status_code == 303
    page = client.get("/account").text
    assert "139****0031" in page
    assert page.count('action="/account/sessions/end"') == 1
    assert client.post("/account/sessions/end-others", data={"csrf": token}).status_code == 303
    assert other.get("/account").location.startswith("/log-in")


@pytest.mark.requirement("R-035")
def test_an_account_is_activated_on_the_page(make_site: MakeSite) -> None:
    site = make_site("shandong")
    imported(site)
    client = site.app.test_client()
    assert "/activation" in client.get("/log-in").text
    data = {"name": NAME, "id_number": NUMBER, "phone": PHONE, "authorisation_code": authorisation_code(site, PHONE)}
    assert client.post("/activation/code", data=data).status_code == 200
    data |= {"sms_code": sms_code(site, PHONE), "password": STRONG, "again": STRONG}
    wrong = client.post("/activation", data=data | {"authorisation_code": "X"})
    assert wrong.status_code == 422
    assert STRONG not in wrong.text
    assert client.post("/activation", data=data).location == "/activation?done=yes"
    assert "激活成功" in client.get("/activation?done=yes").text
    visit(site, NUMBER, STRONG)
