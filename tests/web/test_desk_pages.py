"""Where those begin who decide nothing: what the role may do, and the auditor's way to what he reads (R-215, R-217)."""

import re

import pytest
from flask.testing import FlaskClient

from service.domain.accounts.roles import Role
from service.storage.db import reading, transaction
from service.storage.organisations import organisations
from service.storage.transfers import history
from service.use_cases.accounts.open_account import grant_role, open_account
from tests.reference.seeding import PASSWORD
from tests.use_cases.walker import Played, submit
from tests.web.conftest import MakeSite
from tests.web.programs import Site
from tests.web.test_account_pages import csrf, visit

_LINK = re.compile(r'<a href="([^"]+)"')


def holder_of(site: Site, role: Role, org: str = "") -> FlaskClient:
    """Somebody with this role, logged in."""
    login = f"{role.value.lower()}{org}"
    with site.app.app_context(), transaction():
        account = open_account(login, name=login, password=PASSWORD, deployment=site.world.deployment)
        grant_role(account, role, org_id=organisations.chain(org)[0].id if org else None)
    return visit(site, login, PASSWORD)


def started(site: Site, origin: str, target: str) -> Played:
    with site.app.app_context():
        return submit(site.world, origin, target)


def ways(client: FlaskClient) -> list[str]:
    """The links of the page itself; each leads somewhere."""
    page = client.get("/", follow_redirects=True)
    links = _LINK.findall(page.text.split('class="ways"')[1].split("</ul>")[0])
    for link in links:
        assert client.get(link, follow_redirects=True).status_code == 200, link
    return links


@pytest.mark.requirement("R-034")
def test_each_role_without_lists_begins_with_what_it_may_do(make_site: MakeSite) -> None:
    shandong = make_site("shandong")
    own = ["/notices", "/account"]
    assert ways(holder_of(shandong, Role.SYSTEM_ADMIN)) == ["/permissions", "/messages", *own]
    assert ways(holder_of(shandong, Role.SECURITY_OFFICER)) == ["/accounts", *own]
    assert ways(holder_of(shandong, Role.AUDITOR)) == ["/audit", *own]
    assert ways(holder_of(shandong, Role.DATA_COLLECTOR, "A1")) == own
    fujian = make_site("fujian")
    officer = holder_of(fujian, Role.SECURITY_OFFICER)
    assert ways(officer) == own
    assert "不由安全员授权" in officer.get("/desk").text
    assert visit(fujian, "adm-A1", PASSWORD).get("/desk").location == "/", "who decides begins with his lists"


def test_a_system_administrator_says_whose_permissions_he_sets(site: Site) -> None:
    system = holder_of(site, Role.SYSTEM_ADMIN)
    assert "没有这个党组织" in system.get("/permissions?organisation=nowhere").text
    chosen = system.get("/permissions?organisation=A1-T1")
    assert chosen.location == "/organisations/A1-T1/permissions"
    saved = {"csrf": csrf(system, chosen.location), "scope": "COUNTY"}
    assert system.post(chosen.location, data=saved).status_code == 303


@pytest.mark.requirement("R-217")
def test_an_auditor_finds_the_transfers_of_his_scope_and_no_other(site: Site) -> None:
    here, there = started(site, "A1-T1-B1", "A1-T2-B1"), started(site, "A2-T1-B1", "A2-T2-B1")
    everywhere, scoped = holder_of(site, Role.AUDITOR), holder_of(site, Role.AUDITOR, "A1")
    rows = [re.findall(r'href="/transfers/(\d+)"', each.get("/audit").text) for each in (everywhere, scoped)]
    assert rows == [[str(there.id), str(here.id)], [str(here.id)]]
    assert scoped.get(f"/audit?number={there.id}", follow_redirects=True).status_code == 404
    assert scoped.get(f"/audit?number={here.id}").location == f"/transfers/{here.id}"
    assert visit(site, "adm-A1", PASSWORD).get("/audit").status_code == 403


@pytest.mark.requirement("R-215")
def test_a_replay_shows_the_state_after_each_step_and_what_does_not_fit(site: Site) -> None:
    played = started(site, "A1-T1-B1", "A1-T2-B1")
    with site.app.app_context():
        played.forward()
    auditor, path = holder_of(site, Role.AUDITOR), f"/transfers/{played.id}/replay"
    assert path in auditor.get(f"/transfers/{played.id}").text
    shown = auditor.get(path).text
    assert "按记录回放 2 步" in shown
    assert shown.count("resolve_next_organisation") == 2
    assert path not in visit(site, "adm-A1", PASSWORD).get(f"/transfers/{played.id}").text
    assert visit(site, "adm-A1", PASSWORD).get(path).status_code == 403
    with site.app.app_context(), reading():
        assert history.first_fault(played.id) is None
