"""Every kind of refusal is one whole problem, in two languages, and leaves nothing behind."""

import json
from unittest import mock

import pytest

from service.domain.errors import Refused
from service.domain.refusal_texts import REFUSAL_TEXTS
from service.web.api.transfers import lists
from tests.use_cases.walker import FORM
from tests.web.programs import API, Program, Site, problem, refused

FOREIGN = ("Traceback", "SELECT", "sqlite", "psycopg", "/service/", "site-packages")


def fields_of(answer: object) -> dict[str, str]:
    return {error["field"]: error["code"] for error in problem(answer)["errors"]}


def test_what_does_not_exist_is_not_found(reader: Program) -> None:
    for path in ("/nothing", "/transfers/7", "/transfers/99999999999999999999", "/transfers/x", "/letters/7"):
        assert refused(reader.get(path)) == (404, "E_NOT_FOUND")
    assert refused(reader.get("/organisations/NONE")) == (404, "E_ORG_NOT_FOUND")
    assert refused(reader.get("/forms/common/nothing")) == (404, "E_NOT_FOUND")


def test_a_method_that_an_address_does_not_know_is_refused_with_those_it_knows(reader: Program) -> None:
    answer = reader.post("/inbox")
    assert refused(answer) == (405, "E_METHOD_NOT_ALLOWED")
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"nonsense", b"\xff\xfe", b"[" * 100_000, b'{"a": ' + b"9" * 5000 + b"}", b'{"a": NaN'],
)
def test_broken_json_is_refused(reader: Program, body: bytes) -> None:
    answer = reader.ask("POST", "/transfers", data=body, content_type="application/json")
    assert refused(answer) == (422, "E_QUERY_INVALID")


@pytest.mark.parametrize("body", ["[]", "1", "null", '"text"', "[{}]"])
def test_json_that_is_no_object_is_refused(reader: Program, body: str) -> None:
    answer = reader.ask("POST", "/transfers", data=body, content_type="application/json")
    assert answer.status_code == 422
    problem(answer)


def test_a_body_of_another_kind_is_refused(reader: Program) -> None:
    assert refused(reader.ask("POST", "/transfers", data="a=1", content_type="text/plain")) == (415, "E_MEDIA_TYPE")
    assert refused(reader.ask("POST", "/transfers", data={"a": "1"})) == (415, "E_MEDIA_TYPE")
    packed = reader.ask("POST", "/transfers", json={}, headers={"Content-Encoding": "gzip"})
    assert refused(packed) == (415, "E_MEDIA_TYPE")


def test_a_body_that_is_too_large_is_refused(reader: Program) -> None:
    body = json.dumps({"answers": {"reason": "x" * (6 * 1024 * 1024)}})
    answer = reader.ask("POST", "/transfers", data=body, content_type="application/json")
    assert refused(answer) == (413, "E_REQUEST_TOO_LARGE")


def test_unknown_fields_are_refused_by_name(still_site: Site, reader: Program) -> None:
    assert fields_of(reader.post("/transfers", {"answers": {}, "state": "COMPLETED", "id": 1})) == {
        "state": "E_FIELD_INVALID",
        "id": "E_FIELD_INVALID",
    }
    assert fields_of(still_site.stranger().post("/session", {"login_name": "a", "password": "b", "role": "x"})) == {
        "role": "E_FIELD_INVALID"
    }
    assert fields_of(reader.post("/transfers", {"answers": {}, "\ud800": 1, "x" * 999: 1})) == {
        "?": "E_FIELD_INVALID",
        "x" * 80: "E_FIELD_INVALID",
    }
    assert fields_of(reader.get("/inbox?pages=1")) == {"pages": "E_QUERY_INVALID"}


def test_all_missing_fields_are_named_at_once(still_site: Site) -> None:
    answer = still_site.stranger().post("/session", {})
    assert refused(answer) == (422, "E_REQUIRED_FIELD")
    assert fields_of(answer) == {"login_name": "E_REQUIRED_FIELD", "password": "E_REQUIRED_FIELD"}


@pytest.mark.requirement("R-223")
def test_all_fields_of_a_form_at_fault_are_named_at_once(site: Site) -> None:
    answers = {**FORM, "target": "A2-T1-B1", "contact": "12", "dues_paid_to": "", "nonsense": "x"}
    member = site.world.people["A1-T1-B1"].member_id
    answer = site.admin("A1-T1-B1").post("/transfers", {"member_id": member, "answers": answers})
    assert answer.status_code == 422
    assert {"contact", "dues_paid_to", "nonsense"} <= set(fields_of(answer))


@pytest.mark.parametrize("version", ["1", 1.0, 1.5, True, None, -1, 2**31, 10**30])
def test_numbers_are_taken_as_numbers_only(reader: Program, version: object) -> None:
    answer = reader.post("/transfers/1/decisions", {"version": version, "answers": {}})
    assert refused(answer) == (422, "E_FIELD_INVALID")
    assert set(fields_of(answer)) == {"version"}


@pytest.mark.parametrize(
    "value", [1.5, {}, {"a": 1}, [1], [[]], "\x00", "\ud800", "x" * 10_001, 2**31, ["x"] * 201, float("nan")]
)
def test_answers_that_no_form_can_hold_are_refused(site: Site, value: object) -> None:
    program = site.admin("A1")
    for path in ("/transfers", "/transfers/preview", "/incoming"):
        answer = program.post(path, {"answers": {"reason": value}})
        assert refused(answer) == (422, "E_FIELD_INVALID")
        assert set(fields_of(answer)) == {"answers.reason"}


@pytest.mark.parametrize("text", ["\x00", "\ud800", "%", "_", "'", "\\", "x" * 100])
def test_no_text_breaks_a_search(site: Site, text: str) -> None:
    program = site.admin("A1")
    found = program.get("/organisations", query_string={"query": text.encode("utf-8", "surrogatepass")})
    assert found.status_code in {200, 422}
    named = program.post("/transfers", {"name": text, "id_number": text, "answers": {}})
    assert 400 <= named.status_code < 500
    logged = site.stranger().post("/session", {"login_name": text, "password": text})
    assert logged.status_code in {401, 422}


@pytest.mark.parametrize(
    "query", ["page=0", "page=-1", "page=x", "page=１", "per_page=201", "per_page=0", "page=1e3", "page=+1"]
)
def test_pages_that_cannot_be_are_refused(reader: Program, query: str) -> None:
    assert refused(reader.get(f"/inbox?{query}")) == (422, "E_QUERY_INVALID")


@pytest.mark.parametrize("key", ["", " ", "a b", "ä", "x" * 101])
def test_a_key_of_a_request_is_visible_ascii(reader: Program, key: str) -> None:
    answer = reader.post("/transfers", {"answers": {}}, headers={"Idempotency-Key": key})
    assert fields_of(answer) == {"Idempotency-Key": "E_FIELD_INVALID"}


def test_a_fault_is_told_without_details_and_logged_without_content(
    capsys: pytest.CaptureFixture, plain_site: Site
) -> None:
    program = plain_site.admin("A1")
    with mock.patch.object(lists.list_inbox, "counts", side_effect=RuntimeError("张样例 379901198501010017")):
        answer = program.get("/counts")
    assert refused(answer) == (500, "E_INTERNAL")
    assert not [word for word in FOREIGN if word in answer.text]
    line = json.loads(capsys.readouterr().err.splitlines()[-1])
    assert line["request_id"] == answer.json["request_id"]
    assert line["exception"] == ["builtins.RuntimeError"]
    assert any("lists.py" in frame for frame in line["trace"])
    assert line["account"] is not None
    assert "样例" not in json.dumps(line, ensure_ascii=False)


@pytest.mark.parametrize("code", sorted(REFUSAL_TEXTS))
def test_every_code_has_its_status_and_both_languages(still_site: Site, code: str) -> None:
    with still_site.app.test_request_context(f"{API}/x"):
        answer = still_site.app.handle_user_exception(
            Refused(code, field="reason", detail_zh="细节", detail_en="detail")
        )
        found = json.loads(answer.get_data())
    text = REFUSAL_TEXTS[code]
    assert (answer.status_code, found["code"]) == (text.status, code)
    assert found["message_zh"] == f"{text.zh}：细节"
    assert found["message_en"] == f"{text.en}: detail"
    assert found["errors"][0]["field"] == "reason"


def test_requests_have_names_of_their_own(still_site: Site) -> None:
    names = {still_site.stranger().get("/session").headers["X-Request-Id"] for _ in range(5)}
    assert len(names) == 5
