"""Accounts of others on pages: opened, reset, told once; certificates bound, renewed, released (R-023, R-029–R-036)."""

import io
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from service.domain.accounts.passwords import PasswordKind
from service.domain.members.members import MemberKind
from service.storage.accounts import accounts
from service.storage.db import reading, transaction
from service.storage.members import member_details, members
from tests.reference.seeding import PASSWORD
from tests.web.conftest import MakeSite
from tests.web.letters_by_phone import authorisation_code, sms_code, texts
from tests.web.programs import Site
from tests.web.test_account_pages import csrf, visit
from tests.web.test_activation import NAME, NUMBER, PHONE, officer
from tests.web.test_certificates import HEADER, YEAR, Authority, pem
from tests.web.test_passwords import number_of

_ONCE = re.compile(r'id="once">([^<]+)<')


def once(text: str) -> str:
    found = _ONCE.search(text)
    assert found is not None, text
    return found[1]


@pytest.mark.requirement("R-031")
@pytest.mark.requirement("R-029")
def test_a_virtual_account_is_opened_and_reset_and_its_password_told_once(site: Site) -> None:
    superior, path = visit(site, "adm-A1-T1", PASSWORD), "/organisations/A1-T1-B1/accounts"
    token = csrf(superior, path)
    wanted = {"csrf": token, "login_name": "v-liuxi", "name": "柳溪虚拟"}
    opened = superior.post(f"{path}/virtual", data=wanted)
    issued = once(opened.text)
    assert issued not in superior.get(path).text
    again = superior.post(f"{path}/virtual", data=wanted)
    assert (again.status_code, "E_ACCOUNT_EXISTS" in again.text) == (409, True)
    client = visit(site, "v-liuxi", issued)
    assert client.get("/account").location == "/account/password", "an issued one is changed"
    grants = superior.post("/organisations/A1-T1-B1/administrators/find", data={"csrf": token, "text": "v-liuxi"})
    account = re.search(r'name="account" value="(\d+)"', grants.text)
    assert account is not None
    given = {"csrf": token, "account": account[1], "role": "LIAISON"}
    assert superior.post("/organisations/A1-T1-B1/administrators", data=given).status_code == 303
    own = f"{path}/{account[1]}"
    assert own in superior.get(path).text
    asked = superior.post(f"{own}/password-reset", data={"csrf": token})
    assert ("确认重置“柳溪虚拟”的密码？" in asked.text, "只显示一次" in asked.text, own in asked.text) == (True,) * 3
    visit(site, "v-liuxi", issued)  # as nothing was done yet
    factors = superior.post(f"{own}/second-factors", data={"csrf": token})
    assert "确认解除“柳溪虚拟”的二次验证？" in factors.text
    reset = superior.post(f"{own}/password-reset", data={"csrf": token, "sure": "yes"})
    assert once(reset.text) not in (issued, superior.get(own).text)
    assert client.get("/account").location.startswith("/log-in"), "all sessions ended"
    visit(site, "v-liuxi", once(reset.text))


@pytest.mark.requirement("R-029")
@pytest.mark.requirement("R-039")
def test_the_page_is_for_who_grants_alone(site: Site) -> None:
    path = "/organisations/A1-T1-B1/accounts"
    account = site.world.admins["A1-T1-B1"].account_id
    for login in ("adm-A1", "adm-A2-T1", "adm-A1-T1-B1"):
        client = visit(site, login, PASSWORD)
        for each in (path, f"{path}/{account}"):
            assert client.get(each).status_code == 403, (login, each)
    superior = visit(site, "adm-A1-T1", PASSWORD)
    assert superior.get(f"{path}/{account}").status_code == 200
    stranger = site.world.people["A2-T1-B1"].account_id
    assert superior.get(f"{path}/{stranger}").status_code == 403
    assert superior.get(f"{path}/99999").status_code == 404
    number = number_of(site, "A1-T1-B1")
    found = superior.post(f"{path}/find", data={"csrf": csrf(superior, path), "text": number})
    assert f"{path}/{site.world.people['A1-T1-B1'].account_id}" in found.text
    elsewhere = number_of(site, "A1-T1-B2")
    assert (
        "没有此人的账号" in superior.post(f"{path}/find", data={"csrf": csrf(superior, path), "text": elsewhere}).text
    )


@pytest.mark.requirement("R-034")
def test_where_the_profile_has_no_security_officers_they_are_offered_nothing(site: Site) -> None:
    officer(site)
    security = visit(site, "adm-A2", PASSWORD)
    assert 'href="/accounts"' not in security.get("/account").text
    assert security.get("/accounts").status_code == 403
    assert security.get("/organisations/A1-T1-B1/accounts").status_code == 403


@pytest.mark.requirement("R-034")
def test_a_security_officer_brings_in_an_administrator_and_the_code_goes_to_his_telephone(make_site: MakeSite) -> None:
    site = make_site("shandong")
    officer(site)
    security = visit(site, "adm-A2", PASSWORD)
    assert 'href="/accounts"' in security.get("/account").text
    assert "/organisations/A1-T1/accounts" in security.get("/accounts").text
    assert security.get("/accounts?organisation=A1-T1-B1").location == "/organisations/A1-T1-B1/accounts"
    assert "没有这个党组织" in security.get("/accounts?organisation=nothing").text
    path = "/organisations/A1-T1-B1/accounts"
    token = csrf(security, path)
    wrong = security.post(f"{path}/officers", data={"csrf": token, "officer": NAME, "id_number": "1", "phone": PHONE})
    assert (wrong.status_code, "E_ID_FORMAT" in wrong.text) == (422, True)
    reported = {"csrf": token, "officer": NAME, "id_number": NUMBER, "phone": PHONE}
    opened = security.post(f"{path}/officers", data=reported)
    assert ("账号已开通" in opened.text, NUMBER in opened.text, texts(site, PHONE)) == (True, False, [])
    with site.app.app_context(), reading():
        newest = max(each for each in range(1, 500) if accounts.by_id(each))
    given = {"csrf": token, "account": str(newest), "role": "DATA_COLLECTOR"}
    assert security.post("/organisations/A1-T1-B1/administrators", data=given).status_code == 303
    first = authorisation_code(site, PHONE)
    asked = security.post(f"{path}/{newest}/password-reset", data={"csrf": token})
    assert f"确认重置“{NAME}”的密码？" in asked.text
    reset = security.post(f"{path}/{newest}/password-reset", data={"csrf": token, "sure": "yes"})
    assert "授权码已发到本人手机" in reset.text
    assert authorisation_code(site, PHONE) not in (first, reset.text)


@pytest.mark.requirement("R-033")
def test_an_administrator_binds_the_telephone_of_a_member_on_the_page(site: Site) -> None:
    member = site.world.people["A1-T1-B1"].member_id
    branch, path = visit(site, "adm-A1-T1-B1", PASSWORD), f"/members/{member}/phone"
    assert path in branch.get(f"/members/{member}").text
    token = csrf(branch, path)
    assert branch.post(f"{path}/code", data={"csrf": token, "phone": "1"}).status_code == 422
    assert 'name="sms_code"' in branch.post(f"{path}/code", data={"csrf": token, "phone": PHONE}).text
    given = {"csrf": token, "phone": PHONE, "sms_code": "00000000"}
    assert branch.post(path, data=given).status_code == 422
    done = branch.post(path, data=given | {"sms_code": sms_code(site, PHONE)}, follow_redirects=True)
    assert ("手机已绑定" in done.text, "139****0031" in done.text) == (True, True)
    assert visit(site, "adm-A2-T1", PASSWORD).get(path).status_code == 404


@pytest.mark.requirement("R-023")
def test_the_branch_opens_a_closed_account_again_on_the_page(make_site: MakeSite) -> None:
    site = make_site("beijing")
    member, login = site.world.people["XU-C1-B1"], number_of(site, "XU-C1-B1")
    with site.app.app_context(), transaction():
        accounts.set_password(member.account_id, None, PasswordKind.INITIAL)
    site.now = datetime(2017, 7, 3, 2, 0, tzinfo=UTC)
    path = f"/members/{member.member_id}"
    college, branch = visit(site, "adm-XU-C1", PASSWORD), visit(site, "adm-XU-C1-B1", PASSWORD)
    assert "由所在党支部的管理员激活" in college.get(path).text
    assert college.post(f"{path}/account/activation", data={"csrf": csrf(college, path)}).status_code == 403
    assert "仍用初始密码" in branch.get(path).text
    done = branch.post(f"{path}/account/activation", data={"csrf": csrf(branch, path)}, follow_redirects=True)
    assert ("账号已激活" in done.text, "仍用初始密码" in done.text) == (True, False)
    visit(site, login, "bj0701")


@pytest.mark.requirement("R-033")
def test_a_landline_is_cleared_from_ones_own_record(site: Site) -> None:
    member = site.world.people["A1-T1-B1"]
    login = number_of(site, "A1-T1-B1")
    client = visit(site, login, PASSWORD)
    assert "清空固定电话" not in client.get("/account").text
    with site.app.app_context():
        landline(site, member.member_id or 0, "0591-1234567")
    page = client.get("/account").text
    assert "清空固定电话" in page
    token = csrf(client, "/account")
    assert client.post("/account/phone/clear", data={"csrf": token}).status_code == 303
    assert "清空固定电话" not in client.get("/account").text
    assert client.post("/account/phone/clear", data={"csrf": token}).status_code == 409


def landline(site: Site, member_id: int, number: str) -> None:
    vault = site.world.deployment.vault
    with transaction():
        person = members.by_id(member_id, vault)
        assert person is not None
        details, version = member_details.of_member(person, vault)
        member_details.save(
            replace(person.member, mobile=number, kind=MemberKind.FULL),
            details,
            person_key=person.person_key,
            version=version,
            now=site.now,
            vault=vault,
        )


@pytest.fixture
def university(make_site: MakeSite, tmp_path: Path) -> tuple[Site, Authority]:
    """The media university's profile: primary committees need a certificate."""
    authority, issuers = Authority(), tmp_path / "issuers.pem"
    issuers.write_text(pem(authority.certificate))
    site = make_site(
        "beijing-cuc",
        certificates="profile",
        certificate_header=HEADER,
        certificate_issuers=issuers,
        proxies=1,
        proxy_networks=("127.0.0.1/32",),
    )
    return site, authority


def holder(site: Site, certificate: str) -> FlaskClient:
    client = site.app.test_client()
    client.environ_base |= {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_SSL_CLIENT_CERT": quote(certificate)}
    answer = client.post("/log-in", data={"login": "adm-XU", "password": PASSWORD})
    assert answer.status_code == 303, answer.text
    return client


@pytest.mark.requirement("R-036")
def test_a_certificate_is_bound_warned_of_renewed_and_released_on_pages(university: tuple[Site, Authority]) -> None:
    site, authority = university
    old, account = authority.issue(site.now), site.world.admins["XU"].account_id
    superior, path = visit(site, "adm-XM-E", PASSWORD), f"/organisations/XU/accounts/{account}"
    assert "凭证书登录" in superior.get(path).text
    token = csrf(superior, path)
    empty = superior.post(f"{path}/certificates", data={"csrf": token, "certificate": ""})
    assert (empty.status_code, "E_REQUIRED_FIELD" in empty.text) == (422, True)
    foreign = superior.post(f"{path}/certificates", data={"csrf": token, "certificate": Authority().issue(site.now)})
    assert (foreign.status_code, "E_CERT_INVALID" in foreign.text) == (422, True)
    as_file = {"csrf": token, "file": (io.BytesIO(old.encode()), "own.pem")}
    assert "证书已登记" in superior.post(f"{path}/certificates", data=as_file, follow_redirects=True).text
    assert "30 天内到期" not in superior.get(path).text
    client = holder(site, old)
    assert "30 天内到期" not in client.get("/account").text
    site.now += YEAR - timedelta(days=29)
    client = holder(site, old)
    assert ("30 天内到期" in client.get("/account").text, "续期登记" in client.get("/account/certificates").text) == (
        True,
        True,
    )
    new = authority.issue(site.now)
    renewed = {"csrf": csrf(client, "/account/certificates"), "certificate": new}
    assert "新证书已登记" in client.post("/account/certificates", data=renewed, follow_redirects=True).text
    superior = visit(site, "adm-XM-E", PASSWORD)
    fingerprints = re.findall(r'name="fingerprint" value="(\w{64})"', superior.get(path).text)
    assert len(fingerprints) == 2
    released = {"csrf": csrf(superior, path), "fingerprint": fingerprints[1]}
    assert "证书已注销" in superior.post(f"{path}/certificates/release", data=released, follow_redirects=True).text
    assert client.get("/account").status_code in (303, 403), "sessions opened with it ended"
    assert holder(site, new).get("/account/certificates").text.count("有效期至") == 1
    other = visit(site, "adm-XU-C1", PASSWORD)
    assert "没有登记数字证书" in other.get("/account/certificates").text
