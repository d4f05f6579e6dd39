"""A transfer from application to the new branch, through the interface alone (W-41's tree, fujian)."""

import pytest

from service.storage.db import reading
from service.storage.members import members
from tests.reference.seeding import VAULT
from tests.use_cases.walker import FORM
from tests.web.programs import Program, Site


@pytest.fixture
def application() -> dict:
    return {"answers": {**FORM, "target": "A2-T1-B1"}}


def login_of(site: Site, branch: str) -> str:
    with site.app.app_context(), reading():
        return members.by_id(site.world.people[branch].member_id, VAULT).member.id_number


def go_on(officer: Program, transfer: int) -> None:
    """Take the first action offered, as the form of the open task wants it."""
    offered = [each["code"] for each in officer.get(f"/transfers/{transfer}").json["actions"]]
    form = officer.get(f"/transfers/{transfer}/form").json
    assert set(offered) & set(form["decisions"])
    decision = "confirm_report_in" if "confirm_report_in" in offered else "approve"
    ticked = {"attestation": True} if "attestation" in {each["name"] for each in form["fields"]} else {}
    decided = officer.decide(transfer, decision, **ticked)
    assert decided.status_code == 200, decided.text


def test_a_member_applies_everyone_decides_and_he_belongs_to_the_new_branch(site: Site, application: dict) -> None:
    member = site.program(login_of(site, "A1-T1-B1"))
    planned = member.post("/transfers/preview", application)
    assert planned.status_code == 200, planned.text
    started = member.post("/transfers", application)
    assert started.status_code == 201, started.text
    transfer = started.json["transfer_id"]
    route = member.get(f"/transfers/{transfer}").json
    assert [hop["role"] for hop in route["hops"]] == [hop["role"] for hop in planned.json["hops"]]
    assert "*" * 8 in route["member_number"]

    holders = []
    while (seen := member.get(f"/transfers/{transfer}").json)["state"] != "COMPLETED":
        holder = seen["hops"][seen["position"]]["org"]["code"]
        officer = site.admin(holder)
        line = officer.get("/inbox").json["items"][0]
        assert (line["id"], officer.get("/counts").json["todo"]) == (transfer, 1)
        go_on(officer, transfer)
        holders.append(holder)
        site.now = site.now.replace(minute=site.now.minute + 1)
    assert holders[-1] == "A2-T1-B1"
    assert officer.get("/inbox").json["items"] == []
    with site.app.app_context(), reading():
        assert site.world.branch_of(site.world.people["A1-T1-B1"]) == "A2-T1-B1"

    events = member.get(f"/transfers/{transfer}").json["events"]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert events[0]["action"] == "submit"
    assert events[0]["at"].endswith("+08:00")
    letters = member.get(f"/transfers/{transfer}").json["letters"]
    assert letters
    letter = officer.get(f"/letters/{letters[0]['id']}")
    assert letter.json["snapshot"]["number"] == letters[0]["number"]
    finished = site.admin("A1-T1").get("/history").json
    assert [line["id"] for line in finished["items"]] == [transfer]


def test_a_return_with_reason_reaches_the_applicant_who_submits_again(site: Site, application: dict) -> None:
    member = site.program(login_of(site, "A1-T1-B1"))
    transfer = member.post("/transfers", application).json["transfer_id"]
    seen = member.get(f"/transfers/{transfer}").json
    officer = site.admin(seen["hops"][seen["position"]]["org"]["code"])
    negative = next(
        each["code"]
        for each in officer.get(f"/transfers/{transfer}").json["actions"]
        if each["code"] in {"reject", "return", "disapprove"}
    )
    assert officer.decide(transfer, negative).json["code"] == "E_REASON_REQUIRED"
    returned = officer.decide(transfer, negative, reason="抬头有误")
    assert returned.status_code == 200, returned.text
    seen = member.get(f"/transfers/{transfer}").json
    assert (seen["state"], seen["cause"]) == ("RETURNED_TO_APPLICANT", "REJECTED")
    assert "抬头有误" in str(seen["events"])
    again = member.decide(transfer, "submit", **application["answers"])
    assert again.status_code == 200, again.text
    assert member.get(f"/transfers/{transfer}").json["state"] == "IN_PROGRESS"
