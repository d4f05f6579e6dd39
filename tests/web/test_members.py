"""Members kept, listed and admitted through the interface (R-040, R-043, R-045, R-209, R-210, R-038)."""

import io

import pytest

from service.printing import spreadsheets
from tests.members.conftest import WHOLE
from tests.web.conftest import MakeSite
from tests.web.programs import Site, refused


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
