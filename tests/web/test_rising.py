"""Nobody comes by more rights than he was given: not by those he gives, resets or keeps the record of."""

from collections.abc import Mapping

import pytest

from service.definitions import forms
from service.domain.accounts.roles import BY_OPERATOR, Role
from service.storage.accounts import grants
from service.storage.accounts.grants import NewGrant
from service.storage.db import reading, transaction
from service.storage.members import members
from service.use_cases.accounts.open_account import open_account
from tests.reference.seeding import PASSWORD
from tests.web.conftest import MakeSite
from tests.web.letters_by_phone import sms_code, texts
from tests.web.programs import Program, Site, refused
from tests.web.test_administrators import account_of, as_member, grant
from tests.web.test_passwords import STRONG, number_of

MINE = "13900000077"


def give(site: Site, account: int, role: Role, org: str | None, *, is_default: bool = True) -> int:
    with site.app.app_context(), transaction():
        org_id = site.world.chains[org][0].id if org else None
        return grants.add(NewGrant(account, role, org_id, is_default=is_default))


def officer(site: Site, role: Role, org: str | None) -> int:
    """A virtual account with one of the roles that only the operator gives."""
    with site.app.app_context(), transaction():
        account = open_account(role.value, name=role.value, password=PASSWORD, deployment=site.world.deployment)
    give(site, account, role, org)
    return account


def refusals(site: Site, program: Program, code: str, account: int) -> set[tuple[int, str]]:
    with site.app.app_context(), reading():
        known = next(each.id for each in grants.of_account(account) if each.org_code == code)
    administrator, path = f"/organisations/{code}/administrators/{known}", f"/organisations/{code}/accounts/{account}"
    asked = (
        program.ask("DELETE", administrator),
        program.ask("PUT", administrator, json={"is_default": True, "valid_until": "2030-01-01"}),
        program.post(f"{path}/password-reset"),
        program.ask("DELETE", f"{path}/second-factors"),
    )
    return {refused(each) for each in asked}


@pytest.mark.requirement("R-034")
@pytest.mark.requirement("R-029")
@pytest.mark.parametrize("role", sorted(BY_OPERATOR))
def test_whom_the_operator_appointed_for_an_organisation_nobody_removes_or_resets(
    make_site: MakeSite, role: Role
) -> None:
    site = make_site("shandong")
    account = officer(site, role, "A1-T1")
    if role is not Role.SECURITY_OFFICER:
        officer(site, Role.SECURITY_OFFICER, None)
        assert refusals(site, site.program(Role.SECURITY_OFFICER.value), "A1-T1", account) == {(403, "E_FORBIDDEN")}
    site = make_site("national")
    code = next(code for code, chain in site.world.chains.items() if len(chain) > 2 and code in site.world.admins)
    account = officer(site, role, code)
    superior = site.admin(site.world.chains[code][1].code)
    assert refusals(site, superior, code, account) == {(403, "E_FORBIDDEN")}


@pytest.mark.requirement("R-028")
@pytest.mark.requirement("R-039")
def test_rights_go_to_ones_own_people_and_never_to_oneself(make_site: MakeSite) -> None:
    site = make_site("national")
    code, superior = "GU-1-B1", "GU-1"
    program = site.admin(superior)
    assert refused(grant(program, code, account_of(site, "RC1-T-B1"))) == (422, "E_CANDIDATE_NOT_MEMBER")
    assert refused(grant(program, code, site.world.admins[superior].account_id)) == (403, "E_FORBIDDEN")
    assert refused(grant(program, code, officer(site, Role.AUDITOR, superior))) == (403, "E_FORBIDDEN")
    assert grant(program, code, account_of(site, code)).status_code == 201


@pytest.mark.requirement("R-026")
@pytest.mark.requirement("R-039")
def test_nobody_records_a_duty_for_himself_that_confers_a_role(make_site: MakeSite) -> None:
    site = make_site("beijing")
    code = next(iter(site.world.people))
    person, superior = site.world.people[code], site.world.chains[code][1].code
    give(site, person.account_id, Role.COMMITTEE_ADMIN, superior)
    himself, path = as_member(site, code), f"/organisations/{code}/duties/{person.member_id}"
    assert refused(himself.ask("PUT", path, json={"duty": "SECRETARY"})) == (403, "E_FORBIDDEN")
    assert himself.get(f"/organisations/{code}/administrators").json["duties"] == []


@pytest.mark.requirement("R-025")
def test_a_role_given_during_a_session_wants_the_second_factor_that_was_not_asked_for(make_site: MakeSite) -> None:
    site = make_site("national", second_factor="required")
    member = as_member(site, "GU-1-B1")
    assert member.get("/session").json["awaits"] is None
    given = give(site, account_of(site, "GU-1-B1"), Role.COMMITTEE_ADMIN, "GU-1")
    switched = member.ask("PUT", "/session/role", json={"grant_id": given}).json
    assert switched["awaits"] == "ENROLMENT"
    acting = Program(site.app, {"Authorization": f"Bearer {switched['token']}"})
    assert refused(acting.get("/organisations/GU-1/members")) == (403, "E_SECOND_FACTOR_MISSING")


def record_phone(site: Site, program: Program, branch: str, phone: str) -> None:
    """The telephone on the record of a member, as whoever keeps the record writes it."""
    path = f"/members/{site.world.people[branch].member_id}"
    shown = program.get(path).json
    whole = {
        "joined_on": "2010-01-01", "full_on": "2011-01-01", "native_place": "样例", "education": "BACHELOR",
        "work_post": "样例", "professional_title": "样例", "social_stratum": "无", "home_address": "样例",
        "other_contact": "13900000001", "mobile": phone,
    }  # fmt: skip
    schema = answers_that_fit(whole)
    edited = program.ask("PUT", path, json={"version": shown["version"], "answers": shown["answers"] | schema})
    assert edited.status_code == 200, edited.text


def answers_that_fit(wanted: Mapping[str, str]) -> dict[str, str]:
    fields = {field.name: field for field in forms.form("member", "record").fields}
    options = {name: [each.value for each in fields[name].options] for name in wanted if fields[name].options}
    return {name: options[name][0] if name in options else text for name, text in wanted.items()}


@pytest.mark.requirement("R-033")
@pytest.mark.requirement("R-035")
def test_the_telephone_on_record_opens_no_account_with_a_role_nor_one_with_a_bound_number(site: Site) -> None:
    branch = "A1-T1-B1"
    role = give(site, account_of(site, branch), Role.LIAISON, "P")
    keeper, claim = site.admin("A1-T1"), {"name": "张样例", "id_number": number_of(site, branch), "phone": MINE}
    record_phone(site, keeper, branch, MINE)
    assert site.stranger().post("/activation/codes", claim).status_code == 204
    assert texts(site, MINE) == []
    path = f"/members/{site.world.people[branch].member_id}/account/phone"
    assert refused(keeper.post(f"{path}/codes", {"phone": MINE})) == (403, "E_ORG_OUT_OF_SCOPE")
    with site.app.app_context(), transaction():
        grants.remove(role)
    own = as_member(site, branch)
    own.post("/account/phone/codes", {"phone": "13900000009"})
    bound = {"phone": "13900000009", "sms_code": sms_code(site, "13900000009"), "proof": PASSWORD}
    assert own.ask("PUT", "/account/phone", json=bound).status_code == 204
    site.stranger().post("/activation/codes", claim)
    assert texts(site, MINE) == []
    with site.app.app_context(), reading():
        person = members.by_id(site.world.people[branch].member_id or 0, site.world.deployment.vault)
    assert person is not None
    assert person.member.mobile == MINE
    site.stranger().post("/activation/codes", claim | {"phone": "13900000009"})
    answer = claim | {"phone": "13900000009", "sms_code": sms_code(site, "13900000009"), "password": STRONG}
    assert site.stranger().post("/activation", answer).status_code == 204
