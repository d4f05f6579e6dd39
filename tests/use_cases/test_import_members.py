"""A members file is taken whole or not at all; what is told of it shows no whole number."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

import pytest

from service.definitions import profiles
from service.domain.accounts.actors import Actor
from service.domain.accounts.roles import Role
from service.domain.errors import Refused
from service.domain.members.members import MemberKind, MemberStatus, Sex
from service.storage import audit
from service.storage.audit import Subject
from service.storage.db import reading
from service.storage.members import members
from service.storage.vault import Vault
from service.use_cases.imports import organisation_lines
from service.use_cases.imports.defects import ImportReport
from service.use_cases.imports.member_lines import HEADER
from service.use_cases.members.import_members import import_members
from service.use_cases.organisations.import_organisations import import_organisations
from tests.support.applications import storing
from tests.support.databases import KINDS, Databases

NOW = datetime(2025, 3, 10, 1, 0, tzinfo=UTC)
TREE = (
    "R,,根,,LOCAL_COMMITTEE,,,,,,,,,,",
    "B,R,甲支部,,BRANCH,,,,,,,,,,",
    "D,R,旧支部,,BRANCH,,,,,,,,,,DISSOLVED",
    "H,R,未知,,HOLDING_UNKNOWN,,,,,,,,,,",
)
ZHANG = "379901198501010017,张样例,MALE,FULL,B,汉族,2006-07-01,2007-07-01,13900000001,ACTIVE,true"


class _Deployment:
    """As much of a deployment as an import looks at."""

    vault = Vault(bytes(range(32)))


@pytest.fixture
def empty(migrated_url: str) -> Iterator[None]:
    """A tree without members for one test."""
    with _planted(migrated_url):
        yield


@pytest.fixture(scope="module", params=KINDS)
def unchanged(request: pytest.FixtureRequest, databases_of_session: Databases) -> Iterator[None]:
    """A tree without members for all tests that must leave it so."""
    with databases_of_session.migrated(request.param) as url, _planted(url):
        yield


@contextmanager
def _planted(url: str) -> Iterator[None]:
    with storing(url):
        tree = [f"{line}\n" for line in (",".join(organisation_lines.HEADER), *TREE)]
        assert import_organisations(tree, profile=profiles.profile("default"), now=NOW).is_accepted
        yield


def load(*lines: str, header: str = ",".join(HEADER)) -> ImportReport:
    return import_members([f"{line}\n" for line in (header, *lines)], deployment=_Deployment, now=NOW)


def line(**changes: str) -> str:
    return ",".join((dict(zip(HEADER, ZHANG.split(","), strict=True)) | changes).values())


def count() -> int:
    with reading():
        return members.count()


@pytest.mark.usefixtures("empty")
def test_a_good_file_becomes_members() -> None:
    probationary = "379901199002150028,李样例,,PROBATIONARY,H,,,,,,"
    assert load(ZHANG, probationary) == ImportReport(2)
    with reading():
        (zhang,) = members.by_id_number("379901198501010017", _Deployment.vault)
        (li,) = members.by_id_number("379901199002150028", _Deployment.vault)
    assert (zhang.member.name, zhang.member.sex, zhang.member.kind) == ("张样例", Sex.MALE, MemberKind.FULL)
    assert (zhang.member.birth_date, zhang.member.joined_on) == (date(1985, 1, 1), date(2006, 7, 1))
    assert (zhang.member.mobile, zhang.member.is_graduate, zhang.branch_code) == ("13900000001", True, "B")
    assert (li.member.sex, li.member.status, li.branch_code) == (Sex.FEMALE, MemberStatus.ACTIVE, "H")


@pytest.mark.usefixtures("empty")
@pytest.mark.requirement("R-214")
def test_the_log_says_who_brought_how_many_and_not_whom() -> None:
    officer = Actor(7, "管理员", Role.SYSTEM_ADMIN)
    text = [f"{each}\n" for each in (",".join(HEADER), ZHANG)]
    import_members(text, deployment=_Deployment, now=NOW, actor=officer)
    load(ZHANG)
    with reading():
        (entry,) = audit.of_subject(Subject("import", "members"))
    assert (entry.account_id, entry.at, entry.after) == (7, NOW, {"imported": 1}), "the second was refused"


@pytest.mark.usefixtures("empty")
@pytest.mark.requirement("R-041")
def test_a_small_x_becomes_a_large_one() -> None:
    assert load("37990119960606004x,赵样例,FEMALE,FULL,B,,,,,,").imported == 1
    with reading():
        assert members.by_id_number("37990119960606004X", _Deployment.vault)


@pytest.mark.usefixtures("empty")
def test_the_dot_in_a_name_is_the_middle_dot() -> None:
    load(line(name="阿依古丽\u30fb买买提"))
    with reading():
        (found,) = members.by_id_number("379901198501010017", _Deployment.vault)
    assert found.member.name == "阿依古丽\u00b7买买提"


MASKED = "379901********0017"
BAD = {
    "too short": (line(id_number="37990119850101001"), "id_number", "E_ID_FORMAT"),
    "no such birth date": (line(id_number="379901198502300017"), "id_number", "E_ID_FORMAT"),
    "wrong check character": (line(id_number="379901198501010018"), "id_number", "E_ID_CHECKSUM"),
    "no number": (line(id_number=""), "id_number", "E_REQUIRED_FIELD"),
    "the other sex": (line(sex="FEMALE"), "sex", "E_ID_MISMATCH"),
    "no sex at all": (line(sex="M"), "sex", "E_FIELD_INVALID"),
    "no name": (line(name=" "), "name", "E_REQUIRED_FIELD"),
    "private character": (line(name="张\ue170"), "name", "E_FIELD_INVALID"),
    "invisible character": (line(name="张\u200b样例"), "name", "E_FIELD_INVALID"),
    "kind": (line(kind="HALF"), "kind", "E_FIELD_INVALID"),
    "no kind": (line(kind=""), "kind", "E_REQUIRED_FIELD"),
    "unknown branch": (line(branch_code="Q"), "branch_code", "E_ORG_NOT_FOUND"),
    "no branch": (line(branch_code=""), "branch_code", "E_REQUIRED_FIELD"),
    "a committee": (line(branch_code="R"), "branch_code", "E_FIELD_INVALID"),
    "dissolved branch": (line(branch_code="D"), "branch_code", "E_FIELD_INVALID"),
    "date": (line(joined_on="2006-7-1"), "joined_on", "E_FIELD_INVALID"),
    "date without dashes": (line(joined_on="20060701"), "joined_on", "E_FIELD_INVALID"),
    "date in the future": (line(full_on="2025-03-11"), "full_on", "E_DATE_FUTURE"),
    "full before joined": (line(full_on="2006-07-01"), "full_on", "E_DATE_ORDER"),
    "telephone": (line(mobile="1390000000"), "mobile", "E_PHONE_FORMAT"),
    "status": (line(status="GONE"), "status", "E_FIELD_INVALID"),
    "graduate": (line(is_graduate="yes"), "is_graduate", "E_FIELD_INVALID"),
    "too many cells": (f"{ZHANG},more", "", "E_IMPORT_FORMAT"),
}


@pytest.mark.usefixtures("unchanged")
@pytest.mark.requirement("R-041")
@pytest.mark.requirement("R-042")
@pytest.mark.requirement("R-045")
@pytest.mark.parametrize("case", BAD)
def test_a_line_at_fault_is_named_and_nothing_is_taken(case: str) -> None:
    bad, field, code = BAD[case]
    report = load("379901199002150028,李样例,,FULL,B,,,,,,", bad)
    assert [(each.line, each.field, each.code) for each in report.defects] == [(3, field, code)]
    assert count() == 0


@pytest.mark.usefixtures("unchanged")
@pytest.mark.requirement("R-038")
@pytest.mark.parametrize("case", BAD)
def test_a_report_shows_no_whole_number(case: str) -> None:
    told = " ".join(str(each) for each in load(BAD[case][0], BAD[case][0]).defects)
    assert "19850101001" not in told
    assert "13900000001" not in told


@pytest.mark.usefixtures("empty")
@pytest.mark.requirement("R-042")
def test_a_person_occurs_once_in_a_file_and_among_the_members() -> None:
    assert [str(each.code) for each in load(ZHANG, ZHANG).defects] == ["E_MEMBER_EXISTS"]
    assert load(ZHANG).imported == 1
    report = load(ZHANG)
    assert [(each.value, each.code) for each in report.defects] == [(MASKED, "E_MEMBER_EXISTS")]
    assert count() == 1


@pytest.mark.usefixtures("empty")
@pytest.mark.requirement("R-042")
def test_former_members_do_not_count() -> None:
    former = line(status="HIST_TRANSFERRED_OUT", branch_code="D")
    assert load(former, ZHANG, former).imported == 3


@pytest.mark.usefixtures("empty")
def test_a_key_file_that_is_not_theirs_adds_nobody() -> None:
    load(ZHANG)
    other = type("Other", (), {"vault": Vault(b"1" * 32)})
    text = [f"{each}\n" for each in (",".join(HEADER), "379901199002150028,李样例,,FULL,B,,,,,,")]
    with pytest.raises(Refused) as refusal:
        import_members(text, deployment=other, now=NOW)
    assert refusal.value.code == "E_SETTING_INVALID"
    assert count() == 1


@pytest.mark.usefixtures("unchanged")
def test_another_header_is_refused() -> None:
    with pytest.raises(Refused) as refusal:
        load(ZHANG, header="name,id_number")
    assert refusal.value.code == "E_IMPORT_FORMAT"


@pytest.mark.usefixtures("unchanged")
def test_an_empty_file_is_no_members_file() -> None:
    assert [each.code for each in load().defects] == ["E_IMPORT_FORMAT"]
