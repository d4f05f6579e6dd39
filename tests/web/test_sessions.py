"""Logging in and out: sessions live on the server, end when they must, and nobody learns who has an account."""

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from service.domain.accounts.roles import Role
from service.storage.accounts import accounts
from service.storage.db import execute, reading, transaction
from service.use_cases.accounts.open_account import grant_role
from tests.reference.seeding import PASSWORD
from tests.web.conftest import MakeSite
from tests.web.programs import API, Program, Site, problem, refused


def log_in(site: Site, login: str, password: str = PASSWORD, **wishes: object) -> object:
    return site.stranger().post("/session", {"login_name": login, "password": password}, **wishes)


def bearer(answer: object, site: Site) -> Program:
    return Program(site.app, {"Authorization": f"Bearer {answer.json['token']}"})


def test_who_logs_in_is_told_who_he_is_and_which_roles_he_has(site: Site) -> None:
    answer = log_in(site, "adm-A1")
    assert answer.status_code == 201
    assert answer.json["name"] == "管理员A1"
    assert [(role["role"], role["org_code"], role["is_default"]) for role in answer.json["roles"]] == [
        ("LOCAL_ADMIN", "A1", True)
    ]
    shown = bearer(answer, site).get("/session").json
    assert shown == {name: value for name, value in answer.json.items() if name not in ("token", "device")}


@pytest.mark.requirement("R-021")
def test_log_in_names_are_read_without_regard_to_case_and_blanks(site: Site) -> None:
    assert log_in(site, " ADM-a1 ").status_code == 201


def test_the_token_is_kept_as_a_digest_only(site: Site) -> None:
    token = log_in(site, "adm-A1").json["token"]
    assert len(token) >= 43  # 256 bits in base64
    with site.app.app_context(), reading():
        rows = execute(sa.select(accounts.sessions)).all()
    assert len(rows) == 1
    assert token not in str(rows)


def test_a_cookie_is_closed_to_scripts_and_to_other_sites(make_site: MakeSite) -> None:
    cookie = log_in(make_site(), "adm-A1").headers["Set-Cookie"]
    assert cookie.startswith("zhuanjie=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    secure = log_in(make_site(secure_cookies=True), "adm-A1")
    assert secure.headers["Set-Cookie"].startswith("__Host-zhuanjie=")
    assert "Secure" in secure.headers["Set-Cookie"].split("; ")
    assert "Strict-Transport-Security" in secure.headers


def test_each_log_in_has_a_token_of_its_own(site: Site) -> None:
    assert log_in(site, "adm-A1").json["token"] != log_in(site, "adm-A1").json["token"]


def test_after_logging_out_the_token_is_worthless(site: Site) -> None:
    program = site.admin("A1")
    assert program.ask("DELETE", "/session").status_code == 204
    assert refused(program.get("/session")) == (401, "E_LOGIN_REQUIRED")


def test_a_token_that_nobody_was_given_opens_nothing(site: Site) -> None:
    for token in ("", "x", "x" * 5000, "é", "' OR 1=1 --"):
        assert refused(Program(site.app, {"Authorization": f"Bearer {token}"}).get("/inbox")) == (
            401,
            "E_LOGIN_REQUIRED",
        )
    assert site.stranger().get("/inbox").headers["WWW-Authenticate"] == "Bearer"


def test_a_session_ends_when_it_is_not_used(site: Site) -> None:
    program = site.admin("A1")
    for _ in range(3):
        site.now += timedelta(minutes=29)
        assert program.get("/session").status_code == 200
    site.now += timedelta(minutes=31)
    assert refused(program.get("/session")) == (401, "E_LOGIN_REQUIRED")


def test_a_session_ends_after_half_a_day_in_any_case(site: Site) -> None:
    program = site.admin("A1")
    for _ in range(36):
        site.now += timedelta(minutes=20)
        last = program.get("/session")
    assert last.status_code == 200
    site.now += timedelta(minutes=1)
    assert refused(program.get("/session")) == (401, "E_LOGIN_REQUIRED")


def test_a_closed_account_has_no_session_any_more(site: Site) -> None:
    program = site.admin("A1")
    with site.app.app_context(), transaction():
        execute(sa.update(accounts.table).values(status="CLOSED"))
    assert refused(program.get("/session")) == (401, "E_LOGIN_REQUIRED")
    assert refused(log_in(site, "adm-A1")) == (401, "E_LOGIN_FAILED")


@pytest.mark.requirement("R-024")
def test_switching_the_role_gives_a_new_token_and_ends_the_old_one(site: Site) -> None:
    with site.app.app_context(), transaction():
        account = site.world.admins["A1"].account_id
        second = grant_role(account, Role.AUDITOR, org_id=None, is_default=False)
    before = site.admin("A1")
    answer = before.ask("PUT", "/session/role", json={"grant_id": second})
    assert answer.status_code == 200
    assert answer.json["grant_id"] == second
    assert refused(before.get("/session")) == (401, "E_LOGIN_REQUIRED")
    assert bearer(answer, site).get("/session").json["grant_id"] == second


@pytest.mark.requirement("R-024")
def test_nobody_acts_in_a_role_he_does_not_hold(site: Site) -> None:
    foreign = site.admin("A2").get("/session").json["grant_id"]
    program = site.admin("A1")
    for chosen in (foreign, 2**31 - 1, None):
        assert refused(program.ask("PUT", "/session/role", json={"grant_id": chosen})) == (403, "E_ROLE_NOT_HELD")
    assert program.get("/session").status_code == 200


def test_unknown_names_and_wrong_passwords_are_refused_alike(site: Site) -> None:
    known, unknown = (problem(log_in(site, login, "falsch")) for login in ("adm-A1", "adm-NOBODY"))
    assert known["code"] == "E_LOGIN_FAILED"
    assert {**known, "request_id": ""} == {**unknown, "request_id": ""}


def test_unknown_names_take_as_long_as_wrong_passwords(plain_site: Site) -> None:
    def seconds(login: str) -> float:
        began = time.perf_counter()
        log_in(plain_site, login, "falsch")
        return time.perf_counter() - began

    pairs = [(seconds(f"adm-{code}"), seconds(f"nobody-{code}")) for code in list(plain_site.world.admins)[:12]]
    known, unknown = (statistics.median(found) for found in zip(*pairs, strict=True))
    assert 0.5 < unknown / known < 2, pairs


def test_many_guesses_at_once_are_no_way_around_the_limit(site: Site) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda number: log_in(site, "adm-A1", f"falsch {number}"), range(24)))
    codes = [refused(answer)[1] for answer in answers]
    assert 3 <= codes.count("E_LOGIN_FAILED") <= 5, codes
    assert set(codes) <= {"E_LOGIN_FAILED", "E_CAPTCHA", "E_RATE_LIMITED"}


def test_one_address_cannot_try_many_names(plain_site: Site) -> None:
    codes = [refused(log_in(plain_site, f"adm-{number}", "falsch"))[1] for number in range(51)]
    assert codes == ["E_LOGIN_FAILED"] * 50 + ["E_RATE_LIMITED"]
    assert refused(log_in(plain_site, "adm-A1")) == (429, "E_RATE_LIMITED")
    elsewhere = log_in(plain_site, "adm-A1", environ_base={"REMOTE_ADDR": "10.0.0.9"})
    assert elsewhere.status_code == 201


def test_the_address_behind_a_proxy_is_believed_only_where_there_is_one(make_site: MakeSite) -> None:
    for proxies, expected in ((0, "E_RATE_LIMITED"), (1, "E_LOGIN_FAILED")):
        site = make_site(proxies=proxies)
        for number in range(51):
            answer = log_in(site, f"adm-{number}", "falsch", headers={"X-Forwarded-For": f"9.9.9.9, 10.0.0.{number}"})
        assert refused(answer)[1] == expected


def test_successes_do_not_count_against_an_address(plain_site: Site) -> None:
    assert [log_in(plain_site, "adm-A1").status_code for _ in range(60)] == [201] * 60


def test_the_session_is_noted_as_used_at_most_once_a_minute(site: Site) -> None:
    program = site.admin("A1")

    def noted() -> object:
        with site.app.app_context(), reading():
            return execute(sa.select(accounts.sessions.c.seen_at)).scalar_one()

    first = noted()
    site.now += timedelta(seconds=50)
    program.get("/session")
    assert noted() == first
    site.now += timedelta(seconds=20)
    program.get("/session")
    assert noted() == site.now


def test_a_browser_needs_its_cookie_only_to_read(site: Site) -> None:
    browser = site.app.test_client()
    browser.post(f"{API}/session", json={"login_name": "adm-A1", "password": PASSWORD})
    assert browser.get(f"{API}/session").status_code == 200
