"""Who decides an application is told that it waits, who sent it what came of it (R-192, R-193, R-194)."""

import re

import pytest

from service.domain.deadlines.notices import NoticeKind
from service.storage.db import transaction
from service.use_cases.notices.tell_organisation import tell_organisation
from tests.members.test_admissions import LINE, sheet
from tests.reference.seeding import PASSWORD
from tests.use_cases.walker import NOW
from tests.web.conftest import MakeSite
from tests.web.programs import Program, Site
from tests.web.test_account_pages import csrf, visit
from tests.web.test_admission_pages import FIRST, send

_LINK = re.compile(r'<td><a href="([^"]+)">查看</a></td>')


def kinds(program: Program) -> list[str]:
    return [each["kind"] for each in program.get("/notices").json["items"]]


def apply(unit: Program) -> str:
    body = {"superior": "A1-T1", "reason": "机构改革"}
    answer = unit.post("/organisations/A1-T2-B1/superior-changes", body)
    assert answer.status_code == 201, answer.text
    return f"/superior-changes/{answer.json['id']}"


@pytest.mark.requirement("R-203")
@pytest.mark.requirement("R-192")
@pytest.mark.requirement("R-193")
@pytest.mark.parametrize(
    ("decision", "kind"),
    [
        ({"approves": True, "as_a_whole": True}, "superior_approved"),
        ({"approves": False, "opinion": "暂缓"}, "superior_refused"),
    ],
)
def test_another_superior(site: Site, decision: dict[str, object], kind: str) -> None:
    unit, county = site.admin("A1-T2"), site.admin("A1")
    change = apply(unit)
    assert (kinds(county), kinds(unit)) == (["superior_applied"], [])
    assert county.post(f"{change}/decision", decision).status_code in (200, 204)
    assert (kinds(county), kinds(unit)) == (["superior_applied"], [kind])
    assert kinds(site.admin("A2")) == []
    page = visit(site, "adm-A1", PASSWORD)
    assert _LINK.findall(page.get("/notices").text) == ["/superior-changes"]


@pytest.mark.requirement("R-043")
@pytest.mark.requirement("R-194")
@pytest.mark.parametrize("approves", [True, False])
def test_new_members(make_site: MakeSite, approves: bool) -> None:
    site = make_site("beijing-cuc")
    site.now = FIRST
    college, university = visit(site, "adm-XU-C1", PASSWORD), visit(site, "adm-XU", PASSWORD)
    path = send(college, sheet(LINE)).location.partition("?")[0]
    waiting = university.get("/notices").text
    assert ("有新增党员报送待审批" in waiting, str(LINE["id_number"]) in waiting) == (True, False)
    assert _LINK.findall(waiting) == ["/admissions"]
    assert "没有通知" in college.get("/notices").text
    token = csrf(university, path)
    given = {"csrf": token, "go": "approve" if approves else "refuse", "opinion": "名单有误"}
    assert university.post(path, data=given).status_code == 303
    told = college.get("/notices").text
    assert ("报送已同意" in told, "报送未同意" in told) == (approves, not approves)


def test_the_same_is_told_once(site: Site) -> None:
    org = site.world.admins["A1"].org
    assert org is not None
    with site.app.app_context():
        for about in ("admission:1", "admission:1", "admission:2"):
            with transaction():
                tell_organisation(org.id, NoticeKind.ADMISSION_SUBMITTED, about=about, now=NOW)
    assert kinds(site.admin("A1")) == ["admission_submitted"] * 2
