"""Activation: authorisation code of a week, name and number as imported, code by short message, a password of one's own."""

from datetime import timedelta

import pytest

from service.domain.accounts.codes import AUTHORISATION_GOOD_FOR
from service.domain.accounts.passwords import PasswordKind
from service.domain.accounts.roles import Role
from service.storage import audit
from service.storage.accounts import accounts, grants
from service.storage.accounts.grants import NewGrant
from service.storage.db import reading, transaction
from tests.web.conftest import MakeSite
from tests.web.letters_by_phone import authorisation_code, sms_code, texts
from tests.web.programs import Program, Site, refused
from tests.web.test_passwords import STRONG, log_in, number_of

PHONE, NUMBER, NAME = "13900000031", "379901197811300031", "王样例"


@pytest.fixture
def shandong(make_site: MakeSite) -> Site:
    return make_site("shandong")


def officer(site: Site, scope: str = "A1-T1") -> Program:
    """A security officer with one organisation as his scope."""
    account = site.world.admins["A2"].account_id
    with site.app.app_context(), transaction():
        for each in grants.of_account(account):
            grants.remove(each.id)
        grants.add(NewGrant(account, Role.SECURITY_OFFICER, site.world.chains[scope][0].id, is_default=True))
    return site.admin("A2")


def imported(site: Site) -> int:
    """An administrator who was reported, with the role for data collection."""
    security = officer(site)
    reported = {"name": NAME, "id_number": NUMBER, "phone": PHONE}
    opened = security.post("/organisations/A1-T1-B1/officers", reported)
    assert opened.status_code == 201, opened.text
    assert texts(site, PHONE) == []
    wanted = {"account_id": opened.json["account_id"], "role": "DATA_COLLECTOR", "is_default": True}
    granted = security.post("/organisations/A1-T1-B1/administrators", wanted)
    assert granted.status_code == 201, granted.text
    return int(opened.json["account_id"])


def claim(site: Site, **more: str) -> dict[str, str]:
    made = {"name": NAME, "id_number": NUMBER, "phone": PHONE, "authorisation_code": authorisation_code(site, PHONE)}
    return made | more


def activate(site: Site, **more: str) -> object:
    made = claim(site, password=STRONG) | more
    if "sms_code" not in made:
        made["sms_code"] = sms_code(site, PHONE)
    return site.stranger().post("/activation", made)


def send(site: Site, **more: str) -> object:
    return site.stranger().post("/activation/codes", claim(site, **more))


@pytest.mark.requirement("R-034")
@pytest.mark.requirement("R-035")
def test_an_imported_administrator_activates_his_account_with_both_codes(shandong: Site) -> None:
    account = imported(shandong)
    assert refused(log_in(shandong, NUMBER, NUMBER[-6:])) == (401, "E_LOGIN_FAILED"), "not before it is activated"
    assert send(shandong).status_code == 204
    assert activate(shandong).status_code == 204
    answer = log_in(shandong, NUMBER, STRONG)
    assert (answer.status_code, answer.json["awaits"]) == (201, None)
    assert [each["role"] for each in answer.json["roles"]] == ["DATA_COLLECTOR"]
    with shandong.app.app_context(), reading():
        found = accounts.by_id(account)
        log = {each.action for each in audit.entries(audit.table.c.subject_key == str(account), limit=50)}
    assert found is not None
    assert found.has_phone, "by which the password is recovered"
    assert log == {"open_account", "authorise", "issue_authorisation", "bind_phone", "activate_account"}
    assert refused(activate(shandong)) == (422, "E_AUTH_CODE_INVALID"), "a code is good once"


@pytest.mark.requirement("R-034")
def test_only_a_security_officer_brings_administrators_in_and_only_in_his_scope(shandong: Site) -> None:
    reported = {"name": NAME, "id_number": NUMBER, "phone": PHONE}
    assert refused(shandong.admin("A1-T1").post("/organisations/A1-T1-B1/officers", reported)) == (403, "E_FORBIDDEN")
    security = officer(shandong)
    assert refused(security.post("/organisations/A1-T2-B1/officers", reported))[0] == 403
    assert refused(security.post("/organisations/A1-T1-B1/officers", reported | {"phone": "0530-1234567"})) == (
        422,
        "E_PHONE_FORMAT",
    )
    assert refused(security.post("/organisations/A1-T1-B1/officers", reported | {"id_number": NUMBER[:-1] + "2"})) == (
        422,
        "E_ID_CHECKSUM",
    )
    assert security.post("/organisations/A1-T1-B1/officers", reported).status_code == 201
    assert refused(security.post("/organisations/A1-T1-B1/officers", reported)) == (409, "E_ACCOUNT_EXISTS")


@pytest.mark.requirement("R-035")
@pytest.mark.requirement("R-034")
def test_whatever_differs_from_what_was_imported_is_refused(shandong: Site) -> None:
    imported(shandong)
    send(shandong)
    for wrong in ({"name": "王样本"}, {"id_number": "379901198501010017"}):
        assert refused(activate(shandong, **wrong)) == (422, "E_ACTIVATION_MISMATCH")
    assert refused(activate(shandong, authorisation_code="ABCDEFGHJKLM")) == (422, "E_AUTH_CODE_INVALID")
    assert refused(activate(shandong, sms_code="00000000")) == (422, "E_SMS_CODE_INVALID")
    assert refused(activate(shandong, phone="13900000032")) == (422, "E_SMS_CODE_INVALID")
    assert refused(activate(shandong, password="1234567890")) == (422, "E_PASSWORD_WEAK")
    assert refused(log_in(shandong, NUMBER, STRONG)) == (401, "E_LOGIN_FAILED")
    assert activate(shandong).status_code == 204


@pytest.mark.requirement("R-034")
def test_an_authorisation_code_is_good_for_a_week(shandong: Site) -> None:
    imported(shandong)
    shandong.now += AUTHORISATION_GOOD_FOR - timedelta(seconds=1)
    send(shandong)
    shandong.now += timedelta(seconds=2)
    assert refused(activate(shandong)) == (422, "E_AUTH_CODE_EXPIRED")


@pytest.mark.requirement("R-035")
def test_strangers_do_not_learn_who_has_an_account(shandong: Site) -> None:
    imported(shandong)
    before = texts(shandong, PHONE)
    known, unknown = (
        refused(activate(shandong, sms_code="1", authorisation_code="X" * 12, id_number=each))
        for each in (NUMBER, "379901198501010017")
    )
    assert known == unknown == (422, "E_AUTH_CODE_INVALID")
    for wrong in ({"authorisation_code": "X" * 12}, {"name": "王样本"}):
        assert send(shandong, **wrong).status_code == 204
    assert texts(shandong, PHONE) == before
    for _ in range(7):
        assert send(shandong).status_code == 204, "that too many were sent is told to nobody"
    assert len(texts(shandong, PHONE)) == len(before) + 5


@pytest.mark.requirement("R-033")
@pytest.mark.requirement("R-022")
def test_where_the_telephone_on_record_is_enough_a_member_activates_with_it(site: Site) -> None:
    branch = "A2-T1-B1"
    member, number = site.world.people[branch], number_of(site, branch)
    with site.app.app_context(), transaction():
        accounts.set_password(member.account_id, None, PasswordKind.OWN)
    made = {"name": member.name, "id_number": number, "phone": "13900000001"}
    other = made | {"phone": "13900000002"}
    for each in (made, other):
        assert site.stranger().post("/activation/codes", each).status_code == 204
    assert texts(site, "13900000002") == []
    code = sms_code(site, "13900000001")
    for wrong in (other | {"sms_code": code}, made | {"sms_code": "00000000"}):
        assert refused(site.stranger().post("/activation", wrong | {"password": STRONG})) == (422, "E_SMS_CODE_INVALID")
    done = site.stranger().post("/activation", made | {"sms_code": code, "password": STRONG})
    assert done.status_code == 204, done.text
    assert log_in(site, number, STRONG).status_code == 201


@pytest.mark.requirement("R-035")
def test_nothing_is_activated_where_the_profile_knows_no_activation(make_site: MakeSite) -> None:
    site = make_site("beijing-cuc")
    made = {"name": NAME, "id_number": NUMBER, "phone": PHONE}
    assert refused(site.stranger().post("/activation/codes", made)) == (403, "E_FORBIDDEN")


@pytest.mark.requirement("R-029")
@pytest.mark.requirement("R-034")
def test_a_reset_without_initial_password_sends_a_new_authorisation_code(make_site: MakeSite) -> None:
    site = make_site("default")
    branch = "A1-T1-B1"
    member = site.world.people[branch]
    reset = site.admin("A1-T1").post(f"/organisations/{branch}/accounts/{member.account_id}/password-reset")
    assert reset.json == {"kind": "OWN", "password": None, "is_code_sent": True}
    made = {"name": member.name, "id_number": number_of(site, branch), "phone": "13900000001"}
    made["authorisation_code"] = authorisation_code(site, "13900000001")
    assert site.stranger().post("/activation/codes", made).status_code == 204
    done = made | {"sms_code": sms_code(site, "13900000001"), "password": STRONG}
    assert site.stranger().post("/activation", done).status_code == 204
    assert log_in(site, made["id_number"], STRONG).status_code == 201


@pytest.mark.requirement("R-029")
def test_a_reset_where_nobody_activates_tells_a_password_once(make_site: MakeSite) -> None:
    site = make_site("national")
    branch = "GU-1-B1"
    member = site.world.people[branch]
    reset = site.admin("GU-1").post(f"/organisations/{branch}/accounts/{member.account_id}/password-reset").json
    assert (reset["kind"], reset["is_code_sent"]) == ("ISSUED", False)
    answer = log_in(site, number_of(site, branch), reset["password"])
    assert (answer.status_code, answer.json["awaits"]) == (201, "PASSWORD")
