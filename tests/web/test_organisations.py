"""The upkeep of organisations through the interface: what is sent, what comes back, what is refused how."""

import io

import pytest

from service.printing import spreadsheets
from service.printing.spreadsheets import MEDIA_TYPE
from tests.web.conftest import MakeSite
from tests.web.programs import Program, Site, problem, refused

BRANCH = {
    "name": "柳溪镇卫生院党支部", "short_name": "卫生院支部", "org_type": "BRANCH", "affiliation": "2",
    "category": "631", "approved_on": "2018-09-18",
}  # fmt: skip


def create(program: Program, below: str, **answers: object) -> str:
    answer = program.post("/organisations", {"superior": below, "answers": {**BRANCH, **answers}})
    assert answer.status_code == 201, answer.text
    return str(answer.json["code"])


@pytest.mark.requirement("R-002")
@pytest.mark.requirement("R-205")
def test_an_organisation_from_its_creation_to_its_end(site: Site) -> None:
    town = site.admin("A1-T1")
    code = create(town, "A1-T1")
    record = town.get(f"/organisations/{code}/record").json
    assert record["answers"] == {**BRANCH, "unit_kind": "OTHER", "is_functional": False, "is_mainly_older": False}
    assert [each["code"] for each in record["superiors"]] == ["A1-T1", "A1", "CA", "P"]
    assert record["offers"]["edit"] is True
    body = {"version": record["version"], "answers": {**record["answers"], "contact": "样例联系人"}}
    assert town.ask("PUT", f"/organisations/{code}/record", json=body).json == {"version": 2}
    assert refused(town.ask("PUT", f"/organisations/{code}/record", json=body)) == (409, "E_STALE")
    assert town.get(f"/organisations/{code}/counts").json == {"organisations": {}, "members": {}}
    assert town.ask("DELETE", f"/organisations/{code}").status_code == 204
    assert town.get(f"/organisations/{code}/record").json["status"] == "DISSOLVED"
    log = town.get(f"/organisations/{code}/changes").json["items"]
    assert [each["action"] for each in log] == ["dissolve_org", "edit_org", "create_org"]
    assert (log[0]["acting_org"], log[1]["after"]) == ("A1-T1", {"contact": "***"})
    assert town.get(f"/organisations/{code}/changes?limit=1&below={log[1]['seq']}").json["items"] == log[2:]


def test_the_same_key_again_creates_nothing_more(site: Site) -> None:
    town = site.admin("A1-T1")
    body, headers = {"superior": "A1-T1", "answers": BRANCH}, {"Idempotency-Key": "once"}
    first, second = (town.post("/organisations", body, headers=headers).json for _ in range(2))
    assert first == second
    assert len(town.get("/organisations/A1-T1/children").json["items"]) == 4


@pytest.mark.requirement("R-018")
@pytest.mark.requirement("R-039")
def test_what_is_not_ones_own_is_refused_and_what_is_not_there_is_not_found(site: Site) -> None:
    town, member = site.admin("A1-T1"), site.admin("A1-T1-B1")
    body = {"superior": "A1-T2", "answers": BRANCH}
    for method, path, wishes in (
        ("GET", "/organisations/A1-T2/record", {}),
        ("PUT", "/organisations/A1-T2/record", {"json": {"version": 1, "answers": BRANCH}}),
        ("DELETE", "/organisations/A1-T2", {}),
        ("GET", "/organisations/A1-T2/counts", {}),
        ("GET", "/organisations/A1-T2/changes", {}),
        ("POST", "/organisations", {"json": body}),
        ("GET", "/organisations/A1-T2/subordinates", {}),
        ("GET", "/organisations/A1-T2/subordinates.xlsx", {}),
        ("GET", "/organisations/A1-T2/order.xlsx", {}),
        ("PUT", "/organisations/A1-T2/order", {"json": {"codes": ["A1-T2-B1"]}}),
        ("GET", "/organisations/A1-T2/permissions", {}),
        ("PATCH", "/organisations/A1-T2/permissions", {"json": {"can_transfer": False}}),
        ("POST", "/organisations/A1-T2/superior-changes", {"json": {"superior": "A2", "reason": "x"}}),
        ("PUT", "/organisations/A1-T2/superior", {"json": {"superior": "A2", "as_a_whole": True}}),
    ):
        assert refused(town.ask(method, path, **wishes)) == (403, "E_ORG_OUT_OF_SCOPE"), path
        missing = {"json": {**body, "superior": "NONE"}} if path == "/organisations" else wishes
        assert refused(town.ask(method, path.replace("A1-T2", "NONE"), **missing)) == (404, "E_ORG_NOT_FOUND"), path
    assert refused(member.ask("DELETE", "/organisations/A1-T1")) == (403, "E_ORG_OUT_OF_SCOPE")
    assert refused(town.get("/superior-changes/1")) == (404, "E_NOT_FOUND")


def test_every_fault_is_named(site: Site) -> None:
    answer = site.admin("A1-T1").post("/organisations", {"superior": "A1-T1", "answers": {"org_type": "BRANCH"}})
    found = problem(answer)
    assert (found["status"], found["code"]) == (422, "E_REQUIRED_FIELD")
    assert [each["field"] for each in found["errors"]] == [
        "name",
        "short_name",
        "category",
        "affiliation",
        "approved_on",
    ]


@pytest.mark.requirement("R-012")
def test_lists_and_files(site: Site) -> None:
    town = site.admin("A1-T1")
    found = town.get("/organisations/A1-T1/subordinates?deep=true&org_type=BRANCH&per_page=2").json
    assert (found["total"], [each["code"] for each in found["items"]]) == (3, ["A1-T1-G-B1", "A1-T1-B1"])
    assert found["items"][0]["members"] == 1
    named = town.get("/organisations/A1-T1/subordinates", query_string={"text": "桥头"}).json
    assert [each["code"] for each in named["items"]] == ["A1-T1-B2"]
    file = town.get("/organisations/A1-T1/subordinates.xlsx?deep=true")
    assert file.mimetype == MEDIA_TYPE
    assert [cells[0] for _, cells in spreadsheets.read(file.data)][1:] == [
        "A1-T1-G",
        "A1-T1-G-B1",
        "A1-T1-B1",
        "A1-T1-B2",
    ]
    assert refused(town.get("/organisations/A1-T1/subordinates?org_type=NONSENSE")) == (422, "E_QUERY_INVALID")
    assert refused(town.get("/organisations/A1-T1/subordinates?nonsense=1")) == (422, "E_QUERY_INVALID")


@pytest.mark.requirement("R-012")
def test_the_order_goes_out_and_comes_back(site: Site) -> None:
    town = site.admin("A1-T1")
    codes = ["A1-T1-B2", "A1-T1-B1", "A1-T1-G"]
    assert town.ask("PUT", "/organisations/A1-T1/order", json={"codes": codes}).json == {"ordered": 3}
    file = town.get("/organisations/A1-T1/order.xlsx").data
    assert town.ask("PUT", "/organisations/A1-T1/order", json={"codes": codes[:1:-1]}).json == {"ordered": 1}
    for wishes in (
        {"data": file, "content_type": MEDIA_TYPE}, {"data": {"file": (io.BytesIO(file), "order.xlsx")}},
    ):  # fmt: skip
        assert town.ask("PUT", "/organisations/A1-T1/order.xlsx", **wishes).json == {"ordered": 3}
    assert [each["code"] for each in town.get("/organisations/A1-T1/children").json["items"]] == codes
    path = "/organisations/A1-T1/order.xlsx"
    assert refused(town.ask("PUT", path, data=b"x", content_type=MEDIA_TYPE)) == (422, "E_IMPORT_FORMAT")
    assert refused(town.ask("PUT", path, data=b"x", content_type="text/csv")) == (415, "E_MEDIA_TYPE")
    assert refused(town.ask("PUT", path, data={"other": "x"}, content_type="multipart/form-data")) == (
        422,
        "E_REQUIRED_FIELD",
    )


@pytest.mark.requirement("R-017")
def test_permissions_say_what_is_locked_and_why(make_site: MakeSite) -> None:
    site = make_site("shandong")
    county, town = site.admin("A1"), site.admin("A1-T1")
    own = county.get("/organisations/A1/permissions").json
    assert (own["is_own"], own["national"], own["locks"]["scope"]["code"]) == (True, True, "E_PERM_NOT_EDITABLE")
    assert own["locks"]["can_transfer"]["reason_zh"] == "由上级党组织配置"
    below = town.get("/organisations/A1-T1-G/permissions").json
    assert (below["can_transfer"], "can_transfer" in below["locks"]) == (False, False)
    changed = town.ask("PATCH", "/organisations/A1-T1-G/permissions", json={"can_transfer": True})
    assert (changed.status_code, changed.json["can_transfer"]) == (200, True)
    assert refused(town.ask("PATCH", "/organisations/A1-T1-G/permissions", json={"scope": "NATIONAL"})) == (
        422, "E_PERM_NOT_EDITABLE",
    )  # fmt: skip
    assert refused(town.ask("PATCH", "/organisations/A1-T1-G/permissions", json={"authority_level": "X"})) == (
        422, "E_LEVEL_INVALID",
    )  # fmt: skip
    level = town.ask("PATCH", "/organisations/A1-T1-G/permissions", json={"authority_level": None})
    assert level.json["authority_level"] is None


@pytest.mark.requirement("R-203")
def test_an_application_for_another_superior(site: Site) -> None:
    branch, county = site.admin("A1-T1-B1"), site.admin("A1")
    body = {"superior": "A1-T2", "reason": "机构改革"}
    applied = branch.post("/organisations/A1-T1-B1/superior-changes", body)
    assert applied.status_code == 201, applied.text
    key = applied.json["id"]
    assert [each["id"] for each in branch.get("/superior-changes").json["own"]] == [key]
    (waiting,) = county.get("/superior-changes").json["to_decide"]
    assert (waiting["org"]["code"], waiting["wanted"]["code"], waiting["status"]) == ("A1-T1-B1", "A1-T2", "OPEN")
    decision = {"approves": True, "as_a_whole": True}
    assert refused(branch.post(f"/superior-changes/{key}/decision", decision)) == (403, "E_FORBIDDEN")
    assert county.post(f"/superior-changes/{key}/decision", decision).json == {"status": "APPROVED"}
    assert county.get("/organisations/A1-T1-B1").json["superiors"][0] == "白塔乡党委"
    assert refused(branch.post(f"/superior-changes/{key}/withdrawal")) == (409, "E_ALREADY_DECIDED")
    assert branch.get(f"/superior-changes/{key}").json["decided_at"] is not None
    moved = county.ask("PUT", "/organisations/A1-T1-B1/superior", json={"superior": "A1-T1", "as_a_whole": True})
    assert moved.status_code == 204


@pytest.mark.requirement("R-206")
def test_who_administered_it_can_still_log_in_but_not_act(site: Site) -> None:
    town = site.admin("A1-T1")
    code = create(town, "A1-T1")
    town.ask("DELETE", f"/organisations/{code}")
    again = {"superior": code, "answers": BRANCH}
    assert refused(town.post("/organisations", again)) == (409, "E_ACTION_NOT_ALLOWED")
