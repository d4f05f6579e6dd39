"""Requests that another site makes a browser send: refused, whatever they carry."""

import pytest
from flask.testing import FlaskClient

from tests.reference.seeding import PASSWORD
from tests.web.programs import API, Site, refused

PREVIEW = {"origin": "A1-T1-B1", "target": "A2-T1-B1", "starter": "A1-T1-B1"}


@pytest.fixture
def browser(plain_site: Site) -> FlaskClient:
    """A browser that has logged in and keeps the cookie."""
    client = plain_site.app.test_client()
    answer = client.post(f"{API}/session", json={"login_name": "adm-A1-T1-B1", "password": PASSWORD})
    client.csrf = answer.json["csrf"]
    return client


def test_a_change_with_the_cookie_alone_is_refused(browser: FlaskClient) -> None:
    assert refused(browser.post(f"{API}/routes/preview", json=PREVIEW)) == (403, "E_CSRF")


def test_the_token_of_the_session_opens_the_way(browser: FlaskClient) -> None:
    answer = browser.post(f"{API}/routes/preview", json=PREVIEW, headers={"X-CSRF-Token": browser.csrf})
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("token", ["", "x", "Ω", "x" * 43])
def test_another_token_does_not(browser: FlaskClient, token: str) -> None:
    headers = {"X-CSRF-Token": token.encode().decode("latin-1")}
    assert refused(browser.post(f"{API}/routes/preview", json=PREVIEW, headers=headers)) == (403, "E_CSRF")


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
def test_a_request_from_another_site_is_refused_with_the_right_token_too(browser: FlaskClient, headers: dict) -> None:
    answer = browser.post(f"{API}/routes/preview", json=PREVIEW, headers={"X-CSRF-Token": browser.csrf, **headers})
    assert refused(answer) == (403, "E_CSRF")


def test_another_site_cannot_log_a_browser_in(plain_site: Site) -> None:
    given = {"login_name": "adm-A1", "password": PASSWORD}
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        answer = plain_site.app.test_client().post(f"{API}/session", json=given, headers=headers)
        assert refused(answer) == (403, "E_CSRF")
    own = plain_site.app.test_client().post(f"{API}/session", json=given, headers={"Origin": "http://localhost"})
    assert own.status_code == 201


def test_a_program_with_a_bearer_token_needs_no_other(plain_site: Site) -> None:
    assert plain_site.admin("A1-T1-B1").post("/routes/preview", PREVIEW).status_code == 200


def test_nothing_is_changed_by_reading(plain_site: Site) -> None:
    unsafe = {"POST", "PUT", "PATCH", "DELETE"}
    for rule in plain_site.app.url_map.iter_rules():
        assert not (rule.methods & unsafe and "GET" in rule.methods), rule


def test_scripts_and_frames_of_others_are_shut_out(plain_site: Site) -> None:
    headers = plain_site.stranger().get("/session").headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["script-src"] == "'self'"
    assert policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["object-src"] == policy["base-uri"] == policy["default-src"] == "'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
