"""An organisations file is taken whole or not at all, and each line at fault is named with its reason."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from service.definitions import profiles
from service.domain.errors import Refused
from service.domain.organisations.organisations import AuthorityLevel, OrgStatus, OrgType, Scope, UnitKind
from service.storage import audit
from service.storage.audit import Subject
from service.storage.db import reading
from service.storage.organisations import organisations
from service.use_cases.imports.defects import Defects, ImportReport
from service.use_cases.imports.organisation_lines import HEADER, OrganisationPlace
from service.use_cases.imports.organisation_tree import GrowingTree
from service.use_cases.organisations.import_organisations import import_organisations
from tests.support.applications import storing
from tests.support.databases import KINDS, Databases

NOW = datetime(2025, 3, 10, 1, 0, tzinfo=UTC)
ROOT = "R,,中共样例县委员会,样例县委,LOCAL_COMMITTEE,,COUNTY_COMMITTEE,NATIONAL,,,,,,,"
TOWN = "T,R,中共样例镇委员会,,PRIMARY_COMMITTEE,TOWNSHIP,FIRST_LEVEL,COUNTY,true,true,,抬头,张样例,0530-1234567,ACTIVE"
BRANCH = "B-1,T,样例村党支部,,BRANCH,,,,,,,,,,"


@pytest.fixture
def empty(migrated_url: str) -> Iterator[None]:
    """An empty database for one test."""
    with storing(migrated_url):
        yield


@pytest.fixture(scope="module", params=KINDS)
def unchanged(request: pytest.FixtureRequest, databases_of_session: Databases) -> Iterator[None]:
    """An empty database for all tests that must leave it empty."""
    with databases_of_session.migrated(request.param) as url, storing(url):
        yield


def load(*lines: str, header: str = ",".join(HEADER), profile: str = "default") -> ImportReport:
    text = [f"{line}\n" for line in (header, *lines)]
    return import_organisations(text, profile=profiles.profile(profile), now=NOW)


def count() -> int:
    with reading():
        return organisations.count()


@pytest.mark.usefixtures("empty")
def test_a_good_file_becomes_the_tree() -> None:
    assert load(ROOT, TOWN, BRANCH) == ImportReport(3)
    with reading():
        branch, town, root = organisations.chain("B-1")
        assert organisations.roots() == 1
    assert (root.level, root.scope, root.can_transfer) == (AuthorityLevel.COUNTY_COMMITTEE, Scope.NATIONAL, True)
    assert (town.unit_kind, town.auto_approve_children, town.letter_heading) == (UnitKind.TOWNSHIP, True, "抬头")
    assert (branch.org_type, branch.level, branch.scope) == (OrgType.BRANCH, None, Scope.NONE)
    assert (branch.status, branch.is_functional, branch.auto_approve_children) == (OrgStatus.ACTIVE, False, False)


@pytest.mark.usefixtures("empty")
@pytest.mark.requirement("R-214")
def test_the_log_says_that_a_tree_was_brought_in_and_nothing_of_one_that_was_not() -> None:
    load(ROOT, BRANCH)
    with reading():
        assert audit.head()[0] == 0, "its superior is unknown"
    load(ROOT, TOWN, BRANCH)
    with reading():
        (entry,) = audit.of_subject(Subject("import", "organisations"))
    assert (entry.action, entry.at, entry.after, entry.account_id) == ("import", NOW, {"imported": 3}, None)


@pytest.mark.usefixtures("empty")
@pytest.mark.requirement("R-016")
def test_what_a_file_leaves_open_the_profile_fills() -> None:
    load(ROOT, BRANCH.replace(",T,", ",R,"), profile="shandong")
    with reading():
        assert all(org.auto_approve_children for org in organisations.chain("B-1"))


@pytest.mark.usefixtures("empty")
@pytest.mark.requirement("R-001")
def test_a_tree_is_imported_once() -> None:
    load(ROOT)
    with pytest.raises(Refused) as refusal:
        load(ROOT, TOWN)
    assert refusal.value.code == "E_IMPORT_NOT_EMPTY"
    assert count() == 1


@pytest.mark.usefixtures("empty")
def test_a_byte_order_mark_and_blank_lines_do_no_harm() -> None:
    assert load(ROOT, "", TOWN, header="\ufeff" + ",".join(HEADER)).imported == 2


@pytest.mark.usefixtures("empty")
def test_names_are_written_in_one_form() -> None:
    load(ROOT.replace("中共样例县委员会", " 买买提\u2022艾力e\u0301 "))
    with reading():
        assert organisations.chain("R")[0].name == "买买提\u00b7艾力\u00e9"


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("header", [
    "", "code,name", ",".join(HEADER[1:]), ",".join(reversed(HEADER)), ",".join((*HEADER, "fax")),
    ",".join(HEADER).upper(), ";".join(HEADER), f'"{",".join(HEADER)}',
])  # fmt: skip
def test_another_header_is_refused(header: str) -> None:
    with pytest.raises(Refused) as refusal:
        load(ROOT, header=header)
    assert refusal.value.code == "E_IMPORT_FORMAT"
    assert count() == 0


def line(**changes: str) -> str:
    cells = dict(zip(HEADER, TOWN.split(","), strict=True)) | changes
    return ",".join(cells.values())


# Lines behind the header and the root (so the first of them is line 3): what each is told, in order.
BAD = {
    "scope": ([line(scope="X")], [(3, "scope", "X", "E_PERM_INVALID")]),
    "scope of another case": ([line(scope="county")], [(3, "scope", "county", "E_PERM_INVALID")]),
    "permission": ([line(can_transfer="yes")], [(3, "can_transfer", "yes", "E_PERM_INVALID")]),
    "automatic": ([line(auto_approve_children="1")], [(3, "auto_approve_children", "1", "E_PERM_INVALID")]),
    "functional": ([line(is_functional="TRUE")], [(3, "is_functional", "TRUE", "E_FIELD_INVALID")]),
    "type": ([line(org_type="PARTY")], [(3, "org_type", "PARTY", "E_FIELD_INVALID")]),
    "no type": ([line(org_type="")], [(3, "org_type", "", "E_REQUIRED_FIELD")]),
    "kind of unit": ([line(unit_kind="VILLAGE")], [(3, "unit_kind", "VILLAGE", "E_FIELD_INVALID")]),
    "level": ([line(authority_level="FIRST")], [(3, "authority_level", "FIRST", "E_LEVEL_INVALID")]),
    "status": ([line(status="GONE")], [(3, "status", "GONE", "E_FIELD_INVALID")]),
    "no name": ([line(name=" ")], [(3, "name", "", "E_REQUIRED_FIELD")]),
    "long name": ([line(name="长" * 201)], [(3, "name", "长" * 80 + "…", "E_IMPORT_FORMAT")]),
    "invisible": ([line(contact="张\u202e三")], [(3, "contact", "张\u202e三", "E_IMPORT_FORMAT")]),
    "no code": ([line(code="")], [(3, "code", "", "E_IMPORT_FORMAT")]),
    "small letters": ([line(code="t")], [(3, "code", "t", "E_IMPORT_FORMAT")]),
    "long code": ([line(code="T" * 33)], [(3, "code", "T" * 33, "E_IMPORT_FORMAT")]),
    "code with a blank": ([line(code="T ")], [(3, "code", "T ", "E_IMPORT_FORMAT")]),
    "doubled code": ([line(), line()], [(4, "code", "T", "E_IMPORT_FORMAT")]),
    "second root": ([line(parent_code="")], [(3, "parent_code", "", "E_ORG_ROOT")]),
    "unknown parent": ([line(parent_code="Q")], [(3, "parent_code", "Q", "E_ORG_NOT_FOUND")]),
    "own parent": ([line(parent_code="T")], [(3, "parent_code", "T", "E_ORG_CYCLE")]),
    "circle": (
        [line(code="T", parent_code="V"), line(code="U", parent_code="T"), line(code="V", parent_code="U")],
        [(3, "parent_code", "V", "E_ORG_CYCLE")],
    ),
    "two circles": (
        [line(code="T", parent_code="U"), line(code="U", parent_code="T"), line(code="X", parent_code="X")],
        [(3, "parent_code", "U", "E_ORG_CYCLE"), (5, "parent_code", "X", "E_ORG_CYCLE")],
    ),
    "child before parent": (
        [line(code="U", parent_code="T"), line()],
        [(3, "parent_code", "T", "E_IMPORT_FORMAT")],
    ),
    "above its superior": (
        [line(authority_level="CITY_COMMITTEE")],
        [(3, "authority_level", "CITY_COMMITTEE", "E_LEVEL_ABOVE_SUPERIOR")],
    ),
    "above a superior further up": (
        [line(), line(code="U", parent_code="T", authority_level=""),
         line(code="V", parent_code="U", authority_level="COUNTY_COMMITTEE")],
        [(5, "authority_level", "COUNTY_COMMITTEE", "E_LEVEL_ABOVE_SUPERIOR")],
    ),
    "too few cells": (["T,R,name"], [(3, "", "T,R,name", "E_IMPORT_FORMAT")]),
    "an open quote": ([line(), '"T2,R'], [(4, "", "", "E_IMPORT_FORMAT")]),
    "several on one line": (
        [line(scope="X", authority_level="Y", org_type="Z")],
        [(3, "org_type", "Z", "E_FIELD_INVALID"), (3, "authority_level", "Y", "E_LEVEL_INVALID"),
         (3, "scope", "X", "E_PERM_INVALID")],
    ),
    "on many lines": (
        [line(scope="X"), line(code="U"), line(code="V", parent_code="Q"), line(code="W", status="Y")],
        [(3, "scope", "X", "E_PERM_INVALID"), (5, "parent_code", "Q", "E_ORG_NOT_FOUND"),
         (6, "status", "Y", "E_FIELD_INVALID")],
    ),
}  # fmt: skip


@pytest.mark.usefixtures("unchanged")
@pytest.mark.requirement("R-001")
@pytest.mark.requirement("R-003")
@pytest.mark.requirement("R-006")
@pytest.mark.requirement("R-013")
@pytest.mark.parametrize("case", BAD)
def test_every_line_at_fault_is_named_and_nothing_is_taken(case: str) -> None:
    lines, expected = BAD[case]
    report = load(ROOT, *lines)
    found = [(each.line, each.field, each.value, each.code) for each in report.defects]
    assert found == expected
    assert all(each.reason for each in report.defects)
    assert (report.imported, report.found) == (0, len(expected))
    assert count() == 0


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(("lines", "code"), [
    ((), "E_IMPORT_FORMAT"), ((TOWN.replace(",R,", ",T,"),), "E_ORG_CYCLE"), ((TOWN,), "E_ORG_NOT_FOUND"),
])  # fmt: skip
def test_a_file_without_a_root_is_no_tree(lines: tuple[str, ...], code: str) -> None:
    report = load(*lines)
    assert [each.code for each in report.defects] == [code]
    assert count() == 0


@pytest.mark.usefixtures("empty")
def test_equal_levels_and_unset_superiors_are_allowed() -> None:
    lines = [line(authority_level=""), line(code="U", parent_code="T", authority_level="COUNTY_COMMITTEE")]
    assert load(ROOT, *lines).imported == 3


@pytest.mark.usefixtures("unchanged")
def test_the_first_hundred_are_shown_and_all_are_counted() -> None:
    lines = [line(code=f"T{number}", scope="X") for number in range(150)]
    report = load(ROOT, *lines, line(code="T0"))
    assert (report.found, len(report.defects)) == (151, 100)
    assert [each.line for each in report.defects] == list(range(3, 103))


@pytest.mark.usefixtures("unchanged")
def test_a_defect_reads_as_one_line() -> None:
    report = load(ROOT, line(scope='"a\nb ""c"""'))
    assert str(report.defects[0]).startswith(
        'line 3: field=scope value="a\\nb \\"c\\"" E_PERM_INVALID 可选 / permitted:'
    )


@pytest.mark.usefixtures("unchanged")
def test_a_report_does_not_command_the_terminal() -> None:
    report = load(ROOT, line(scope="\x1b[2J\u202e中"))
    assert 'value="\\x1b[2J\\u202e中"' in str(report.defects[0])
    with pytest.raises(Refused) as refused:
        load(ROOT, header="\x1b[2J")
    assert "\x1b" not in refused.value.message_en + refused.value.message_zh


def test_a_long_chain_upside_down_is_refused_in_one_pass() -> None:
    defects, length = Defects(), 100_000
    tree = GrowingTree(defects)
    for number in range(length):
        tree.place(OrganisationPlace(number + 2, f"T{number}", f"T{number + 1}", ""))
    tree.place(OrganisationPlace(length + 2, f"T{length}", f"T{length - 3}", ""))
    begin = time.process_time()
    tree.finish()
    assert time.process_time() - begin < 10
    assert defects.found == length
    assert {each.code for each in defects.report().defects} == {"E_IMPORT_FORMAT"}


@pytest.mark.usefixtures("empty")
def test_progress_is_told() -> None:
    told: list[int] = []
    text = [",".join(HEADER), ROOT, *(line(code=f"T{number}") for number in range(6000))]
    lines = (f"{each}\n" for each in text)
    import_organisations(lines, profile=profiles.profile("default"), now=NOW, progress=told.append)
    assert told == [5000, 6001]
