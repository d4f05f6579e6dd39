"""Decisions through the interface: once each, in order, by whom they belong to."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa

from service.storage.db import execute, reading, transaction
from service.storage.transfers import history
from service.use_cases.accounts.open_account import grant_role, open_account
from tests.reference.seeding import PASSWORD
from tests.use_cases.walker import FORM
from tests.web.programs import Site, problem, refused

RACES = 10


@pytest.fixture
def started(site: Site) -> int:
    return start(site)


def start(site: Site, key: str = "") -> int:
    with site.app.app_context():
        member = site.world.newcomer("A1-T1-B1").member_id
    answer = site.admin("A1-T1-B1").post(
        "/transfers",
        {"member_id": member, "answers": {**FORM, "target": "A2-T1-B1"}},
        headers={"Idempotency-Key": key} if key else {},
    )
    assert answer.status_code == 201, answer.text
    return answer.json["transfer_id"]


def holder_of(site: Site, transfer: int) -> str:
    seen = site.admin("A1-T1-B1").get(f"/transfers/{transfer}").json
    return seen["hops"][seen["position"]]["org"]["code"]


def colleague_of(site: Site, code: str) -> str:
    """A second officer of the same organisation."""
    with site.app.app_context(), transaction():
        account = open_account("zweite", name="李副手", password=PASSWORD, deployment=site.world.deployment)
        first = site.world.admins[code]
        grant_role(account, first.role, org_id=first.org.id)
    return "zweite"


def events_of(site: Site, transfer: int) -> int:
    with site.app.app_context(), reading():
        query = sa.select(sa.func.count()).where(history.table.c.transfer_id == transfer)
        return execute(query).scalar_one()


@pytest.mark.scenario("S-73")
def test_the_second_officer_is_told_who_was_first_and_when(site: Site, started: int) -> None:
    code = holder_of(site, started)
    first, second = site.admin(code), site.program(colleague_of(site, code))
    body = {"version": second.get(f"/transfers/{started}").json["version"], "answers": {"decision": "approve"}}
    assert first.post(f"/transfers/{started}/decisions", body).status_code == 200
    found = problem(second.post(f"/transfers/{started}/decisions", body))
    assert (found["status"], found["code"]) == (409, "E_ALREADY_DECIDED")
    assert f"管理员{code}" in found["message_zh"]
    assert "2025-03-10 09:00" in found["message_zh"]


@pytest.mark.scenario("S-73")
def test_of_two_officers_at_once_exactly_one_decides(site: Site) -> None:
    transfers = [start(site) for _ in range(RACES)]
    code = holder_of(site, transfers[0])
    officers = [site.admin(code), site.program(colleague_of(site, code))]
    with ThreadPoolExecutor(2) as pool:
        for transfer in transfers:
            version, before = officers[0].get(f"/transfers/{transfer}").json["version"], events_of(site, transfer)
            barrier = Barrier(2)

            def decide(
                officer: object, transfer: int = transfer, version: int = version, wait: Barrier = barrier
            ) -> str:
                wait.wait()
                answer = officer.post(
                    f"/transfers/{transfer}/decisions", {"version": version, "answers": {"decision": "approve"}}
                )
                return "ok" if answer.status_code == 200 else refused(answer)[1]

            assert sorted(pool.map(decide, officers)) == ["E_ALREADY_DECIDED", "ok"]
            assert events_of(site, transfer) == before + 1


def test_the_same_request_twice_gets_the_same_answer_and_has_one_effect(site: Site, started: int) -> None:
    officer = site.admin(holder_of(site, started))
    body = {"version": officer.get(f"/transfers/{started}").json["version"], "answers": {"decision": "approve"}}
    answers = [
        officer.post(f"/transfers/{started}/decisions", body, headers={"Idempotency-Key": "k-1"}) for _ in range(3)
    ]
    assert len({answer.get_data() for answer in answers}) == 1
    assert answers[0].status_code == 200
    assert events_of(site, started) == 2
    other = {**body, "answers": {"decision": "reject", "reason": "x"}}
    reused = officer.post(f"/transfers/{started}/decisions", other, headers={"Idempotency-Key": "k-1"})
    assert refused(reused) == (422, "E_IDEMPOTENCY_REUSED")


def test_starting_twice_under_one_key_starts_one_transfer(site: Site) -> None:
    program, member = site.admin("A1-T1-B1"), site.world.people["A1-T1-B1"].member_id
    body = {"member_id": member, "answers": {**FORM, "target": "A2-T1-B1"}}
    first, second = (program.post("/transfers", body, headers={"Idempotency-Key": "k"}) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json == second.json
    assert refused(program.post("/transfers", body)) == (409, "E_TRANSFER_IN_PROGRESS")


def test_a_decision_on_an_older_version_is_refused(site: Site, started: int) -> None:
    officer = site.admin(holder_of(site, started))
    version = officer.get(f"/transfers/{started}").json["version"]
    for seen in (version - 1, version + 1):
        body = {"version": seen, "answers": {"decision": "approve"}}
        found = problem(officer.post(f"/transfers/{started}/decisions", body))
        assert (found["status"], found["code"]) in {(409, "E_STALE"), (409, "E_ALREADY_DECIDED")}
    assert events_of(site, started) == 1


def test_who_cannot_see_a_transfer_is_told_that_there_is_none(site: Site, started: int) -> None:
    for stranger in (site.admin("B1-S1-B1"), site.admin("PD1-C-B1")):
        body = {"version": 1, "answers": {"decision": "approve"}}
        assert refused(stranger.get(f"/transfers/{started}")) == (404, "E_NOT_FOUND")
        assert refused(stranger.get(f"/transfers/{started}/form")) == (404, "E_NOT_FOUND")
        assert refused(stranger.post(f"/transfers/{started}/decisions", body)) == (404, "E_NOT_FOUND")


def test_who_sees_it_but_is_not_at_turn_cannot_act(site: Site, started: int) -> None:
    officer = site.admin("A2-T1-B1")
    body = {"version": officer.get(f"/transfers/{started}").json["version"], "answers": {"decision": "approve"}}
    assert officer.post(f"/transfers/{started}/decisions", body).status_code == 403


@pytest.mark.parametrize("decision", ["", "close", "nonsense", None, 1, True, ["approve"]])
def test_a_decision_that_is_none_here_is_refused(site: Site, started: int, decision: object) -> None:
    officer = site.admin(holder_of(site, started))
    version = officer.get(f"/transfers/{started}").json["version"]
    answer = officer.post(f"/transfers/{started}/decisions", {"version": version, "answers": {"decision": decision}})
    assert 400 <= answer.status_code < 500
    problem(answer)
    assert events_of(site, started) == 1


def test_a_preview_starts_nothing(site: Site) -> None:
    program, member = site.admin("A1-T1-B1"), site.world.people["A1-T1-B1"].member_id
    planned = program.post("/transfers/preview", {"member_id": member, "answers": {**FORM, "target": "A2-T1-B1"}})
    by_codes = program.post("/routes/preview", {"origin": "A1-T1-B1", "target": "A2-T1-B1", "starter": "A1-T1-B1"})
    assert planned.status_code == 200, planned.text
    assert planned.json == by_codes.json
    assert program.get("/own").json["total"] == 0
    assert program.get("/counts").json["handled"] == 0
