"""Roles and duties through the interface: granted by the superior, changed, taken back, over at their last day."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from service.domain.accounts.roles import Role
from service.storage import audit
from service.storage.accounts import accounts, grants
from service.storage.accounts.grants import NewGrant
from service.storage.db import execute, only_reads, reading, transaction
from service.storage.members import members
from service.use_cases.administrators.change_grant import end_expired_grants
from tests.reference.seeding import PASSWORD, VAULT
from tests.web.conftest import MakeSite
from tests.web.programs import API, Program, Site, refused


def account_of(site: Site, branch: str) -> int:
    return site.world.people[branch].account_id


def bind_phone(site: Site, account_id: int, index: str = "i" * 64) -> None:
    with site.app.app_context(), transaction():
        row = accounts.table.c.id == account_id
        execute(sa.update(accounts.table).where(row).values(phone_index=index, phone_sealed=b"x"))


def add_officer(site: Site, role: Role, org: str | None = None) -> Program:
    """An account with one of the roles of the whole deployment."""
    with site.app.app_context(), transaction():
        account = site.world.admins["A1-T1-B2"].account_id
        execute(sa.delete(grants.table).where(grants.table.c.account_id == account))
        org_id = site.world.chains[org][0].id if org else None
        grants.add(NewGrant(account, role, org_id, is_default=True))
    return site.admin("A1-T1-B2")


def as_member(site: Site, branch: str) -> Program:
    """A program of a branch's member, who logs in by his number."""
    with site.app.app_context(), reading():
        person = members.by_id(site.world.people[branch].member_id or 0, VAULT)
    assert person is not None
    return site.program(person.member.id_number)


def grant(program: Program, code: str, account_id: int, **wanted: object) -> object:
    return program.post(f"/organisations/{code}/administrators", {"account_id": account_id, **wanted})


@pytest.mark.scenario("S-46")
@pytest.mark.requirement("R-031")
@pytest.mark.requirement("R-025")
def test_a_liaison_is_appointed_once_his_telephone_is_bound(site: Site) -> None:
    superior, member = site.admin("A1-T1"), account_of(site, "A1-T1-B1")
    assert refused(grant(superior, "A1-T1-B1", member)) == (409, "E_PHONE_NOT_ACTIVATED")
    bind_phone(site, member)
    given = grant(superior, "A1-T1-B1", member, is_default=True, division="组织")
    assert given.status_code == 201
    assert (given.json["role"], given.json["division"], given.json["is_default"]) == ("LIAISON", "组织", True)
    assert refused(grant(superior, "A1-T1-B1", member)) == (409, "E_ROLE_DUPLICATE")
    shown = superior.get("/organisations/A1-T1-B1/administrators").json
    assert member in [each["account_id"] for each in shown["grants"]]
    assert shown["roles"] == ["LIAISON"]
    with site.app.app_context(), reading():
        log = audit.entries(audit.table.c.action == "authorise", limit=5)
    assert [each.subject.key for each in log] == [str(member)]


@pytest.mark.requirement("R-039")
@pytest.mark.requirement("R-027")
def test_who_is_not_above_sees_and_grants_nothing(site: Site) -> None:
    member = account_of(site, "A1-T1-B1")
    for other in ("A1-T2", "A2-T1", "A1-T1-B2"):
        program = site.admin(other)
        assert refused(program.get("/organisations/A1-T1-B1/administrators")) == (403, "E_ORG_OUT_OF_SCOPE")
        assert refused(grant(program, "A1-T1-B1", member)) == (403, "E_ORG_OUT_OF_SCOPE")
    own = site.admin("A1-T1-B1").get("/organisations/A1-T1-B1/administrators")
    assert own.json["roles"] == []
    assert refused(grant(site.admin("A1"), "A1-T1-B1", member)) == (403, "E_ORG_OUT_OF_SCOPE")


@pytest.mark.scenario("S-65")
@pytest.mark.requirement("R-028")
@pytest.mark.requirement("R-029")
def test_only_members_of_the_branch_are_found_fit_and_a_role_taken_back_ends_its_sessions(make_site: MakeSite) -> None:
    site = make_site("beijing-cuc")
    branches = [code for code, chain in site.world.chains.items() if chain[0].is_branch]
    code, superior = next((code, site.world.chains[code][1].code) for code in branches if code in site.world.people)
    other = next(each for each in branches if each != code and site.world.chains[each][1].code == superior)
    program = site.admin(superior)
    stranger, member = account_of(site, other), account_of(site, code)
    assert refused(grant(program, code, stranger)) == (422, "E_CANDIDATE_NOT_IN_BRANCH")
    given = grant(program, code, member, is_default=True)
    assert given.status_code == 201, given.text
    login = site.world.people[code].name
    found = program.get(f"/organisations/{code}/administrators/candidates?text={login}").json["items"]
    assert {each["hindrance"] for each in found if each["account_id"] == member} == {"E_ROLE_DUPLICATE"}
    session = as_member(site, code)
    assert session.get("/session").json["grant_id"] == given.json["grant_id"]
    address = f"/organisations/{code}/administrators/{given.json['grant_id']}"
    assert program.ask("DELETE", address).status_code == 204
    assert session.get("/session").status_code == 401
    assert refused(program.ask("DELETE", address)) == (403, "E_ROLE_NOT_HELD")


@pytest.mark.scenario("S-47")
@pytest.mark.requirement("R-030")
def test_a_secretary_without_the_role_of_a_liaison_decides_nothing(site: Site) -> None:
    superior, person = site.admin("A1-T1"), site.world.people["A1-T1-B1"]
    answer = superior.ask("PUT", f"/organisations/A1-T1-B1/duties/{person.member_id}", json={"duty": "SECRETARY"})
    assert answer.status_code == 204, answer.text
    shown = superior.get("/organisations/A1-T1-B1/administrators").json
    assert [(each["member_id"], each["duty"]) for each in shown["duties"]] == [(person.member_id, "SECRETARY")]
    assert person.account_id not in [each["account_id"] for each in shown["grants"]]


@pytest.mark.requirement("R-026")
def test_a_duty_confers_its_role_and_takes_it_along(make_site: MakeSite) -> None:
    site = make_site("beijing")
    code = next(iter(site.world.people))
    superior, person = site.admin(site.world.chains[code][1].code), site.world.people[code]
    address = f"/organisations/{code}/duties/{person.member_id}"

    def roles() -> list[tuple[str, str | None]]:
        shown = superior.get(f"/organisations/{code}/administrators").json["grants"]
        return [(each["role"], each["duty"]) for each in shown if each["account_id"] == person.account_id]

    assert superior.ask("PUT", address, json={"duty": "SECRETARY"}).status_code == 204
    assert roles() == [("BRANCH_ADMIN", "SECRETARY")]
    assert superior.ask("PUT", address, json={"duty": "COMMITTEE_MEMBER"}).status_code == 204
    assert roles() == [("BRANCH_ADMIN", "COMMITTEE_MEMBER")]
    assert superior.ask("PUT", address, json={"duty": None}).status_code == 204
    assert roles() == []


@pytest.mark.requirement("R-024")
def test_a_role_ends_with_its_last_day(site: Site) -> None:
    superior, member = site.admin("A1-T1"), account_of(site, "A1-T1-B1")
    bind_phone(site, member)
    last = site.now.date()
    given = grant(superior, "A1-T1-B1", member, is_default=True, valid_until=last.isoformat())
    assert given.status_code == 201, given.text
    session = as_member(site, "A1-T1-B1")
    assert session.get("/session").json["grant_id"] == given.json["grant_id"]
    site.now += timedelta(hours=23)
    with site.app.app_context():
        execute_seen(site)
    assert session.get("/session").status_code == 401
    assert as_member(site, "A1-T1-B1").get("/session").json["grant_id"] is None
    with site.app.app_context():
        assert end_expired_grants(now=site.now) == 1
        assert end_expired_grants(now=site.now) == 0


def execute_seen(site: Site) -> None:
    """As if all had been at work to this moment: no session is idle."""
    with transaction():
        execute(sa.update(accounts.sessions).values(seen_at=site.now, created_at=site.now))


@pytest.mark.requirement("R-034")
def test_a_security_officer_grants_the_collector_within_his_scope(make_site: MakeSite) -> None:
    site = make_site("shandong")
    officer, member = add_officer(site, Role.SECURITY_OFFICER, "A1"), account_of(site, "A1-T1-B1")
    assert grant(officer, "A1-T1", member, role="DATA_COLLECTOR").status_code == 201
    assert refused(grant(officer, "A2-T1", member)) == (403, "E_ORG_OUT_OF_SCOPE")
    assert refused(grant(site.admin("A1"), "A1-T1", member)) == (403, "E_FORBIDDEN")


def test_the_database_takes_nothing_from_an_auditor(site: Site) -> None:
    auditor = add_officer(site, Role.AUDITOR)
    assert auditor.get("/session").status_code == 200
    answers = {"message": 1, "read": True}
    for method, address in (("POST", "/transfers"), ("PUT", "/notices/read"), ("POST", "/organisations")):
        assert auditor.ask(method, address, json=answers).status_code >= 400
    assert auditor.ask("DELETE", "/session").status_code == 204
    assert auditor.get("/session").status_code == 401
    client = site.app.test_client(use_cookies=False)
    answer = client.post(f"{API}/session", json={"login_name": "adm-A1", "password": PASSWORD})
    assert answer.status_code == 201


def test_nothing_can_be_written_where_only_reading_is_allowed(site: Site) -> None:
    with site.app.app_context(), only_reads(), pytest.raises(Exception, match="E_FORBIDDEN"), transaction():
        execute(sa.update(accounts.table).values(status="CLOSED"))
    with site.app.app_context(), transaction():
        assert set(execute(sa.select(accounts.table.c.status)).scalars()) == {"ACTIVE"}
