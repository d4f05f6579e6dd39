"""Lists page by page, the tree for choosing a target, forms as data, and files taken over."""

import io

import pytest
import sqlalchemy as sa

from service.domain.accounts.roles import Role
from service.storage.db import execute, reading, transaction
from service.storage.organisations import organisations
from service.use_cases.accounts.open_account import grant_role, open_account
from tests.reference.seeding import PASSWORD, id_number
from tests.use_cases.walker import FORM
from tests.web.programs import Program, Site, problem, refused

ORGANISATIONS = (
    "code,parent_code,name,short_name,org_type,unit_kind,authority_level,scope,can_transfer,"
    "auto_approve_children,is_functional,letter_heading,contact,telephone,status\n"
)
MEMBERS = "id_number,name,sex,kind,branch_code,ethnicity,joined_on,full_on,mobile,status,is_graduate\n"
MEMBER = f"{id_number(9_999)},张样例,,FULL,A1-T1-B1,汉族,,,,,\n"


@pytest.fixture
def administrator(site: Site) -> Program:
    """The system administrator."""
    with site.app.app_context(), transaction():
        account = open_account("root", name="系统管理员", password=PASSWORD, deployment=site.world.deployment)
        grant_role(account, Role.SYSTEM_ADMIN, org_id=None)
    return site.program("root")


def test_lists_come_page_by_page(site: Site) -> None:
    branch = site.admin("A1-T1-B1")
    for _ in range(5):
        with site.app.app_context():
            member = site.world.newcomer("A1-T1-B1").member_id
        body = {"member_id": member, "answers": {**FORM, "target": "A2-T1-B1"}}
        assert branch.post("/transfers", body).status_code == 201
    pages = [branch.get(f"/inbox?page={page}&per_page=2").json for page in (1, 2, 3, 4)]
    assert [len(page["items"]) for page in pages] == [2, 2, 1, 0]
    assert {page["total"] for page in pages} == {5}
    assert len({line["id"] for page in pages for line in page["items"]}) == 5
    assert branch.get("/counts").json["todo"] == 5
    for path in ("/handled", "/not-reported", "/history"):
        assert branch.get(path).json["items"] == [], path
    assert branch.get("/own").json["total"] == 5
    assert branch.decide(pages[0]["items"][0]["id"], "approve").status_code == 200
    assert [branch.get(path).json["total"] for path in ("/inbox", "/handled")] == [4, 1]


def test_organisations_are_found_by_code_and_by_a_part_of_the_name(site: Site) -> None:
    program = site.admin("A1")
    by_name = program.get("/organisations", query_string={"query": "柳溪"}).json["items"]
    assert {"A1-T1", "A1-T1-B1"} <= {each["code"] for each in by_name}
    one = program.get("/organisations/A1-T1-B1").json
    assert one["superiors"][-1] == "云东省委"
    assert one == program.get("/organisations?query=A1-T1-B1").json["items"][0]
    below = program.get("/organisations/A1-T1/children").json["items"]
    assert [each["code"] for each in below] == ["A1-T1-G", "A1-T1-B1", "A1-T1-B2"]
    assert len(program.get("/organisations/A1-T1/children?per_page=2&page=2").json["items"]) == 1
    assert refused(program.get("/organisations?query=")) == (422, "E_QUERY_TOO_SHORT")
    assert refused(program.get("/organisations")) == (422, "E_QUERY_INVALID")


def test_forms_come_as_data(site: Site) -> None:
    form = site.admin("A1").get("/forms/transfer_internal/apply").json
    assert form["name"] == "common.apply"
    fields = {field["name"]: field for field in form["fields"]}
    assert fields["target"]["title_en"]
    assert fields["decision"]["widget"] == "decision"


def test_a_route_is_planned_by_codes(site: Site) -> None:
    program = site.admin("A1")
    planned = program.post("/routes/preview", {"origin": "A1-T1-B1", "target": "A2-T1-B1", "starter": "applicant"}).json
    assert planned["variety"] == "IN_PROVINCE"
    assert [hop["org"] and hop["org"]["code"] for hop in planned["hops"]][-1] == "A2-T1-B1"
    unknown = program.post("/routes/preview", {"origin": "NONE", "starter": "applicant"})
    assert refused(unknown) == (404, "E_ORG_NOT_FOUND")
    assert problem(unknown)["errors"][0]["field"] == "origin"
    wrong = program.post("/routes/preview", {"origin": "A1", "starter": "A1", "variety": "NONSENSE", "off_tree": "yes"})
    assert {error["field"] for error in problem(wrong)["errors"]} == {"variety", "off_tree"}


def test_a_tree_is_taken_over_into_an_empty_one_only(administrator: Program) -> None:
    body = ORGANISATIONS + "P,,省委,,LOCAL_COMMITTEE,,,,,,,,,,\n"
    answer = administrator.ask("POST", "/imports/organisations", data=body.encode(), content_type="text/csv")
    assert refused(answer) == (409, "E_IMPORT_NOT_EMPTY")


def test_members_are_taken_over_all_of_them(site: Site, administrator: Program) -> None:
    body = (MEMBERS + MEMBER).encode()
    with site.app.app_context(), reading():
        before = execute(sa.text("SELECT count(*) FROM members")).scalar_one()
    answer = administrator.ask("POST", "/imports/members", data=body, content_type="text/csv")
    assert (answer.status_code, answer.json) == (201, {"imported": 1}), answer.text
    with site.app.app_context(), reading():
        assert execute(sa.text("SELECT count(*) FROM members")).scalar_one() == before + 1
    again = problem(administrator.ask("POST", "/imports/members", data=body, content_type="text/csv"))
    assert again["errors"][0]["code"] == "E_MEMBER_EXISTS"


def test_a_bad_file_is_refused_with_every_bad_line(site: Site, administrator: Program) -> None:
    body = (MEMBERS + MEMBER + "1,,X,,NONE,,,,,,\n").encode()
    found = problem(administrator.ask("POST", "/imports/members", data={"file": (io.BytesIO(body), "m.csv")}))
    assert (found["status"], found["code"]) == (422, "E_IMPORT_FORMAT")
    assert {error["field"] for error in found["errors"]} >= {"line 3: id_number", "line 3: name", "line 3: branch_code"}
    with site.app.app_context(), reading():
        assert execute(sa.select(sa.func.count()).select_from(organisations.table)).scalar_one() > 0


@pytest.mark.parametrize(
    ("wishes", "expected"),
    [
        ({"data": b"\xff\xfe", "content_type": "text/csv"}, (422, "E_IMPORT_FORMAT")),
        ({"data": b"", "content_type": "text/csv"}, (422, "E_IMPORT_FORMAT")),
        ({"data": b"a,b\n", "content_type": "text/csv"}, (422, "E_IMPORT_FORMAT")),
        ({"data": {"other": "x"}, "content_type": "multipart/form-data"}, (422, "E_REQUIRED_FIELD")),
        ({"json": {}}, (415, "E_MEDIA_TYPE")),
        ({}, (415, "E_MEDIA_TYPE")),
    ],
)
def test_what_is_no_such_file_is_refused(administrator: Program, wishes: dict, expected: tuple[int, str]) -> None:
    for path in ("/imports/organisations", "/imports/members"):
        found = refused(administrator.ask("POST", path, **wishes))
        assert found in {expected, (409, "E_IMPORT_NOT_EMPTY")}
