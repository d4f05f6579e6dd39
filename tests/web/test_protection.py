"""Every address is shut unless it is named here; a new one without a session fails this test."""

import pytest

from service.web.guards import is_public
from tests.web.programs import Site

OPEN = {
    "static",
    "health.healthz",
    "health.readyz",
    "api-docs.openapi_json",
    "api-session.post_session",
    "api-session.post_captcha",
    "api-activation.post_activation_code",
    "api-activation.post_activation",
    "log_in.show",
    "activation.show",
    "activation.send",
    "activation.activate",
    "log_in.enter",
    "preferences.keep",
}


def test_every_address_demands_a_session_unless_it_is_open(plain_site: Site) -> None:
    opened = set()
    for rule in plain_site.app.url_map.iter_rules():
        path = rule.rule
        for argument, converter in rule._converters.items():
            start, end = path.index("<"), path.index(">")
            path = path[:start] + ("1" if "Integer" in type(converter).__name__ else argument) + path[end + 1 :]
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            answer = plain_site.app.test_client(use_cookies=False).open(path, method=method)
            shut = answer.status_code == 401 or (answer.status_code == 303 and "/log-in" in answer.location)
            if not shut:
                opened.add(rule.endpoint)
    assert opened <= OPEN


def test_exactly_the_open_addresses_bear_the_mark(plain_site: Site) -> None:
    assert {name for name in plain_site.app.view_functions if is_public(name, plain_site.app)} == OPEN


def test_health_is_told_without_a_session(plain_site: Site) -> None:
    client = plain_site.app.test_client()
    for path in ("/healthz", "/readyz"):
        assert client.get(path).json == {"status": "ok"}


@pytest.mark.parametrize("path", ["/imports/organisations", "/imports/members"])
def test_only_the_system_administrator_imports(plain_site: Site, path: str) -> None:
    answer = plain_site.admin("P").ask("POST", path, data="x", content_type="text/csv")
    assert answer.json["code"] == "E_FORBIDDEN"
