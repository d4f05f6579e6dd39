"""Where somebody is logged in: he sees it, ends one or all others, and officers act from their networks alone."""

from datetime import timedelta

import pytest

from service.storage import audit
from service.storage.db import reading
from tests.reference.seeding import PASSWORD
from tests.web.conftest import MakeSite
from tests.web.programs import Program, Site, refused
from tests.web.test_administrators import as_member


def enter(site: Site, agent: str) -> Program:
    body = {"login_name": "adm-A1", "password": PASSWORD}
    answer = site.stranger().post("/session", body, headers={"User-Agent": agent})
    return Program(site.app, {"Authorization": f"Bearer {answer.json['token']}"})


def test_sessions_are_listed_with_what_tells_them_apart_and_nothing_that_opens_them(site: Site) -> None:
    first = enter(site, "办公室电脑")
    site.now += timedelta(minutes=10)
    second = enter(site, "手机 " + "x" * 500)
    found = second.get("/account/sessions").json["items"]
    assert [each["agent"][:5] for each in found] == ["手机 xx", "办公室电脑"]
    assert max(len(each["agent"]) for each in found) <= 200
    assert {each["role"] for each in found} == {"LOCAL_ADMIN"}
    for each in found:
        assert refused(Program(site.app, {"Authorization": f"Bearer {each['key']}"}).get("/session"))[0] == 401
    assert first.get("/session").status_code == 200


def test_one_session_is_ended_and_nobody_ends_anothers(site: Site) -> None:
    first, second = enter(site, "一"), enter(site, "二")
    key = next(each["key"] for each in first.get("/account/sessions").json["items"] if each["agent"] == "二")
    assert refused(site.admin("A2").ask("DELETE", f"/account/sessions/{key}")) == (404, "E_NOT_FOUND")
    assert second.get("/session").status_code == 200
    assert first.ask("DELETE", f"/account/sessions/{key}").status_code == 204
    assert refused(second.get("/session")) == (401, "E_LOGIN_REQUIRED")
    assert first.get("/session").status_code == 200


def test_all_others_are_ended_at_once(site: Site) -> None:
    others = [enter(site, str(number)) for number in range(3)]
    mine, stranger = enter(site, "我"), site.admin("A2")
    assert mine.ask("DELETE", "/account/sessions").json == {"ended": 3}
    assert {refused(each.get("/session"))[0] for each in others} == {401}
    assert mine.get("/session").status_code == stranger.get("/session").status_code == 200
    with site.app.app_context(), reading():
        assert [each.action for each in audit.entries(audit.table.c.action == "end_sessions", limit=5)] == [
            "end_sessions"
        ]


def test_what_ended_by_itself_is_not_listed(plain_site: Site) -> None:
    enter(plain_site, "一")
    plain_site.now += timedelta(minutes=31)
    assert [each["agent"] for each in enter(plain_site, "二").get("/account/sessions").json["items"]] == ["二"]


@pytest.mark.requirement("R-037")
def test_officers_act_from_the_networks_of_the_setting_alone(make_site: MakeSite) -> None:
    site = make_site(admin_networks=("10.1.0.0/16", "fd00::/8"), proxies=1)

    def inside(program: Program, place: str, path: str = "/inbox") -> object:
        return program.get(path, headers={"X-Forwarded-For": place})

    officer, member = site.admin("A1"), as_member(site, "A1-T1-B1")
    for place in ("10.1.200.3", "fd12::1", "::ffff:10.1.0.9"):
        assert inside(officer, place).status_code == 200
    for place in ("10.2.0.1", "203.0.113.9", "fe80::1", "nonsense"):
        assert refused(inside(officer, place)) == (403, "E_FORBIDDEN")
        assert inside(officer, place, "/session").status_code == 200, "what is his own stays his"
        assert inside(member, place, "/own").status_code == 200
    assert refused(officer.get("/inbox", headers={"X-Forwarded-For": "10.1.0.1, 203.0.113.9"})) == (403, "E_FORBIDDEN")


@pytest.mark.requirement("R-037")
def test_who_reaches_the_service_past_the_proxy_chooses_no_address(make_site: MakeSite) -> None:
    site = make_site(admin_networks=("10.1.0.0/16",), proxies=1, proxy_networks=("10.9.0.1/32",))
    officer, said = site.admin("A1"), {"X-Forwarded-For": "10.1.200.3"}
    assert officer.get("/inbox", headers=said, environ_base={"REMOTE_ADDR": "10.9.0.1"}).status_code == 200
    past = officer.get("/inbox", headers=said, environ_base={"REMOTE_ADDR": "203.0.113.9"})
    assert refused(past) == (403, "E_FORBIDDEN")


@pytest.mark.requirement("R-037")
def test_without_the_setting_officers_act_from_everywhere(plain_site: Site) -> None:
    assert plain_site.admin("A1").get("/inbox", environ_base={"REMOTE_ADDR": "203.0.113.9"}).status_code == 200
