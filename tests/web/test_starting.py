"""Starting through the interface: whom one may choose, what his form holds, several at once, and again (R-050–R-081)."""

import pytest

from service.storage.db import reading
from service.storage.members import members
from tests.reference.seeding import VAULT
from tests.use_cases.walker import FORM
from tests.web.conftest import MakeSite
from tests.web.programs import Program, Site, problem, refused

LETTER = {"dues_paid_to": "2025-03", "attestation": True, "target": "GU-2"}


def person(site: Site, branch: str) -> dict[str, object]:
    """A further member of a branch: key, name, identity number."""
    with site.app.app_context():
        member = site.world.newcomer(branch, name="朱样例")
        with reading():
            number = members.by_id(member.member_id, VAULT).member.id_number
    site.open_log_ins()
    return {"member_id": member.member_id, "name": "朱样例", "id_number": number}


def typed(who: dict[str, object]) -> dict[str, object]:
    return {"name": who["name"], "id_number": who["id_number"]}


@pytest.mark.requirement("R-054")
@pytest.mark.requirement("R-057")
def test_whom_one_may_choose(make_site: MakeSite) -> None:
    site = make_site("national")
    who = person(site, "GU-1-B1")
    college = site.admin("GU-1")
    page = college.get("/transfers/candidates").json
    assert page["takes_several"]
    assert [line["hindrance"] for line in page["items"]] == [None] * 3
    started = college.post("/transfers", {"member_id": who["member_id"], "answers": LETTER})
    assert started.status_code == 201, started.text
    (busy,) = college.get("/transfers/candidates?name=朱样例").json["items"]
    assert busy["hindrance"]["code"] == "E_TRANSFER_IN_PROGRESS"
    assert busy["id_number"][6:14] == "********"
    assert refused(site.admin("GU-1-B1").get("/transfers/candidates")) == (403, "E_START_NOT_ALLOWED")
    assert refused(college.get("/transfers/candidates?page=0"))[0] == 422


@pytest.mark.requirement("R-055")
@pytest.mark.requirement("R-058")
@pytest.mark.requirement("R-223")
@pytest.mark.scenario("S-19")
def test_name_and_number_and_what_stands_in_the_form(make_site: MakeSite) -> None:
    site = make_site("shandong")
    who, branch = person(site, "A1-T1-B1"), site.admin("A1-T1-B1")
    draft = branch.post("/transfers/draft", typed(who))
    assert draft.status_code == 200, draft.text
    assert draft.json["values"]["sex"] == "MALE"
    assert draft.json["values"]["issuer"] == "柳溪村党支部"
    assert draft.json["member"]["id_number"][6:14] == "********"
    assert {"target", "dues_paid_to", "committee_fax"} <= set(draft.json["required"])
    assert refused(branch.post("/transfers/draft", {**typed(who), "name": "李样例"})) == (422, "E_ID_MISMATCH")
    assert refused(branch.post("/transfers/draft", {"name": "朱样例"})) == (422, "E_REQUIRED_FIELD")
    assert refused(branch.post("/transfers/draft", {})) == (422, "E_NO_MEMBER_SELECTED")
    # The form may be sent back whole; what the system filled in cannot be changed.
    given = {**FORM, **draft.json["values"], "target": "A1-T1-B2", "age": int(draft.json["values"]["age"])}
    changed = branch.post("/transfers", {**typed(who), "answers": {**given, "sex": "FEMALE", "contact": "1"}})
    assert {each["field"]: each["code"] for each in problem(changed)["errors"]} == {
        "sex": "E_FIELD_READONLY",
        "contact": "E_PHONE_FORMAT",
    }
    assert branch.post("/transfers", {**typed(who), "answers": given}).status_code == 201


@pytest.mark.requirement("R-080")
def test_several_at_once_or_none(make_site: MakeSite) -> None:
    site = make_site("national")
    people = [person(site, "GU-1-B1") for _ in range(3)]
    college = site.admin("GU-1")
    body = {"answers": LETTER, "members": [{"member_id": each["member_id"]} for each in people]}
    body["members"][1]["answers"] = {"contact": "13900000002"}
    planned = college.post("/transfers/several/preview", body)
    assert planned.status_code == 200, planned.text
    assert [[hop["role"] for hop in each["route"]["hops"]] for each in planned.json["items"]] == [
        ["START", "RECEIVE", "REPORT_IN"]
    ] * 3
    wrong = {**body, "members": [*body["members"], {"member_id": 999_999}]}
    answer = college.post("/transfers/several", wrong)
    assert refused(answer) == (404, "E_MEMBER_NOT_FOUND")
    assert [each["member"] for each in problem(answer)["errors"]] == ["999999"]
    assert college.get("/handled").json["total"] == 0
    key = {"Idempotency-Key": "together"}
    first, second = (college.post("/transfers/several", body, headers=key) for _ in range(2))
    assert first.status_code == second.status_code == 201
    assert first.json == second.json
    assert len(first.json["items"]) == college.get("/handled").json["total"] == 3
    contacts = [contact(college, each["transfer_id"]) for each in first.json["items"]]
    assert contacts == [None, "13900000002", None]
    assert refused(college.post("/transfers/several", {**body, "members": []})) == (422, "E_NO_MEMBER_SELECTED")


def contact(college: Program, transfer: int) -> object:
    return college.get(f"/transfers/{transfer}").json["application"].get("contact")


@pytest.mark.requirement("R-074")
@pytest.mark.requirement("R-076")
@pytest.mark.requirement("R-077")
def test_the_way_of_a_resubmission(site: Site) -> None:
    who = person(site, "A2-T1-B1")
    member = site.program(str(who["id_number"]))
    transfer = member.post("/transfers", {"answers": {**FORM, "target": "A1-T2-B1"}}).json["transfer_id"]
    assert refused(member.decide(transfer, "submit", target="A1-T1-B1")) == (409, "E_TRANSFER_LOCKED")
    assert member.decide(transfer, "withdraw_application").status_code == 200
    previewed = member.post(f"/transfers/{transfer}/preview", {"answers": {"target": "A1-T1-B1"}})
    assert previewed.status_code == 200, previewed.text
    assert [hop["org"]["code"] for hop in previewed.json["hops"] if hop["org"]][-1] == "A1-T1-B1"
    assert member.get(f"/transfers/{transfer}").json["target"]["code"] == "A1-T2-B1"
    wrong = member.post(f"/transfers/{transfer}/preview", {"answers": {"target": "A1-T2"}})
    assert refused(wrong) == (422, "E_TARGET_PRECISION")
    assert member.decide(transfer, "submit", target="柳溪村党支部").status_code == 200
    assert member.get(f"/transfers/{transfer}").json["target"]["code"] == "A1-T1-B1"


@pytest.mark.requirement("R-081")
def test_a_member_without_a_view_of_his_transfer(make_site: MakeSite) -> None:
    site = make_site("shandong")
    who = person(site, "A1-T1-B1")
    branch, member = site.admin("A1-T1-B1"), site.program(str(who["id_number"]))
    body = {"member_id": who["member_id"], "answers": {**FORM, "target": "A1-T1-B2"}}
    transfer = branch.post("/transfers", body).json["transfer_id"]
    assert refused(member.get("/own")) == (403, "E_FORBIDDEN")
    assert refused(member.get(f"/transfers/{transfer}")) == (403, "E_FORBIDDEN")
    assert refused(member.post("/transfers", {"answers": {**FORM, "target": "A1-T1-B2"}})) == (
        403,
        "E_START_NOT_ALLOWED",
    )
