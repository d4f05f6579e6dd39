"""Second factors: nothing is open before they were shown, each code is good once, and the session is a new one after."""

from datetime import timedelta

import pyotp
import pytest

from service.storage import audit
from service.storage.db import reading
from service.storage.messages import notices
from tests.reference.seeding import PASSWORD
from tests.web.conftest import MakeSite
from tests.web.programs import Program, Site, refused
from tests.web.soft_key import SoftKey

ORIGIN = "http://localhost"


def enter(site: Site, login: str = "adm-A1", **more: str) -> tuple[Program, dict]:
    answer = site.stranger().post("/session", {"login_name": login, "password": PASSWORD, **more})
    assert answer.status_code == 201, answer.text
    return bearer(site, answer), answer.json


def bearer(site: Site, answer: object) -> Program:
    return Program(site.app, {"Authorization": f"Bearer {answer.json['token']}"})


def with_totp(site: Site) -> tuple[pyotp.TOTP, list[str], Program]:
    """An authenticator set up for adm-A1, its recovery codes, and the session that set it up."""
    program, _ = enter(site)
    begun = program.post("/account/second-factors/totp", {"name": "手机"})
    assert begun.json["image"].startswith("data:image/svg+xml")
    totp = pyotp.TOTP(begun.json["secret"])
    assert refused(program.ask("PUT", "/account/second-factors/totp", json={"code": "000000"}))[0] == 422
    _, answer = enter(site)
    assert answer["awaits"] is None, "a secret counts once a first code has come"
    done = program.ask("PUT", "/account/second-factors/totp", json={"code": totp.at(site.now)})
    assert done.status_code == 200, done.text
    assert len(done.json["recovery_codes"]) == 10
    assert refused(program.get("/session")) == (401, "E_LOGIN_REQUIRED"), "the identifier is new"
    return totp, done.json["recovery_codes"], bearer(site, done)


def show(program: Program, code: str) -> object:
    return program.post("/session/second-factor", {"code": code})


def test_who_set_up_an_authenticator_is_asked_for_it_before_anything_is_open(site: Site) -> None:
    totp, _, first = with_totp(site)
    assert first.get("/inbox").status_code == 200
    site.now += timedelta(minutes=1)
    program, answer = enter(site)
    assert answer["awaits"] == "SECOND_FACTOR"
    for path in ("/inbox", "/account/second-factors", "/account/sessions", "/account/phone"):
        assert refused(program.get(path)) == (403, "E_SECOND_FACTOR_REQUIRED")
    change = {"current": PASSWORD, "password": "清风-明月 2025 夜"}
    assert refused(program.ask("PUT", "/account/password", json=change)) == (403, "E_SECOND_FACTOR_REQUIRED")
    switch = program.ask("PUT", "/session/role", json={"grant_id": answer["roles"][0]["grant_id"]})
    assert refused(switch) == (403, "E_SECOND_FACTOR_REQUIRED")
    assert refused(show(program, "000000")) == (422, "E_SECOND_FACTOR_INVALID")
    code = totp.at(site.now)
    shown = show(program, f"{code[:3]} {code[3:]}")
    assert shown.status_code == 200, shown.text
    assert refused(program.get("/session")) == (401, "E_LOGIN_REQUIRED"), "the identifier is new"
    assert bearer(site, shown).get("/inbox").status_code == 200
    again, _ = enter(site)
    assert refused(show(again, code)) == (422, "E_SECOND_FACTOR_INVALID"), "a code is good once"


def test_a_code_of_long_ago_or_of_another_account_is_none(plain_site: Site) -> None:
    totp, _, _ = with_totp(plain_site)
    plain_site.now += timedelta(minutes=5)
    program, _ = enter(plain_site)
    for code in (totp.at(plain_site.now - timedelta(minutes=2)), pyotp.TOTP(pyotp.random_base32()).at(plain_site.now)):
        assert refused(show(program, code)) == (422, "E_SECOND_FACTOR_INVALID")


def test_codes_are_not_guessed(site: Site) -> None:
    totp, _, _ = with_totp(site)
    site.now += timedelta(minutes=1)
    program, _ = enter(site)
    codes = [refused(show(program, f"{number:06d}"))[1] for number in range(5)]
    other, _ = enter(site)
    assert codes == ["E_SECOND_FACTOR_INVALID"] * 5
    assert refused(show(other, totp.at(site.now))) == (429, "E_RATE_LIMITED"), "a new session is no new start"
    site.now += timedelta(minutes=16)
    assert show(other, totp.at(site.now)).status_code == 200


def test_a_recovery_code_is_good_once_and_kept_as_an_index(site: Site) -> None:
    _, recovery, session = with_totp(site)
    site.now += timedelta(minutes=1)
    program, _ = enter(site)
    assert show(program, recovery[0].upper()).status_code == 200
    again, _ = enter(site)
    assert refused(show(again, recovery[0])) == (422, "E_SECOND_FACTOR_INVALID")
    assert session.get("/account/second-factors").json["recovery_left"] == 9
    path = "/account/second-factors/recovery-codes"
    assert refused(session.post(path, {})) == (422, "E_REQUIRED_FIELD")
    assert refused(session.post(path, {"proof": "falsch"})) == (401, "E_LOGIN_FAILED"), "each of them opens the account"
    renewed = session.post(path, {"proof": PASSWORD}).json["recovery_codes"]
    assert refused(show(again, recovery[1])) == (422, "E_SECOND_FACTOR_INVALID")
    assert show(again, renewed[0]).status_code == 200
    with site.app.app_context(), reading():
        log = [each.action for each in audit.entries(audit.table.c.subject_kind == "account", limit=50)]
    assert {"add_second_factor", "use_recovery_code", "renew_recovery_codes"} <= set(log)


def removal(session: Program) -> str:
    """The address under which the first factor is taken away."""
    found = session.get("/account/second-factors").json["items"]
    return f"/account/second-factors/{found[0]['factor_id']}/removal"


def test_whoever_takes_the_last_one_away_is_asked_no_more(plain_site: Site) -> None:
    _, _, session = with_totp(plain_site)
    address = removal(session)
    other = plain_site.admin("A2")
    assert refused(other.post(address, {"proof": PASSWORD})) == (404, "E_NOT_FOUND")
    assert session.post(address, {"proof": PASSWORD}).status_code == 204
    assert enter(plain_site)[1]["awaits"] is None


@pytest.mark.parametrize("proof", ["password", "code", "recovery code"])
def test_a_factor_is_taken_away_with_fresh_proof_alone_and_its_holder_is_told(plain_site: Site, proof: str) -> None:
    totp, recovery, session = with_totp(plain_site)
    plain_site.now += timedelta(minutes=1)
    address = removal(session)
    assert refused(session.post(address, {})) == (422, "E_REQUIRED_FIELD")
    for wrong in ("falsch", "000000", "abcdefghjkmn"):
        assert refused(session.post(address, {"proof": wrong})) == (401, "E_LOGIN_FAILED")
    assert enter(plain_site)[1]["awaits"] == "SECOND_FACTOR", "a session alone takes nothing away"
    right = {"password": PASSWORD, "code": totp.at(plain_site.now), "recovery code": recovery[3]}[proof]
    assert session.post(address, {"proof": right}).status_code == 204
    assert enter(plain_site)[1]["awaits"] is None
    account = plain_site.world.admins["A1"].account_id
    with plain_site.app.app_context(), reading():
        assert {"factor_added", "factor_removed"} <= {each.kind for each in notices.to_account(account, limit=9)}
        log = audit.entries(audit.table.c.subject_kind == "account", limit=9)
    assert "remove_second_factor" in {each.action for each in log}


def test_proof_is_not_guessed(plain_site: Site) -> None:
    _, _, session = with_totp(plain_site)
    address = removal(session)
    codes = [refused(session.post(address, {"proof": f"{number:06d}"}))[1] for number in range(5)]
    assert codes == ["E_LOGIN_FAILED"] * 5
    assert refused(session.post(address, {"proof": PASSWORD})) == (429, "E_RATE_LIMITED")
    plain_site.now += timedelta(minutes=16)
    assert session.post(address, {"proof": PASSWORD}).status_code == 204


def test_where_it_is_required_administrators_set_one_up_first(make_site: MakeSite) -> None:
    site = make_site(second_factor="required")
    program, answer = enter(site)
    assert answer["awaits"] == "ENROLMENT"
    assert refused(program.get("/inbox")) == (403, "E_SECOND_FACTOR_MISSING")
    begun = program.post("/account/second-factors/totp", {})
    code = pyotp.TOTP(begun.json["secret"]).at(site.now)
    done = program.ask("PUT", "/account/second-factors/totp", json={"code": code})
    assert bearer(site, done).get("/inbox").status_code == 200


def test_a_superior_takes_lost_second_factors_away(plain_site: Site) -> None:
    with_totp(plain_site)
    account = plain_site.world.admins["A1"].account_id
    address = f"/organisations/A1/accounts/{account}/second-factors"
    assert refused(plain_site.admin("A2").ask("DELETE", address))[0] == 403
    assert plain_site.admin("CA").ask("DELETE", address).status_code == 204
    assert enter(plain_site)[1]["awaits"] is None


def test_a_passkey_signs_in_and_a_copy_of_it_does_not(site: Site) -> None:
    program, _ = enter(site)
    key = SoftKey(ORIGIN)
    options = program.post("/account/second-factors/passkey/options").json["public_key"]
    made = program.post("/account/second-factors/passkey", {"name": "密钥", "credential": key.make(options)})
    assert made.status_code == 200, made.text
    assert len(made.json["recovery_codes"]) == 10

    def signed(with_key: SoftKey) -> object:
        session, answer = enter(site)
        assert answer["awaits"] == "SECOND_FACTOR"
        asked = session.post("/session/passkey/options")
        return session.post("/session/passkey", {"credential": with_key.sign(asked.json["public_key"])})

    shown = signed(key)
    assert shown.status_code == 200, shown.text
    assert bearer(site, shown).get("/inbox").status_code == 200
    assert signed(key).status_code == 200
    copy = SoftKey(ORIGIN, key.key, key.name, count=0)
    assert refused(signed(copy)) == (422, "E_SECOND_FACTOR_INVALID"), "its counter stands still"
    assert refused(signed(SoftKey("http://localhost.evil.example", key.key, key.name, count=9)))[0] == 422
    assert refused(signed(SoftKey(ORIGIN, name=key.name, count=9)))[0] == 422
    assert refused(signed(SoftKey(ORIGIN)))[1] in ("E_SECOND_FACTOR_INVALID", "E_RATE_LIMITED")


def test_a_challenge_is_answered_once(plain_site: Site) -> None:
    program, _ = enter(plain_site)
    key = SoftKey(ORIGIN)
    options = program.post("/account/second-factors/passkey/options").json["public_key"]
    plain_site.now += timedelta(minutes=6)
    late = program.post("/account/second-factors/passkey", {"credential": key.make(options)})
    assert refused(late) == (422, "E_SECOND_FACTOR_INVALID")
    options = program.post("/account/second-factors/passkey/options").json["public_key"]
    assert refused(program.post("/account/second-factors/passkey", {"credential": {}}))[0] == 422
    answer = program.post("/account/second-factors/passkey", {"credential": key.make(options)})
    assert refused(answer) == (422, "E_SECOND_FACTOR_INVALID")


@pytest.mark.parametrize("credential", [{}, {"id": 1}, {"rawId": "é"}, {"rawId": "x", "response": []}])
def test_nonsense_is_refused_and_no_fault(plain_site: Site, credential: dict) -> None:
    _, _, session = with_totp(plain_site)
    assert session.post("/account/second-factors/passkey/options").status_code == 201
    assert refused(session.post("/account/second-factors/passkey", {"credential": credential}))[0] == 422
    plain_site.now += timedelta(minutes=1)
    program, _ = enter(plain_site)
    assert refused(program.post("/session/passkey", {"credential": credential}))[0] == 422


def test_sessions_opened_without_the_new_factor_end(plain_site: Site) -> None:
    own, stolen = plain_site.admin("A1"), plain_site.admin("A1")
    secret = own.post("/account/second-factors/totp", {"name": "x"}).json["secret"]
    code = pyotp.TOTP(secret).at(plain_site.now)
    assert own.ask("PUT", "/account/second-factors/totp", json={"code": code}).status_code == 200
    assert refused(stolen.get("/account/second-factors")) == (401, "E_LOGIN_REQUIRED")
