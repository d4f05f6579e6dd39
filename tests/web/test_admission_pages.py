"""New members on pages: template, upload with a report of each line, list, decision (R-043)."""

import io
import re
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.printing import spreadsheets
from service.use_cases.members.admission_sheets import COLUMNS
from tests.members.test_admissions import LINE, sheet
from tests.reference.seeding import PASSWORD
from tests.web.conftest import MakeSite
from tests.web.programs import Site
from tests.web.test_account_pages import csrf, visit

FIRST = datetime(2018, 11, 1, 1, 0, tzinfo=UTC)


@pytest.fixture
def site(make_site: MakeSite) -> Site:
    found = make_site("beijing-cuc")
    found.now = FIRST
    return found


def send(client: FlaskClient, content: bytes, **fields: str) -> TestResponse:
    data = {"csrf": csrf(client, "/admissions/new"), "kind": "NEW", "file": (io.BytesIO(content), "a.xlsx"), **fields}
    return client.post("/admissions", data=data)


@pytest.mark.requirement("R-043")
def test_a_sheet_is_submitted_and_decided_on_pages(site: Site) -> None:
    college, university = visit(site, "adm-XU-C1", PASSWORD), visit(site, "adm-XU", PASSWORD)
    empty = college.get("/admissions/template.xlsx")
    assert [cells for _, cells in spreadsheets.read(empty.data)] == [list(COLUMNS)]
    sent = send(college, sheet(LINE))
    assert sent.status_code == 303, sent.text
    path = sent.location.partition("?")[0]
    assert "已报送" in college.get(sent.location).text
    shown = university.get(path)
    assert LINE["name"] in shown.text
    assert LINE["id_number"] not in shown.text, "masked (R-038)"
    assert path in university.get("/admissions").text
    token = csrf(university, path)
    refused = university.post(path, data={"csrf": token, "go": "refuse", "opinion": ""})
    assert (refused.status_code, "E_REASON_REQUIRED" in refused.text) == (422, True)
    assert 'name="go"' not in college.get(path).text, "only who decides it has the buttons"
    assert college.post(path, data={"csrf": csrf(college, "/admissions/new"), "go": "approve"}).status_code == 403
    done = university.post(path, data={"csrf": token, "go": "approve"}, follow_redirects=True)
    assert "已进入系统" in done.text
    found = university.get("/organisations/XU-C1-B1/members")
    assert str(LINE["name"]) in found.text
    assert university.post(path, data={"csrf": token, "go": "approve"}).status_code == 409


@pytest.mark.requirement("R-043")
def test_every_faulty_line_is_reported_on_the_page_and_nothing_submitted(site: Site) -> None:
    college = visit(site, "adm-XU-C1", PASSWORD)
    answer = send(college, sheet(LINE, {**LINE, "id_number": "110", "joined_on": "2099-01-01"}))
    assert answer.status_code == 422
    rows = re.findall(r"第 3 行</td><td>([^<]+)</td>.*?<span class=\"code\">(E_\w+)", answer.text)
    assert ("身份证号", "E_ID_FORMAT") in rows
    assert ("入党日期", "E_DATE_FUTURE") in rows
    assert "还没有报送" in college.get("/admissions").text
    assert "E_IMPORT_FORMAT" in send(college, b"no such file").text
    assert "E_REQUIRED_FIELD" in college.post("/admissions", data={"csrf": csrf(college, "/admissions/new")}).text


@pytest.mark.requirement("R-043")
def test_the_day_and_the_statement_are_asked_for(site: Site) -> None:
    college = visit(site, "adm-XU-C1", PASSWORD)
    answer = send(college, sheet(LINE), kind="OMITTED", reason="漏报")
    assert (answer.status_code, "E_REASON_REQUIRED" in answer.text) == (422, True)
    assert 'id="fault-statement"' in answer.text
    assert 'id="fault-reason"' not in answer.text
    site.now = FIRST.replace(day=2)
    college = visit(site, "adm-XU-C1", PASSWORD)
    assert "今天不是报送日" in college.get("/admissions/new").text
    late = send(college, sheet(LINE))
    assert (late.status_code, "E_IMPORT_WINDOW" in late.text, "2018-12-03" in late.text) == (409, True, True)


@pytest.mark.requirement("R-043")
def test_who_is_no_primary_organisation_submits_nothing(site: Site) -> None:
    university = visit(site, "adm-XM-E", PASSWORD)
    assert university.get("/admissions/new").status_code == 403
    assert "/admissions/new" not in university.get("/admissions").text
    member = visit(site, "adm-XU-C1", PASSWORD)
    assert member.get("/admissions/999").status_code == 404
