"""What strangers may try: three failures before a captcha, ten checks of an account an hour, and nobody is locked out."""

from datetime import timedelta
from itertools import count

import pytest

from service.domain.accounts import guessing
from service.domain.errors import Refused
from service.use_cases.accounts import captcha, hashing
from service.use_cases.accounts.caller import Caller, DoorRules
from service.use_cases.accounts.log_in import Credentials, LoggedIn, log_in
from tests.reference.seeding import PASSWORD
from tests.web.conftest import MakeSite
from tests.web.programs import Site, refused

READ = "ABCDE"
WRONG = "falsch"


def knock(site: Site, login: str, password: str = WRONG, **more: object) -> object:
    return site.stranger().post("/session", {"login_name": login, "password": password, **more})


def solved(site: Site) -> dict[str, str]:
    """A captcha, rightly answered."""
    return {"captcha_id": site.stranger().post("/session/captcha").json["captcha_id"], "captcha_answer": READ.lower()}


@pytest.fixture
def legible(monkeypatch: pytest.MonkeyPatch) -> None:
    """All captchas say the same."""
    letters = (letter for _ in count() for letter in READ)
    monkeypatch.setattr(captcha.secrets, "choice", lambda _: next(letters))


@pytest.mark.requirement("R-021")
@pytest.mark.usefixtures("legible")
@pytest.mark.parametrize("login", ["adm-A1", "adm-NOBODY"])
def test_after_three_failures_a_captcha_is_asked_for_known_and_unknown_names_alike(site: Site, login: str) -> None:
    for _ in range(3):
        assert refused(knock(site, login)) == (401, "E_LOGIN_FAILED")
    assert refused(knock(site, login, PASSWORD)) == (401, "E_CAPTCHA")
    good = solved(site)
    assert refused(knock(site, login, PASSWORD, captcha_id=good["captcha_id"], captcha_answer="ABCDF")) == (
        401,
        "E_CAPTCHA",
    )
    assert refused(knock(site, login, PASSWORD, **good)) == (401, "E_CAPTCHA"), "it is good once"
    late = solved(site)
    site.now += captcha.GOOD_FOR + timedelta(seconds=1)
    assert refused(knock(site, login, PASSWORD, **late)) == (401, "E_CAPTCHA")
    answer = knock(site, login, PASSWORD, **solved(site))
    assert answer.status_code == (201 if login == "adm-A1" else 401)


def test_a_captcha_is_an_image_that_does_not_tell_its_answer(plain_site: Site) -> None:
    told = plain_site.stranger().post("/session/captcha").json
    assert told["image"].startswith("data:image/png;base64,")
    assert set(told) == {"captcha_id", "image"}
    codes = [plain_site.stranger().post("/session/captcha").status_code for _ in range(guessing.CAPTCHAS_PER_ADDRESS)]
    assert codes[-1] == 429


@pytest.mark.usefixtures("legible")
def test_a_device_that_logged_in_before_has_a_count_of_its_own(site: Site) -> None:
    device = knock(site, "adm-A1", PASSWORD).json["device"]
    for tried in range(6):
        more = solved(site) if tried >= 3 else {}
        last = knock(site, "adm-A1", **more)
    assert refused(last) == (429, "E_RATE_LIMITED")
    assert knock(site, "adm-A1", PASSWORD, device=device).status_code == 201
    assert refused(knock(site, "adm-A1", PASSWORD, device="x" * 43)) == (429, "E_RATE_LIMITED")
    other = knock(site, "adm-A2", PASSWORD).json["device"]
    assert refused(knock(site, "adm-A1", PASSWORD, device=other)) == (429, "E_RATE_LIMITED")
    for tried in range(6):
        more = solved(site) if tried >= 3 else {}
        last = knock(site, "adm-A1", device=device, **more)
    assert refused(last) == (429, "E_RATE_LIMITED"), "a device that was stolen guesses no more than others"
    site.now += guessing.WINDOW + timedelta(seconds=1)
    assert knock(site, "adm-A1", PASSWORD).status_code == 201


def test_a_browser_keeps_its_device_where_scripts_do_not_see_it(plain_site: Site) -> None:
    cookies = knock(plain_site, "adm-A1", PASSWORD).headers.getlist("Set-Cookie")
    device = next(each for each in cookies if each.startswith("zhuanjie-device="))
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(device.split("; "))


def test_a_success_takes_back_its_own_attempt_and_no_other(plain_site: Site) -> None:
    knock(plain_site, "adm-A1")
    knock(plain_site, "adm-A1")
    assert knock(plain_site, "adm-A1", PASSWORD).status_code == 201
    assert refused(knock(plain_site, "adm-A1")) == (401, "E_LOGIN_FAILED")
    assert refused(knock(plain_site, "adm-A1")) == (401, "E_CAPTCHA")


def test_what_all_strangers_try_together_is_bounded_and_holds_up_nobody_who_was_here(make_site: MakeSite) -> None:
    site = make_site(log_ins_per_minute=4)
    device = knock(site, "adm-A1", PASSWORD).json["device"]
    for number in range(4):
        assert refused(knock(site, f"nobody-{number}")) == (401, "E_LOGIN_FAILED")
    assert refused(knock(site, "adm-A2", PASSWORD)) == (429, "E_RATE_LIMITED")
    assert knock(site, "adm-A1", PASSWORD, device=device).status_code == 201
    site.now += timedelta(minutes=1, seconds=1)
    assert knock(site, "adm-A2", PASSWORD).status_code == 201


def test_an_ipv6_house_has_one_count() -> None:
    assert guessing.neighbourhood("2001:db8:1:2:3:4:5:6") == guessing.neighbourhood("2001:db8:1:2::9")
    assert guessing.neighbourhood("2001:db8:1:3::9") != guessing.neighbourhood("2001:db8:1:2::9")
    assert guessing.neighbourhood("::ffff:10.0.0.1") == guessing.neighbourhood("10.0.0.1") == "10.0.0.1"


@pytest.mark.requirement("R-021")
@pytest.mark.usefixtures("legible")
@pytest.mark.parametrize("addresses", [1, 1000])
@pytest.mark.parametrize("attempts", [1500, pytest.param(100_000, marks=pytest.mark.slow)])
def test_a_storm_of_guesses_costs_ten_checks_an_hour_and_the_owner_still_comes_in(
    plain_site: Site, monkeypatch: pytest.MonkeyPatch, addresses: int, attempts: int
) -> None:
    """In virtual time, over half a day; each attempt brings a captcha that was solved."""
    checks: list[object] = []
    monkeypatch.setattr(
        hashing, "check", lambda password, _hashed: checks.append(plain_site.now) or password == PASSWORD
    )
    monkeypatch.setattr(captcha, "require_captcha", lambda *_, **__: None)
    monkeypatch.setattr("service.use_cases.accounts.log_in.require_captcha", lambda *_, **__: None)

    def enter(password: str, *, address: str, devices: tuple[str, ...] = ()) -> LoggedIn:
        caller = Caller(address, devices=devices)
        deployment = plain_site.world.deployment
        return log_in(Credentials("adm-A1", password), caller=caller, now=plain_site.now, deployment=deployment)

    with plain_site.app.app_context():
        device = enter(PASSWORD, address="10.0.0.1").device
        checks.clear()
        step = timedelta(hours=12) / attempts
        for number in range(attempts):
            plain_site.now += step
            with pytest.raises(Refused) as caught:
                enter(f"falsch {number}", address=f"10.9.{number % addresses // 250}.{number % addresses % 250}")
            assert caught.value.code in ("E_LOGIN_FAILED", "E_RATE_LIMITED")
            if number % (attempts // 12) == 0:
                before = len(checks)
                assert enter(PASSWORD, address="10.9.0.0", devices=(device,)).device is None
                del checks[before:]
    assert checks
    assert max(sum(begin <= each < begin + timedelta(hours=1) for each in checks) for begin in checks) <= 10
    assert DoorRules().per_minute >= 60


@pytest.mark.requirement("R-021")
def test_the_worst_hour_across_the_border_of_two_windows_has_ten_checks(
    plain_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One attempt opens a window, all others crowd around its end: so many as the windows let through, at most ten."""
    checks: list[object] = []
    monkeypatch.setattr(hashing, "check", lambda *_: bool(checks.append(plain_site.now)))
    monkeypatch.setattr("service.use_cases.accounts.log_in.require_captcha", lambda *_, **__: None)
    begin = plain_site.now
    minutes = [0, *[59] * 20, *[61] * 20]
    with plain_site.app.app_context():
        for number, minute in enumerate(minutes):
            plain_site.now = begin + timedelta(minutes=minute)
            given = Credentials("adm-A1", f"falsch {number}")
            with pytest.raises(Refused):
                log_in(given, caller=Caller(), now=plain_site.now, deployment=plain_site.world.deployment)
    crowded = [each for each in checks if each >= begin + timedelta(minutes=59)]
    assert len(crowded) == 2 * guessing.CHECKS_PER_ACCOUNT - 1
    assert len(checks) <= 10
