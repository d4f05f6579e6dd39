"""Telephones: bound by a code, one number one regular account, and the owner of the older binding is told."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from service.domain.accounts import codes as rules
from service.domain.accounts.guessing import Limit
from service.domain.accounts.roles import Role
from service.storage import audit
from service.storage.db import execute, reading, transaction
from service.storage.members import members
from service.storage.messages import notices, outbox
from service.use_cases.accounts import sms_codes
from service.use_cases.accounts.open_account import grant_role
from tests.reference.seeding import PASSWORD, VAULT, World
from tests.web.letters_by_phone import sms_code, texts
from tests.web.programs import Program, Site, refused

PHONE = "13900000009"


def person(site: Site, name: str, branch: str = "A2-T1-B1") -> tuple[int, int, Program]:
    """A further member: account, member and a program of his."""
    with site.app.app_context():
        actor = World.newcomer(site.world, branch, name=name)
        with reading():
            number = members.by_id(actor.member_id or 0, VAULT)
    assert number is not None
    site.open_log_ins()
    return actor.account_id, actor.member_id or 0, site.program(number.member.id_number)


def bind(program: Program, site: Site, phone: str = PHONE, path: str = "/account/phone") -> object:
    sent = program.post(f"{path}/codes", {"phone": phone})
    assert sent.status_code == 204, sent.text
    own = {"proof": PASSWORD} if path == "/account/phone" else {}
    return program.ask("PUT", path, json={"phone": phone, "sms_code": sms_code(site, phone), **own})


def appoint(site: Site, account_id: int) -> object:
    return site.admin("A2-T1").post("/organisations/A2-T1-B1/administrators", {"account_id": account_id})


@pytest.mark.scenario("S-46")
@pytest.mark.requirement("R-031")
@pytest.mark.requirement("R-032")
@pytest.mark.requirement("R-033")
def test_a_liaison_needs_a_bound_number_and_loses_it_to_who_binds_it_later(site: Site) -> None:
    feng, _, fengs = person(site, "冯样例")
    chen, _, chens = person(site, "陈样例")
    assert refused(appoint(site, feng)) == (409, "E_PHONE_NOT_ACTIVATED")
    opened = site.admin("A2-T1").post(
        "/organisations/A2-T1-B1/virtual-accounts", {"login_name": "v-A2-T1-B1", "name": "虚拟账号"}
    )
    virtual = opened.json["account_id"]
    assert appoint(site, virtual).status_code == 201
    assert bind(fengs, site).status_code == 204
    assert fengs.get("/account/phone").json == {"phone": "139****0009"}
    assert bind(chens, site).status_code == 204
    assert chens.get("/account/phone").json == {"phone": "139****0009"}
    assert fengs.get("/account/phone").json == {"phone": ""}
    assert refused(appoint(site, feng)) == (409, "E_PHONE_NOT_ACTIVATED")
    with site.app.app_context(), reading():
        told = {(each.account_id, each.kind) for who in (feng, chen) for each in notices.to_account(who, limit=9)}
        log = audit.entries(audit.table.c.action == "unbind_phone", limit=9)
    assert told == {(feng, "phone_unbound"), (chen, "phone_bound")}
    assert [each.subject.key for each in log] == [str(feng)]


@pytest.mark.requirement("R-032")
def test_a_virtual_account_shares_the_number_of_a_person(site: Site) -> None:
    _, _, fengs = person(site, "冯样例")
    assert bind(fengs, site).status_code == 204
    assert bind(site.admin("A2-T1-B1"), site).status_code == 204
    assert fengs.get("/account/phone").json == {"phone": "139****0009"}
    assert site.admin("A2-T1-B1").get("/account/phone").json == {"phone": "139****0009"}


@pytest.mark.requirement("R-033")
def test_an_administrator_binds_with_the_code_that_the_member_reads_out(site: Site) -> None:
    _, member, fengs = person(site, "冯样例")
    path = f"/members/{member}/account/phone"
    for other in ("A1-T1-B1", "A2-T2"):
        assert refused(site.admin(other).post(f"{path}/codes", {"phone": PHONE})) == (404, "E_MEMBER_NOT_FOUND")
    assert refused(fengs.post(f"{path}/codes", {"phone": PHONE})) == (404, "E_MEMBER_NOT_FOUND")
    branch = site.admin("A2-T1-B1")
    assert branch.post(f"{path}/codes", {"phone": PHONE}).status_code == 204
    assert refused(branch.ask("PUT", path, json={"phone": PHONE, "sms_code": "00000000"})) == (
        422,
        "E_SMS_CODE_INVALID",
    )
    code = sms_code(site, PHONE)
    assert branch.ask("PUT", path, json={"phone": PHONE, "sms_code": f"{code[:4]} {code[4:]}"}).status_code == 204
    assert fengs.get("/account/phone").json == {"phone": "139****0009"}


@pytest.mark.requirement("R-033")
@pytest.mark.parametrize("phone", ["0591-12345678", "1390000000", "139000000099", "a3900000009", ""])
def test_only_a_mobile_can_be_bound(still_site: Site, phone: str) -> None:
    program = still_site.admin("A2-T1-B1")
    assert refused(program.post("/account/phone/codes", {"phone": phone or " "})) == (422, "E_PHONE_FORMAT")


@pytest.mark.requirement("R-033")
def test_a_landline_is_cleared_and_a_mobile_is_not(plain_site: Site) -> None:
    _, member, fengs = person(plain_site, "冯样例")
    assert refused(fengs.ask("DELETE", "/account/phone")) == (409, "E_ACTION_NOT_ALLOWED")
    with plain_site.app.app_context(), transaction():
        found = members.by_id(member, VAULT)
        assert found is not None
        sealed = VAULT.seal_text(found.person_key, "0591-12345678")
        own = members.table.c.id == member
        execute(sa.update(members.table).where(own).values(mobile_sealed=sealed))
    assert fengs.ask("DELETE", "/account/phone").status_code == 204
    with plain_site.app.app_context(), reading():
        assert members.by_id(member, VAULT).member.mobile == ""


@pytest.mark.requirement("R-033")
def test_a_stolen_session_binds_no_number_that_would_open_the_account(site: Site) -> None:
    _, _, fengs = person(site, "冯样例")
    assert fengs.post("/account/phone/codes", {"phone": PHONE}).status_code == 204
    own = {"phone": PHONE, "sms_code": sms_code(site, PHONE)}
    assert refused(fengs.ask("PUT", "/account/phone", json=own)) == (422, "E_REQUIRED_FIELD")
    assert refused(fengs.ask("PUT", "/account/phone", json=own | {"proof": "falsch"})) == (401, "E_LOGIN_FAILED")
    assert fengs.get("/account/phone").json == {"phone": ""}
    assert fengs.ask("PUT", "/account/phone", json=own | {"proof": PASSWORD}).status_code == 204


@pytest.mark.requirement("R-033")
def test_a_code_has_eight_digits_five_tries_ten_minutes_and_is_good_once(site: Site) -> None:
    program = site.admin("A2-T1-B1")

    def answer(code: str) -> tuple[int, str] | int:
        answered = program.ask("PUT", "/account/phone", json={"phone": PHONE, "sms_code": code, "proof": PASSWORD})
        return 204 if answered.status_code == 204 else refused(answered)

    def send() -> str:
        assert program.post("/account/phone/codes", {"phone": PHONE}).status_code == 204
        return sms_code(site, PHONE)

    code = send()
    wrong = f"{(int(code) + 1) % 10**8:08d}"
    assert [answer(wrong) for _ in range(5)] == [(422, "E_SMS_CODE_INVALID")] * 5
    assert answer(code) == (422, "E_SMS_CODE_INVALID"), "the sixth answer is one too many"
    late = send()
    site.now += rules.SMS_GOOD_FOR + timedelta(seconds=1)
    assert answer(late) == (422, "E_SMS_CODE_EXPIRED")
    older, newer = send(), send()
    assert answer(older) == (422, "E_SMS_CODE_INVALID")
    assert answer(newer) == 204
    assert answer(newer) == (422, "E_SMS_CODE_INVALID")
    send()
    assert refused(program.post("/account/phone/codes", {"phone": PHONE})) == (429, "E_RATE_LIMITED"), "five a day"
    assert len(texts(site, PHONE)) == 5


def test_neither_code_nor_number_lies_open_in_the_outbox(plain_site: Site) -> None:
    assert plain_site.admin("A2-T1-B1").post("/account/phone/codes", {"phone": PHONE}).status_code == 204
    with plain_site.app.app_context(), reading():
        rows = str(execute(sa.select(outbox.table)).all())
    assert PHONE not in rows
    assert sms_code(plain_site, PHONE) not in rows


def test_very_many_wrong_codes_are_told_to_the_operator_and_stop(
    plain_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sms_codes, "_WRONG", Limit("sms:wrong", 3, timedelta(minutes=1)))
    operator = plain_site.world.admins["A1"].account_id
    with plain_site.app.app_context(), transaction():
        grant_role(operator, Role.SYSTEM_ADMIN, org_id=None, is_default=False)
    program = plain_site.admin("A2-T1-B1")
    wrong = {"phone": PHONE, "sms_code": "00000000", "proof": PASSWORD}
    codes = [refused(program.ask("PUT", "/account/phone", json=wrong))[1] for _ in range(5)]
    assert codes == ["E_SMS_CODE_INVALID"] * 3 + ["E_RATE_LIMITED"] * 2
    with plain_site.app.app_context(), reading():
        assert [each.kind for each in notices.to_account(operator, limit=9)] == ["codes_guessed"]
