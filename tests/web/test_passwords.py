"""Initial passwords by profile: forced change, cut-off, re-activation by the branch, reset by who grants."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from service.domain.accounts.passwords import PasswordKind
from service.domain.accounts.roles import Role
from service.storage import audit
from service.storage.accounts import accounts
from service.storage.db import execute, reading, transaction
from service.storage.members import members
from service.use_cases.accounts.open_account import grant_role
from tests.reference.seeding import PASSWORD, VAULT
from tests.web.conftest import MakeSite
from tests.web.programs import API, Program, Site, refused

STRONG = "清风-明月 2025 夜"


def make_initial(site: Site, *account_ids: int) -> None:
    with site.app.app_context(), transaction():
        for each in account_ids:
            accounts.set_password(each, None, PasswordKind.INITIAL)


def number_of(site: Site, branch: str) -> str:
    with site.app.app_context(), reading():
        person = members.by_id(site.world.people[branch].member_id or 0, VAULT)
    assert person is not None
    return person.member.id_number


def log_in(site: Site, login: str, password: str) -> object:
    return site.stranger().post("/session", {"login_name": login, "password": password})


def program(site: Site, login: str, password: str) -> Program:
    answer = log_in(site, login, password)
    assert answer.status_code == 201, answer.text
    return Program(site.app, {"Authorization": f"Bearer {answer.json['token']}"})


def branches(site: Site) -> Iterator[str]:
    return (code for code in site.world.people if site.world.chains[code][0].is_branch)


def logged(site: Site, action: str) -> list[str]:
    with site.app.app_context(), reading():
        return [each.subject.key for each in audit.entries(audit.table.c.action == action, limit=50)]


@pytest.mark.scenario("S-64")
@pytest.mark.requirement("R-023")
@pytest.mark.requirement("R-022")
def test_who_never_changed_the_initial_password_is_let_in_by_his_branch_after_the_cut_off(make_site: MakeSite) -> None:
    site = make_site("beijing")
    member, login = site.world.people["XU-C1-B1"], number_of(site, "XU-C1-B1")
    make_initial(site, member.account_id)
    site.now = datetime(2017, 6, 30, 2, 0, tzinfo=UTC)
    answer = log_in(site, login, "bj0701")
    assert (answer.status_code, answer.json["awaits"]) == (201, None), "the manual allows working with it"
    site.now = datetime(2017, 7, 1, 2, 0, tzinfo=UTC)
    assert refused(log_in(site, login, "bj0701")) == (403, "E_ACCOUNT_CLOSED")
    assert refused(log_in(site, login, "bj0702")) == (401, "E_LOGIN_FAILED")
    address = f"/members/{member.member_id}/account/activation"
    assert refused(site.admin("XU-C1").post(address)) == (403, "E_FORBIDDEN")
    assert refused(site.admin("XU-C1-B2").post(address)) == (404, "E_MEMBER_NOT_FOUND")
    assert site.admin("XU-C1-B1").post(address).status_code == 204
    assert refused(site.admin("XU-C1-B1").post(address)) == (409, "E_ACTION_NOT_ALLOWED")
    assert log_in(site, login, "bj0701").status_code == 201
    assert logged(site, "reopen_account") == [str(member.account_id)]


@pytest.mark.requirement("R-023")
def test_who_is_inside_at_the_cut_off_goes_through_the_door_again(make_site: MakeSite) -> None:
    site = make_site("beijing")
    make_initial(site, site.world.people["XU-C1-B1"].account_id)
    site.now = datetime(2017, 6, 30, 15, 50, tzinfo=UTC)
    token = {"Authorization": f"Bearer {log_in(site, number_of(site, 'XU-C1-B1'), 'bj0701').json['token']}"}
    browser = site.app.test_client()
    assert browser.get(f"{API}/own", headers=token).status_code == 200
    site.now = datetime(2017, 6, 30, 16, 10, tzinfo=UTC)
    assert refused(browser.get(f"{API}/own", headers=token)) == (401, "E_LOGIN_REQUIRED")


@pytest.mark.requirement("R-022")
def test_a_member_without_an_account_gets_one_with_the_initial_password(make_site: MakeSite) -> None:
    site = make_site("beijing")
    site.now = datetime(2017, 6, 15, 2, 0, tzinfo=UTC)
    member, login = site.world.people["XU-C1-B1"], number_of(site, "XU-C1-B1")
    with site.app.app_context(), transaction():
        execute(sa.delete(accounts.table).where(accounts.table.c.id == member.account_id))
    assert refused(log_in(site, login, "falsch")) == (401, "E_LOGIN_FAILED")
    assert log_in(site, login, "bj0701").json["member_id"] == member.member_id
    assert log_in(site, login, "bj0701").status_code == 201


@pytest.mark.requirement("R-022")
@pytest.mark.parametrize("profile", ["default", "fujian", "national"])
def test_where_there_is_no_initial_password_none_opens_an_account(make_site: MakeSite, profile: str) -> None:
    site = make_site(profile)
    branch = next(branches(site))
    login = number_of(site, branch)
    for kind in (PasswordKind.INITIAL, PasswordKind.OWN):
        with site.app.app_context(), transaction():
            accounts.set_password(site.world.people[branch].account_id, None, kind)
        for guess in ("bj0701", login[-6:]):
            answer = site.stranger().post("/session", {"login_name": login, "password": guess})
            assert refused(answer)[1] in ("E_LOGIN_FAILED", "E_CAPTCHA")
        site.now += timedelta(hours=2)


@pytest.mark.requirement("R-022")
@pytest.mark.requirement("R-021")
def test_the_last_six_of_the_number_open_nothing_but_changing_them(make_site: MakeSite) -> None:
    site = make_site("shandong")
    branch = next(branches(site))
    login, account = number_of(site, branch), site.world.people[branch].account_id
    make_initial(site, account)
    answer = log_in(site, login, login[-6:])
    assert answer.json["awaits"] == "PASSWORD"
    session = Program(site.app, {"Authorization": f"Bearer {answer.json['token']}"})
    assert session.get("/session").json["awaits"] == "PASSWORD"
    for path in ("/own", "/inbox", "/account/sessions", "/account/phone"):
        assert refused(session.get(path)) == (403, "E_PASSWORD_MUST_CHANGE")
    assert refused(session.ask("PUT", "/session/role", json={"grant_id": None})) == (403, "E_PASSWORD_MUST_CHANGE")

    def change(password: str, current: str = login[-6:]) -> object:
        return session.ask("PUT", "/account/password", json={"current": current, "password": password})

    weak = (
        "short",
        "1234567890",
        "password2025",
        f"ab-{login[6:14]}-xy",
        f"我是{'张样例'}的密码呀",
        f"xyzw{login[-6:]}abc",
    )
    for password in weak:
        site.now += timedelta(minutes=16)
        assert refused(change(password)) == (422, "E_PASSWORD_WEAK"), password
    assert refused(change(STRONG, "000000")) == (401, "E_LOGIN_FAILED")
    changed = change(STRONG)
    assert changed.status_code == 200, changed.text
    assert refused(session.get("/session")) == (401, "E_LOGIN_REQUIRED"), "the identifier is new"
    again = Program(site.app, {"Authorization": f"Bearer {changed.json['token']}"})
    assert again.get("/account/phone").status_code == 200
    assert refused(log_in(site, login, login[-6:])) == (401, "E_LOGIN_FAILED")
    assert log_in(site, login, STRONG).json["awaits"] is None
    assert logged(site, "change_password") == [str(account)]


@pytest.mark.requirement("R-021")
def test_a_changed_password_ends_all_other_sessions(plain_site: Site) -> None:
    first, second = plain_site.admin("A1"), plain_site.admin("A1")
    changed = first.ask("PUT", "/account/password", json={"current": PASSWORD, "password": STRONG})
    assert changed.status_code == 200
    assert refused(second.get("/session")) == (401, "E_LOGIN_REQUIRED")
    assert refused(log_in(plain_site, "adm-A1", PASSWORD)) == (401, "E_LOGIN_FAILED")
    assert log_in(plain_site, "adm-A1", STRONG).status_code == 201


def test_the_password_in_force_is_not_guessed_from_a_session_that_was_left_open(plain_site: Site) -> None:
    session = plain_site.admin("A1")
    codes = [
        refused(session.ask("PUT", "/account/password", json={"current": f"falsch {n}", "password": STRONG}))[1]
        for n in range(6)
    ]
    assert codes == ["E_LOGIN_FAILED"] * 5 + ["E_RATE_LIMITED"]


@pytest.mark.scenario("S-65")
@pytest.mark.requirement("R-029")
def test_who_grants_resets_the_password_to_the_initial_one(make_site: MakeSite) -> None:
    site = make_site("beijing-cuc")
    superior, member = site.admin("XU-C1"), site.world.people["XU-C1-B2"]
    login = number_of(site, "XU-C1-B2")
    given = superior.post("/organisations/XU-C1-B2/administrators", {"account_id": member.account_id})
    assert given.status_code == 201, given.text
    theirs = program(site, login, PASSWORD)
    address = f"/organisations/XU-C1-B2/administrators/{given.json['grant_id']}"
    assert superior.ask("DELETE", address).status_code == 204
    reset = f"/organisations/XU-C1-B2/accounts/{member.account_id}/password-reset"
    assert refused(site.admin("XU-C1-B2").post(reset))[0] == 403
    assert superior.post(reset).json == {"kind": "INITIAL", "password": None, "is_code_sent": False}
    assert refused(theirs.get("/session")) == (401, "E_LOGIN_REQUIRED")
    assert refused(log_in(site, login, PASSWORD)) == (401, "E_LOGIN_FAILED")
    answer = log_in(site, login, "bj0701")
    assert (answer.status_code, answer.json["roles"]) == (201, [])
    assert logged(site, "reset_password") == [str(member.account_id)]


@pytest.mark.requirement("R-029")
def test_nobody_resets_the_password_of_strangers_or_of_who_stands_higher(make_site: MakeSite) -> None:
    site = make_site("beijing-cuc")
    superior = site.admin("XU-C1")
    outsider = site.world.people["XU-G1-B1"].account_id
    assert refused(superior.post(f"/organisations/XU-C1-B2/accounts/{outsider}/password-reset")) == (
        403,
        "E_ROLE_NOT_HELD",
    )
    assert refused(superior.post(f"/organisations/XU-G1-B1/accounts/{outsider}/password-reset"))[0] == 403
    higher = site.world.people["XU-C1-B2"].account_id
    with site.app.app_context(), transaction():
        grant_role(higher, Role.COMMITTEE_ADMIN, org_id=site.world.chains["XU"][0].id)
    assert refused(superior.post(f"/organisations/XU-C1-B2/accounts/{higher}/password-reset"))[0] == 403
    with site.app.app_context(), transaction():
        grant_role(site.world.people["XU-C1-B1"].account_id, Role.AUDITOR, org_id=None)
    auditor = site.world.people["XU-C1-B1"].account_id
    assert refused(superior.post(f"/organisations/XU-C1-B1/accounts/{auditor}/password-reset")) == (403, "E_FORBIDDEN")
    assert log_in(site, number_of(site, "XU-C1-B2"), PASSWORD).status_code == 201


@pytest.mark.requirement("R-031")
@pytest.mark.requirement("R-021")
def test_a_virtual_account_is_opened_by_the_superior_with_a_password_told_once(site: Site) -> None:
    superior = site.admin("A2-T1")
    wanted = {"login_name": "v-A2-T1-B1", "name": "河口村党支部虚拟账号"}
    assert refused(site.admin("A1-T1").post("/organisations/A2-T1-B1/virtual-accounts", wanted))[0] == 403
    opened = superior.post("/organisations/A2-T1-B1/virtual-accounts", wanted)
    assert opened.status_code == 201, opened.text
    assert refused(superior.post("/organisations/A2-T1-B1/virtual-accounts", wanted)) == (409, "E_ACCOUNT_EXISTS")
    answer = log_in(site, "V-a2-t1-b1", opened.json["password"])
    assert answer.json["awaits"] == "PASSWORD"
    granted = superior.post("/organisations/A2-T1-B1/administrators", {"account_id": opened.json["account_id"]})
    assert (granted.status_code, granted.json["role"]) == (201, "LIAISON")
