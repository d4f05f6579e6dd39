"""Members kept, listed and admitted through the interface (R-040, R-043, R-045, R-209, R-210, R-038)."""

import io
import re

import pytest

from service.printing import spreadsheets
from service.storage.db import reading
from service.storage.members import members
from tests.members.conftest import WHOLE
from tests.reference.seeding import PASSWORD, VAULT
from tests.web.conftest import MakeSite
from tests.web.programs import API, Site, refused
from tests.web.test_account_pages import csrf, visit


@pytest.mark.requirement("R-040")
@pytest.mark.requirement("R-210")
@pytest.mark.requirement("R-038")
def test_a_record_is_kept_through_the_interface(make_site: MakeSite) -> None:
    site = make_site("beijing-cuc")
    member = site.world.people["XU-C1-B1"].member_id
    college, path = site.admin("XU-C1"), f"/members/{member}"
    shown = college.get(path).json
    assert (shown["version"], shown["may_edit"], shown["id_number"][6:14]) == (0, True, "*" * 8)
    body = {"version": 0, "answers": WHOLE}
    saved = college.ask("PUT", path, json=body)
    assert (saved.status_code, saved.json) == (200, {"version": 1})
    shown = college.get(path).json
    assert (shown["answers"], shown["completeness"], shown["missing"]) == (WHOLE, 100, [])
    assert refused(college.ask("PUT", path, json=body)) == (409, "E_STALE")
    assert refused(site.admin("XU-C1-B1").ask("PUT", path, json=body)) == (403, "E_FORBIDDEN")
    for way in ("", "/changes"):
        assert refused(site.admin("XU-C2").get(path + way)) == (404, "E_NOT_FOUND")
    full = college.post(f"{path}/id-number", {}).json["id_number"]
    assert (full[:6], full[-4:]) == (shown["id_number"][:6], shown["id_number"][-4:])
    assert [each["action"] for each in college.get(f"{path}/changes").json["items"]] == [
        "show_id_number",
        "edit_member",
    ]
    assert refused(college.post(f"{path}/full-membership", {"full_on": "2012-01-01"})) == (409, "E_ACTION_NOT_ALLOWED")
    suspended = {"status": "MEMBERSHIP_SUSPENDED", "on": "2012-01-01"}
    assert college.post(f"{path}/membership", suspended).status_code == 204
    authorised = college.ask("PUT", "/organisations/XU-C1-B1/record-keeping", json={"authorised": True})
    assert authorised.status_code == 204
    assert site.admin("XU-C1-B1").ask("PUT", path, json={**body, "version": 1}).json == {"version": 2}


@pytest.mark.requirement("R-209")
def test_members_are_listed_through_the_interface(make_site: MakeSite) -> None:
    site = make_site("beijing-cuc")
    college = site.admin("XU-C1")
    found = college.get("/organisations/XU-C1/members?text=zyl").json
    assert {each["name"] for each in found["items"]} == {"张样例"}
    assert (found["total"], found["is_more"]) == (len(found["items"]), False)
    lines = list(spreadsheets.read(college.get("/organisations/XU-C1/members.xlsx").data))
    assert len(lines) == found["total"] + 1
    own = college.get("/organisations/XU-C1/completeness").json["own"]
    assert (own["members"], own["completeness"]) == (found["total"], 55.0)
    assert refused(college.get("/organisations/XU-C2/members")) == (404, "E_NOT_FOUND")


@pytest.mark.requirement("R-038")
def test_no_day_of_birth_fills_in_what_is_masked_of_a_number(make_site: MakeSite) -> None:
    site = make_site("beijing-cuc")
    member = site.world.people["XU-C1-B1"].member_id
    college, path = site.admin("XU-C1"), f"/members/{member}"
    number = college.post(f"{path}/id-number", {}).json["id_number"]
    born = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
    sheet = list(spreadsheets.read(college.get("/organisations/XU-C1/members.xlsx").data))
    for shown in (college.get(path).text, college.get("/organisations/XU-C1/members").text, str(sheet)):
        assert number[:6] + "********" + number[-4:] in shown
        assert number[6:10] in shown
        assert born not in shown


@pytest.mark.requirement("R-043")
def test_sheets_go_through_the_interface(plain_site: Site) -> None:
    branch = plain_site.admin("A1-T1-B1")
    empty = branch.get("/admissions/template.xlsx").data
    assert len(list(spreadsheets.read(empty))) == 1
    sent = branch.ask("POST", "/admissions", data={"file": (io.BytesIO(empty), "a.xlsx"), "kind": "OMITTED"})
    assert refused(sent)[1] in ("E_IMPORT_WINDOW", "E_REASON_REQUIRED")
    assert refused(branch.ask("POST", "/admissions", data={"kind": "NEW"})) == (422, "E_REQUIRED_FIELD")
    assert branch.get("/admissions").json == {"items": []}
    assert refused(branch.get("/admissions/1")) == (404, "E_NOT_FOUND")
    assert refused(branch.post("/admissions/1/decision", {"approves": True})) == (404, "E_NOT_FOUND")


@pytest.mark.requirement("R-209")
@pytest.mark.requirement("R-210")
@pytest.mark.requirement("R-038")
def test_pages_show_list_record_and_form(make_site: MakeSite) -> None:
    site = make_site("beijing-cuc")
    member = site.world.people["XU-C1-B1"].member_id
    with site.app.app_context(), reading():
        person = members.by_id(member or 0, VAULT)
    assert person is not None
    number = person.member.id_number
    browser = site.app.test_client()
    browser.post(f"{API}/session", json={"login_name": "adm-XU-C1", "password": PASSWORD})
    listed = browser.get("/members", follow_redirects=True)
    assert (listed.status_code, "张样例" in listed.text, number in listed.text) == (200, True, False)
    csrf = re.findall(r'name="csrf" value="([^"]+)"', listed.text)[0]
    found = browser.post("/organisations/XU-C1/members/find", data={"csrf": csrf, "text": number})
    assert found.text.count(f'/members/{member}"') == 1
    shown = browser.get(f"/members/{member}")
    assert (shown.status_code, number in shown.text) == (200, False)
    assert number in browser.post(f"/members/{member}/id-number", data={"csrf": csrf}).text
    form = {**WHOLE, "csrf": csrf, "version": "0"}
    wrong = browser.post(f"/members/{member}/edit", data=form | {"native_place": "无"})
    assert (wrong.status_code, "E_FIELD_INVALID" in wrong.text, "样例路 1 号" in wrong.text) == (422, True, True)
    saved = browser.post(f"/members/{member}/edit", data=form, follow_redirects=True)
    assert (saved.status_code, "100%" in saved.text, "样例路 1 号" in saved.text) == (200, True, True)
    assert "样例路 1 号" in browser.get(f"/members/{member}/edit").text
    assert "1 号" not in browser.get(f"/members/{site.world.people['XU-C2-B1'].member_id}").text


@pytest.mark.requirement("R-209")
def test_pages_show_how_complete_organisations_are(make_site: MakeSite) -> None:
    site = make_site("beijing-cuc")
    browser = visit(site, "adm-XU", PASSWORD)
    listed = browser.get("/organisations/XU/list").text
    assert 'id="complete-XU-C1"' in listed
    assert 'data-fill="/organisations/XU/completeness?page=1"' in listed
    cells = browser.get("/organisations/XU/completeness?page=1", headers={"HX-Request": "true"}).text
    assert '<span id="complete-XU-C1">55.0%</span>' in cells
    deep = browser.get("/organisations/XU/completeness?deep=yes&text=教工", headers={"HX-Request": "true"}).text
    assert re.findall(r'id="complete-([\w-]+)"', deep) == ["XU-C1-B1", "XU-C2-B1"]
    page = browser.get("/organisations/XU/completeness").text
    assert ("信息学院党委" in page, "55.0%" in page, "/organisations/XU-C1/members" in page) == (True, True, True)
    assert "55.0%" in browser.get("/organisations/XU/counts").text
    assert browser.get("/organisations/XM-E/completeness").status_code == 404


@pytest.mark.requirement("R-210")
def test_a_branch_is_authorised_to_keep_records_on_its_page(make_site: MakeSite) -> None:
    site = make_site("beijing-cuc")
    path, member = "/organisations/XU-C1-B1", site.world.people["XU-C1-B1"].member_id
    college, branch = visit(site, "adm-XU-C1", PASSWORD), visit(site, "adm-XU-C1-B1", PASSWORD)
    assert branch.get(f"/members/{member}/edit").status_code == 403
    assert "授权本支部维护" not in branch.get(path).text
    token = csrf(college, path)
    given = college.post(f"{path}/record-keeping", data={"csrf": token, "go": "give"}, follow_redirects=True)
    assert ("收回授权" in given.text, "授权维护党员信息" in given.text) == (True, True)
    assert branch.get(f"/members/{member}/edit").status_code == 200
    own = branch.post(f"{path}/record-keeping", data={"csrf": csrf(branch, path), "go": "give"})
    assert own.status_code == 403
    assert college.post(f"{path}/record-keeping", data={"csrf": token, "go": "take"}).status_code == 303
    assert branch.get(f"/members/{member}/edit").status_code == 403
