"""Attachments through the interface: who adds, lists, opens and removes them, and how they are handed out (R-195–R-197)."""

import logging
import tempfile
from typing import Any

import pytest
import sqlalchemy as sa
from werkzeug import formparser

from service.storage.db import execute, reading
from service.storage.transfers import attachments
from service.web.uploads import LARGEST_UPLOAD
from tests.uploads import papers
from tests.use_cases.walker import Played, submit
from tests.web.conftest import MakeSite
from tests.web.programs import Program, Site, refused

MEGABYTE = 1024 * 1024


def send(program: Program, path: str, body: bytes, name: str, *, kind: str = "other") -> Any:
    # Written by hand: the client of the tests would put a large file on disk itself.
    head = (
        f'--X\r\nContent-Disposition: form-data; name="kind"\r\n\r\n{kind}\r\n'
        f'--X\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    )
    whole = head.encode() + body + b"\r\n--X--\r\n"
    return program.ask("POST", path, data=whole, content_type="multipart/form-data; boundary=X")


def before_the_county(site: Site) -> Played:
    """A transfer outside that waits for the county's confirmation."""
    with site.app.app_context():
        return submit(site.world, "A2-T1-B1", "").forward().forward().forward()


@pytest.mark.scenario("S-28")
@pytest.mark.requirement("R-195")
def test_s_28_attachments(plain_site: Site) -> None:
    county = plain_site.admin("A1")
    large_pdf = papers.pdf(comment=b"%" + b"x" * (51 * MEGABYTE // 10) + b"\n")
    assert refused(send(county, "/attachments", large_pdf, "a.pdf")) == (413, "E_ATTACHMENT_SIZE")
    assert refused(send(county, "/attachments", b"MZ", "a.exe")) == (415, "E_ATTACHMENT_TYPE")
    assert refused(send(county, "/attachments", papers.pdf(), "b.jpg")) == (415, "E_ATTACHMENT_CONTENT")
    accepted = send(county, "/attachments", papers.large_docx(49 * MEGABYTE // 10), "c.docx")
    assert (accepted.status_code, accepted.json["file_name"]) == (201, "c.docx")
    too_large = send(county, "/attachments", bytes(LARGEST_UPLOAD + 1), "a.pdf")
    assert refused(too_large) == (413, "E_ATTACHMENT_SIZE")


@pytest.mark.requirement("R-197")
@pytest.mark.requirement("R-133")
def test_a_file_belongs_to_a_transfer_and_to_the_parties_of_its_route(make_site: MakeSite) -> None:
    site = make_site("fujian")
    played = before_the_county(site)
    county, path = site.admin("A2"), f"/transfers/{played.id}/attachments"
    sent = papers.image("jpg", comment=b"INSIDE")
    added = send(county, path, sent, "回执 1.jpg", kind="receipt_image").json
    assert (added["kind"], added["position"], added["is_settled"]) == ("receipt_image", 4, False)
    listed = county.get(path).json
    assert [each["name"] for each in listed["items"]] == [added["name"]]
    assert listed["may_add"] == ["receipt_image", "other"]
    for party in ("A2-T1-B1", "A2-T1", "A2"):
        program = site.admin(party)
        assert [each["file_name"] for each in program.get(path).json["items"]] == ["回执 1.jpg"]
        opened = program.get(f"{path}/{added['name']}")
        assert opened.status_code == 200
        assert b"INSIDE" not in opened.data
    # Above the county the transfer is in sight, its files are not; elsewhere it does not exist.
    for stranger, answer in (("CA", (403, "E_FORBIDDEN")), ("A1", (404, "E_NOT_FOUND"))):
        program = site.admin(stranger)
        assert refused(program.get(path)) == answer
        assert refused(program.get(f"{path}/{added['name']}")) == answer
        assert refused(send(program, path, sent, "b.jpg")) == answer
        assert refused(program.ask("DELETE", f"{path}/{added['name']}")) == answer


@pytest.mark.requirement("R-197")
def test_a_download_is_never_shown_in_place(plain_site: Site) -> None:
    played = before_the_county(plain_site)
    county, path = plain_site.admin("A2"), f"/transfers/{played.id}/attachments"
    name = send(county, path, papers.pdf(), "回执.pdf", kind="receipt_image").json["name"]
    opened = county.get(f"{path}/{name}")
    assert opened.data == papers.pdf()
    assert opened.headers["Content-Disposition"] == "attachment; filename*=UTF-8''%E5%9B%9E%E6%89%A7.pdf"
    assert opened.headers["X-Content-Type-Options"] == "nosniff"
    assert opened.headers["Cache-Control"] == "no-store"
    assert opened.headers.getlist("Content-Security-Policy")[0] == "sandbox; default-src 'none'"


@pytest.mark.requirement("R-197")
def test_only_whose_turn_it_is_adds_and_removes(plain_site: Site) -> None:
    played = before_the_county(plain_site)
    path, picture = f"/transfers/{played.id}/attachments", papers.image("jpg")
    assert refused(send(plain_site.admin("A2-T1"), path, picture, "a.jpg")) == (403, "E_NOT_CURRENT_HOP")
    county = plain_site.admin("A2")
    assert refused(send(county, path, picture, "a.jpg", kind="id_card_photo")) == (409, "E_ACTION_NOT_ALLOWED")
    name = send(county, path, picture, "a.jpg", kind="receipt_image").json["name"]
    assert send(county, path, picture, "again.jpg", kind="receipt_image").json["name"] == name
    assert refused(plain_site.admin("A2-T1").ask("DELETE", f"{path}/{name}")) == (403, "E_NOT_CURRENT_HOP")
    assert county.ask("DELETE", f"{path}/{name}").status_code == 204
    assert county.get(path).json["items"] == []
    assert refused(county.get(f"{path}/{name}")) == (404, "E_NOT_FOUND")


@pytest.mark.requirement("R-197")
@pytest.mark.requirement("R-214")
def test_what_a_step_rested_on_stays(plain_site: Site) -> None:
    played = before_the_county(plain_site)
    county, path = plain_site.admin("A2"), f"/transfers/{played.id}/attachments"
    added = send(county, path, papers.image("jpg"), "a.jpg", kind="receipt_image").json
    assert county.decide(played.id, "confirm_outside").json["state"] == "COMPLETED"
    assert refused(county.ask("DELETE", f"{path}/{added['name']}")) == (409, "E_IMMUTABLE")
    assert refused(send(county, path, papers.image("png"), "b.png")) == (409, "E_TRANSFER_FINISHED")
    assert county.get(path).json["items"][0]["is_settled"] is True
    with plain_site.app.app_context(), reading():
        record = execute(sa.text("SELECT record FROM events ORDER BY seq DESC LIMIT 1")).scalar_one()
    assert added["digest"] in record


@pytest.mark.requirement("R-197")
def test_a_loose_file_is_its_uploaders_own(plain_site: Site) -> None:
    county, other = plain_site.admin("A1"), plain_site.admin("A2")
    name = send(county, "/attachments", papers.image("jpg"), "a.jpg", kind="letter_photo").json["name"]
    assert [each["name"] for each in county.get("/attachments").json["items"]] == [name]
    assert other.get("/attachments").json["items"] == []
    assert county.get(f"/attachments/{name}").status_code == 200
    assert refused(other.get(f"/attachments/{name}")) == (404, "E_NOT_FOUND")
    assert refused(other.ask("DELETE", f"/attachments/{name}")) == (404, "E_NOT_FOUND")
    assert county.ask("DELETE", f"/attachments/{name}").status_code == 204
    assert refused(county.get(f"/attachments/{name}")) == (404, "E_NOT_FOUND")


@pytest.mark.requirement("R-197")
def test_the_file_of_one_transfer_is_not_found_in_another(plain_site: Site) -> None:
    one, two = before_the_county(plain_site), before_the_county(plain_site)
    county = plain_site.admin("A2")
    added = send(county, f"/transfers/{one.id}/attachments", papers.image("jpg"), "a.jpg", kind="receipt_image").json
    other = f"/transfers/{two.id}/attachments/{added['name']}"
    assert refused(county.get(other)) == (404, "E_NOT_FOUND")
    assert refused(county.ask("DELETE", other)) == (404, "E_NOT_FOUND")
    named = county.decide(two.id, "confirm_outside", attachments=[added["name"]])
    assert refused(named) == (422, "E_FIELD_INVALID")
    assert refused(county.decide(two.id, "confirm_outside")) == (422, "E_RECEIPT_IMAGE_REQUIRED")


@pytest.mark.parametrize(
    ("form", "answer"),
    [
        ({"file": "text"}, (422, "E_FIELD_INVALID")),
        ({"kind": "portrait"}, (422, "E_FIELD_INVALID")),
        ({"kind": "other"}, (422, "E_REQUIRED_FIELD")),
        ({"kind": "other", "file": "no file"}, (422, "E_REQUIRED_FIELD")),
    ],
)
def test_a_strange_upload_is_refused(plain_site: Site, form: dict[str, str], answer: tuple[int, str]) -> None:
    sent = plain_site.admin("A1").ask("POST", "/attachments", data=form, content_type="multipart/form-data")
    assert refused(sent) == answer


def test_no_more_than_twenty_files_wait(plain_site: Site) -> None:
    county = plain_site.admin("A1")
    for number in range(20):
        assert send(county, "/attachments", papers.image("png", size=(10 + number, 10)), "a.png").status_code == 201
    assert refused(send(county, "/attachments", papers.image("png"), "a.png")) == (413, "E_ATTACHMENT_SIZE")


@pytest.mark.requirement("R-038")
def test_content_and_name_lie_nowhere_in_plain(
    plain_site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def no_file(*_: object, **__: object) -> None:
        raise AssertionError("an upload was written to a temporary file")

    monkeypatch.setattr(formparser, "SpooledTemporaryFile", no_file)
    monkeypatch.setattr(tempfile, "mkstemp", no_file)
    county, body = plain_site.admin("A1"), papers.large_docx(2 * MEGABYTE)
    with caplog.at_level(logging.DEBUG):
        name = send(county, "/attachments", body, "张样例的信.docx").json["name"]
    assert "张样例" not in caplog.text
    with plain_site.app.app_context(), reading():
        rows = [
            *execute(sa.select(attachments.table)).mappings(), *execute(sa.select(attachments.contents)).mappings()
        ]  # fmt: skip
    stored = b"".join(bytes(value) for row in rows for value in row.values() if isinstance(value, bytes))
    assert len(stored) > len(body)
    assert body[:200] not in stored
    assert "张样例".encode() not in stored
    assert county.get(f"/attachments/{name}").data == body
