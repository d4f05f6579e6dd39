"""Personal certificates: for the levels of the profile, from the proxy alone, and told of before they end (R-036)."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from service.domain.accounts.roles import Role
from service.storage.db import reading, transaction
from service.storage.messages import notices
from service.use_cases.accounts.open_account import grant_role
from service.use_cases.accounts.own_certificates import warn_of_certificates
from tests.reference.seeding import PASSWORD
from tests.web.conftest import MakeSite
from tests.web.programs import Program, Site, refused

HEADER = "X-SSL-Client-Cert"
YEAR = timedelta(days=365)


class Authority:
    """An issuer of certificates."""

    def __init__(self, name: str = "样例签发机构") -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.certificate = self._signed(self.name, self.key.public_key(), datetime(2015, 1, 1, tzinfo=UTC), 20 * YEAR)

    def issue(self, begin: datetime, lasts: timedelta = YEAR, *, usage: str = "CLIENT_AUTH") -> str:
        """A certificate for a person, as PEM."""
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "管理员")])
        key = ec.generate_private_key(ec.SECP256R1()).public_key()
        return pem(self._signed(subject, key, begin, lasts, usage))

    def _signed(
        self, subject: x509.Name, key: object, begin: datetime, lasts: timedelta, usage: str = ""
    ) -> x509.Certificate:
        builder = x509.CertificateBuilder(self.name, subject, key, x509.random_serial_number(), begin, begin + lasts)
        if usage:
            purpose = getattr(ExtendedKeyUsageOID, usage)
            builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
        return builder.sign(self.key, hashes.SHA256())


def pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


@pytest.fixture
def authority() -> Authority:
    return Authority()


@pytest.fixture
def site(make_site: MakeSite, authority: Authority, tmp_path: Path) -> Site:
    """The media university's profile: primary committees need a certificate."""
    issuers = tmp_path / "issuers.pem"
    issuers.write_text(pem(authority.certificate))
    return make_site(
        "beijing-cuc",
        certificates="profile",
        certificate_header=HEADER,
        certificate_issuers=issuers,
        proxies=1,
        proxy_networks=("127.0.0.1/32",),
    )


def knock(site: Site, certificate: str = "", *, peer: str = "127.0.0.1", login: str = "adm-XU") -> object:
    headers = {HEADER: quote(certificate), "X-Forwarded-For": "10.1.2.3"} if certificate else {}
    body = {"login_name": login, "password": PASSWORD}
    return site.stranger().post("/session", body, headers=headers, environ_base={"REMOTE_ADDR": peer})


def bind(site: Site, certificate: str, code: str = "XU") -> object:
    account = site.world.admins[code].account_id
    superior = site.world.chains[code][1].code
    return site.admin(superior).post(
        f"/organisations/{code}/accounts/{account}/certificates", {"certificate": certificate}
    )


def acting(site: Site, answer: object, certificate: str) -> Program:
    assert answer.status_code == 201, answer.text
    headers = {"Authorization": f"Bearer {answer.json['token']}", HEADER: quote(certificate)}
    return Program(site.app, headers)


@pytest.mark.requirement("R-036")
def test_primary_committees_log_in_with_their_certificate_and_lower_levels_without(
    site: Site, authority: Authority
) -> None:
    own, others = authority.issue(site.now), authority.issue(site.now)
    assert refused(knock(site)) == (403, "E_CERT_REQUIRED")
    assert refused(knock(site, own)) == (403, "E_CERT_REQUIRED"), "nobody bound it to this account"
    assert bind(site, own).status_code == 201
    program = acting(site, knock(site, own), own)
    assert program.get("/inbox").status_code == 200
    assert refused(knock(site, others)) == (403, "E_CERT_REQUIRED")
    assert refused(bind(site, own)) == (422, "E_CERT_INVALID"), "it is one account's"
    assert knock(site, login="adm-XU-C1-B1").status_code == 201
    refusal = site.stranger().post("/session", {"login_name": "adm-XU", "password": "falsch"})
    assert refused(refusal) == (401, "E_LOGIN_FAILED"), "told only to who knows the password"


@pytest.mark.requirement("R-036")
def test_a_header_is_believed_from_the_proxy_alone(site: Site, authority: Authority) -> None:
    own = authority.issue(site.now)
    bind(site, own)
    assert refused(knock(site, own, peer="10.9.9.9")) == (403, "E_CERT_REQUIRED")
    program = acting(site, knock(site, own), own)
    assert program.get("/inbox").status_code == 200
    elsewhere = program.get("/inbox", environ_base={"REMOTE_ADDR": "10.9.9.9"})
    assert refused(elsewhere) == (403, "E_CERT_REQUIRED")


@pytest.mark.requirement("R-036")
def test_without_a_proxy_no_header_is_believed(make_site: MakeSite, authority: Authority, tmp_path: Path) -> None:
    issuers = tmp_path / "issuers.pem"
    issuers.write_text(pem(authority.certificate))
    site = make_site(
        "beijing-cuc", certificates="profile", certificate_header=HEADER, certificate_issuers=issuers, proxies=0
    )
    own = authority.issue(site.now)
    bind(site, own)
    assert refused(knock(site, own)) == (403, "E_CERT_REQUIRED")


@pytest.mark.requirement("R-036")
def test_a_session_goes_with_its_certificate(site: Site, authority: Authority) -> None:
    own, second = authority.issue(site.now), authority.issue(site.now)
    bind(site, own)
    bind(site, second)
    answer = knock(site, own)
    assert refused(acting(site, answer, second).get("/inbox")) == (403, "E_CERT_REQUIRED")
    assert refused(Program(site.app, {"Authorization": f"Bearer {answer.json['token']}"}).get("/inbox"))[0] == 403
    fingerprint = x509.load_pem_x509_certificate(own.encode()).fingerprint(hashes.SHA256()).hex()
    account = site.world.admins["XU"].account_id
    superior = site.admin(site.world.chains["XU"][1].code)
    address = f"/organisations/XU/accounts/{account}/certificates/{fingerprint}"
    assert superior.ask("DELETE", address).status_code == 204
    assert refused(acting(site, answer, own).get("/inbox")) == (401, "E_LOGIN_REQUIRED"), "released: over at once"
    assert refused(knock(site, own)) == (403, "E_CERT_REQUIRED")


@pytest.mark.requirement("R-036")
def test_the_superior_of_a_low_role_keeps_no_certificate_of_a_high_one(site: Site, authority: Authority) -> None:
    own, another = authority.issue(site.now), authority.issue(site.now)
    bind(site, own)
    account = site.world.admins["XU"].account_id
    with site.app.app_context(), transaction():
        grant_role(account, Role.BRANCH_ADMIN, org_id=site.world.chains["XU-C1-B1"][0].id, is_default=False)
    fingerprint = x509.load_pem_x509_certificate(own.encode()).fingerprint(hashes.SHA256()).hex()
    low, path = site.admin("XU-C1"), f"/organisations/XU-C1-B1/accounts/{account}/certificates"
    assert low.get(f"/organisations/XU-C1-B1/accounts/{account}").status_code == 200, "the role itself is his to take"
    assert refused(low.ask("DELETE", f"{path}/{fingerprint}")) == (403, "E_ORG_OUT_OF_SCOPE")
    assert refused(low.post(path, {"certificate": another})) == (403, "E_ORG_OUT_OF_SCOPE")
    assert knock(site, own).status_code == 201
    plain = site.world.admins["XU-C1-B1"].account_id
    others = f"/organisations/XU-C1-B1/accounts/{plain}/certificates"
    assert low.post(others, {"certificate": another}).status_code == 201, "of who has no higher role he keeps them"


@pytest.mark.requirement("R-036")
def test_expired_foreign_and_server_certificates_are_refused(site: Site, authority: Authority) -> None:
    short = authority.issue(site.now, timedelta(hours=1))
    bind(site, short)
    program = acting(site, knock(site, short), short)
    site.now += timedelta(minutes=20)
    assert program.get("/inbox").status_code == 200
    site.now += timedelta(minutes=41)
    assert refused(knock(site, short)) == (403, "E_CERT_EXPIRED")
    assert refused(bind(site, short)) == (403, "E_CERT_EXPIRED")
    foreign = Authority().issue(site.now)
    server = authority.issue(site.now, usage="SERVER_AUTH")
    for certificate in (foreign, server, "nonsense"):
        assert refused(bind(site, certificate)) == (422, "E_CERT_INVALID")
        assert refused(knock(site, certificate)) == (403, "E_CERT_REQUIRED")
    assert refused(bind(site, authority.issue(site.now + timedelta(days=1)))) == (403, "E_CERT_EXPIRED"), "not yet"


@pytest.mark.requirement("R-036")
def test_who_ends_while_he_is_here_is_told_so(site: Site, authority: Authority) -> None:
    short = authority.issue(site.now, timedelta(minutes=10))
    bind(site, short)
    program = acting(site, knock(site, short), short)
    site.now += timedelta(minutes=11)
    assert refused(program.get("/inbox")) == (403, "E_CERT_EXPIRED")


@pytest.mark.requirement("R-036")
def test_thirty_days_before_the_end_the_holder_is_told_once_and_renews_it_himself(
    site: Site, authority: Authority
) -> None:
    old = authority.issue(site.now)
    bind(site, old)
    account = site.world.admins["XU"].account_id

    def told() -> list[str]:
        with site.app.app_context():
            warn_of_certificates(now=site.now)
            with reading():
                return [each.kind for each in notices.to_account(account, limit=9)]

    site.now += YEAR - timedelta(days=31)
    assert told() == []
    site.now += timedelta(days=2)
    assert told() == told() == ["certificate_expires"]
    program = acting(site, knock(site, old), old)
    new = authority.issue(site.now)
    assert program.post("/account/certificates", {"certificate": new}).status_code == 201
    assert len(program.get("/account/certificates").json["items"]) == 2
    assert knock(site, new).status_code == 201
    assert refused(site.admin("XU-C1-B1").post("/account/certificates", {"certificate": new})) == (
        403,
        "E_CERT_REQUIRED",
    )


@pytest.mark.requirement("R-036")
def test_a_role_that_needs_a_certificate_is_not_switched_to_without(site: Site, authority: Authority) -> None:
    account = site.world.admins["XU-C1-B1"].account_id
    with site.app.app_context(), transaction():
        grant_id = grant_role(account, Role.COMMITTEE_ADMIN, org_id=site.world.chains["XU"][0].id, is_default=False)
    program = site.admin("XU-C1-B1")
    assert refused(program.ask("PUT", "/session/role", json={"grant_id": grant_id})) == (403, "E_CERT_REQUIRED")
    assert program.get("/inbox").status_code == 200
