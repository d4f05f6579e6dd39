"""Records completed and portraits kept through the interface (R-150, R-196)."""

import pytest
import sqlalchemy as sa

from service.domain.members.member_details import Details, filled
from service.storage import audit
from service.storage.audit import Subject
from service.storage.db import execute, reading
from service.storage.members import member_details, members
from service.storage.transfers import attachments
from tests.uploads import papers
from tests.use_cases.walker import come_in
from tests.web.programs import Program, Site, problem, refused

WHOLE = {"ethnicity": "汉族", "joined_on": "2010-07-01", "full_on": "2011-07-01", "mobile": "13900000001"}
MEGABYTE = 1024 * 1024


@pytest.fixture
def newcomer(plain_site: Site) -> int:
    """Somebody who has come in to A1-T1-B1."""
    with plain_site.app.app_context():
        return come_in(plain_site.world, "A1-T1-B1", starter="A1").to_end().transfer.member_id


def put(program: Program, member: int, **record: object) -> object:
    return program.ask("PUT", f"/members/{member}/record", json=record)


def portray(program: Program, member: int, name: str, body: bytes) -> object:
    head = f'--X\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
    return program.ask(
        "POST",
        f"/members/{member}/portrait",
        data=head + body + b"\r\n--X--\r\n",
        content_type="multipart/form-data; boundary=X",
    )


@pytest.mark.requirement("R-150")
def test_the_receiving_branch_completes_the_record(plain_site: Site, newcomer: int) -> None:
    branch = plain_site.admin("A1-T1-B1")
    shown = branch.get(f"/members/{newcomer}/record").json
    assert (shown["member_name"], shown["missing"]) == ("孔样例", ["joined_on", "full_on"])
    answer = put(branch, newcomer, joined_on=None, full_on="2035-07-01")
    assert refused(answer) == (422, "E_REQUIRED_FIELD")
    named = {(each["code"], each["field"]) for each in problem(answer)["errors"]}
    assert named == {("E_REQUIRED_FIELD", "joined_on"), ("E_DATE_FUTURE", "full_on")}
    assert refused(put(branch, newcomer, **WHOLE | {"mobile": "13900000009"})) == (422, "E_FIELD_READONLY")
    saved = put(branch, newcomer, **WHOLE)
    assert (saved.status_code, saved.json["missing"]) == (200, [])
    assert {name: saved.json[name] for name in WHOLE} == WHOLE
    with plain_site.app.app_context(), reading():
        entry = audit.of_subject(Subject("member", str(newcomer)))[0]
    assert (entry.action, entry.acting_org) == ("complete_record", "A1-T1-B1")
    assert "13900000001" not in str(entry)
    for stranger in ("A1-T1-B2", "A2"):
        assert refused(put(plain_site.admin(stranger), newcomer, **WHOLE)) == (404, "E_NOT_FOUND")
        assert refused(plain_site.admin(stranger).get(f"/members/{newcomer}/record")) == (404, "E_NOT_FOUND")


@pytest.mark.requirement("R-150")
@pytest.mark.requirement("R-210")
def test_a_branch_completes_nobody_else(plain_site: Site) -> None:
    member = plain_site.world.people["A1-T1-B1"].member_id
    assert refused(put(plain_site.admin("A1-T1-B1"), member, **WHOLE)) == (403, "E_FORBIDDEN")
    assert refused(portray(plain_site.admin("A1-T1-B1"), member, "a.jpg", papers.image("jpg"))) == (403, "E_FORBIDDEN")


@pytest.mark.requirement("R-150")
@pytest.mark.requirement("R-208")
def test_completing_counts_and_is_seen_by_who_edits(plain_site: Site, newcomer: int) -> None:
    keep = plain_site.world.deployment.vault
    with plain_site.app.app_context(), reading():
        before = members.by_id(newcomer, keep)
        assert member_details.of_member(before, keep)[1] == 0
    assert put(plain_site.admin("A1-T1-B1"), newcomer, **WHOLE).status_code == 200
    with plain_site.app.app_context(), reading():
        after = members.by_id(newcomer, keep)
        assert member_details.of_member(after, keep)[1] == 1
        counted = sa.select(members.table.c.filled).where(members.table.c.id == newcomer)
        assert execute(counted).scalar_one() == filled(after.member, Details())


@pytest.mark.requirement("R-150")
def test_nobody_completes_the_record_of_nobody(plain_site: Site) -> None:
    assert refused(put(plain_site.admin("A1"), 99_999, **WHOLE)) == (404, "E_NOT_FOUND")


@pytest.mark.requirement("R-196")
def test_a_member_has_one_portrait(plain_site: Site, newcomer: int) -> None:
    branch, path = plain_site.admin("A1-T1-B1"), f"/members/{newcomer}/portrait"
    assert refused(branch.get(path)) == (404, "E_NOT_FOUND")
    for name, body, answer in (
        ("a.bmp", papers.image("bmp"), (415, "E_ATTACHMENT_TYPE")),
        ("a.pdf", papers.pdf(), (415, "E_ATTACHMENT_TYPE")),
        ("a.jpg", papers.pdf(), (415, "E_ATTACHMENT_CONTENT")),
        ("a.jpg", papers.image("jpg").ljust(2 * MEGABYTE + 1, b"\0"), (413, "E_ATTACHMENT_SIZE")),
    ):
        assert refused(portray(branch, newcomer, name, body)) == answer
    first = portray(branch, newcomer, "一.jpeg", papers.image("jpg"))
    second = portray(branch, newcomer, "二.png", papers.image("png"))
    assert (first.status_code, second.status_code) == (201, 201)
    shown = branch.get(path)
    assert (shown.data[:4], shown.mimetype) == (b"\x89PNG", "image/png")
    with plain_site.app.app_context(), reading():
        assert attachments.by_name(first.json["name"]) is None
    assert refused(plain_site.admin("A2").get(path)) == (404, "E_NOT_FOUND")
    assert refused(portray(plain_site.admin("A2"), newcomer, "a.jpg", papers.image("jpg"))) == (404, "E_NOT_FOUND")
