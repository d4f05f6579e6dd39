"""Members enter by a spreadsheet: who submits it, when, what is reported, who decides (R-041–R-044)."""

from datetime import UTC, datetime
from functools import partial

import pytest

from service.domain.members.admissions import AdmissionKind, Statement
from service.domain.members.members import MemberKind, MemberStatus
from service.domain.organisations.organisation_changes import ChangeStatus
from service.printing import spreadsheets
from service.storage.db import reading, transaction
from service.storage.members import member_moves, members
from service.use_cases.members import admission_sheets
from service.use_cases.members.admission_sheets import COLUMNS, template
from service.use_cases.members.admit_members import SheetReport, decide_admission, show_admission, submit_admission
from tests.members.conftest import WHOLE, Keeping
from tests.reference.seeding import VAULT, id_number
from tests.support.refusals import refused

FIRST = datetime(2018, 11, 1, 1, 0, tzinfo=UTC)
"""A Thursday."""
LINE = {
    **WHOLE, "id_number": id_number(90_001), "sex": "男", "kind": "预备党员", "joined_on": "2018-10-15", "full_on": "",
    "branch_code": "XU-C1-B1",
}  # fmt: skip
SIGNED = Statement("已核查档案", "2010 年漏报", "严样例")
NEW = AdmissionKind.NEW
UNSIGNED = Statement()


def sheet(*lines: dict[str, object]) -> bytes:
    return spreadsheets.write(
        "表", tuple(COLUMNS), [[line.get(name, "") for name in COLUMNS.values()] for line in lines]
    )


def submit(
    keeping: Keeping,
    *lines: dict[str, object],
    by: str = "XU-C1",
    kind: AdmissionKind = NEW,
    statement: Statement = UNSIGNED,
    now: datetime = FIRST,
) -> SheetReport:
    return submit_admission(
        sheet(*lines),
        kind,
        statement,
        actor=keeping.world.admins[by],
        now=now,
        deployment=keeping.world.deployment,
    )


def decide(keeping: Keeping, key: int | None, *, by: str, approves: bool = True, opinion: str = "") -> ChangeStatus:
    return decide_admission(
        key or 0,
        approves=approves,
        opinion=opinion,
        actor=keeping.world.admins[by],
        now=FIRST,
        deployment=keeping.world.deployment,
    )


@pytest.mark.requirement("R-043")
@pytest.mark.requirement("R-047")
def test_the_higher_organisation_lets_new_members_in(university: Keeping) -> None:
    report = submit(university, LINE)
    assert (report.people, report.found) == (1, 0)
    with refused("E_NOT_FOUND"):
        decide(university, report.admission_id, by="XU-C2")
    with refused("E_FORBIDDEN"):
        decide(university, report.admission_id, by="XU-C1")
    assert decide(university, report.admission_id, by="XU") is ChangeStatus.APPROVED
    with refused("E_ALREADY_DECIDED"):
        decide(university, report.admission_id, by="XU")
    with reading():
        (person,) = members.by_id_number(str(LINE["id_number"]), VAULT)
        (move,) = member_moves.of_member(person.member.id)
    assert (person.branch_code, person.member.kind) == ("XU-C1-B1", MemberKind.PROBATIONARY)
    assert (move.is_increase, move.org_code, move.cause, str(move.on_date)) == (
        True,
        "XU-C1-B1",
        "ADMITTED",
        "2018-11-01",
    )
    assert university.show(person.member.id, by="XU-C1").completeness == 100


@pytest.mark.requirement("R-043")
def test_sheets_come_on_the_first_working_day_of_the_month(university: Keeping) -> None:
    for day in (2, 5, 30):
        with refused("E_IMPORT_WINDOW"):
            submit(university, LINE, now=datetime(2018, 11, day, 1, 0, tzinfo=UTC))
    for day in (1, 2):
        with refused("E_IMPORT_WINDOW"):  # a weekend
            submit(university, LINE, now=datetime(2018, 9, day, 1, 0, tzinfo=UTC))
    assert (
        submit(university, LINE | {"joined_on": "2018-08-15"}, now=datetime(2018, 9, 3, 1, 0, tzinfo=UTC)).people == 1
    )
    with refused("E_FORBIDDEN"):
        submit(university, LINE, by="XM-E")


@pytest.mark.requirement("R-043")
def test_omitted_members_need_a_signed_statement_and_the_working_committee(university: Keeping) -> None:
    omitted = partial(
        submit, university, LINE | {"kind": "正式党员", "joined_on": "2010-07-01", "full_on": "2011-07-01"}
    )
    for statement, field in ((Statement("", "a", "b"), "statement"), (Statement("a", " ", "b"), "reason"),
                             (Statement("a", "b", ""), "signed_by")):  # fmt: skip
        with refused("E_REASON_REQUIRED", field):
            omitted(kind=AdmissionKind.OMITTED, statement=statement)
    key = omitted(kind=AdmissionKind.OMITTED, statement=SIGNED).admission_id
    with refused("E_NOT_FOUND"):
        decide(university, key, by="XU")
    with refused("E_REASON_REQUIRED", "opinion"):
        decide(university, key, by="XM-E", approves=False)
    assert decide(university, key, by="XM-E", approves=False, opinion="材料不全") is ChangeStatus.REFUSED
    with reading():
        assert members.by_id_number(str(LINE["id_number"]), VAULT) == []


@pytest.mark.requirement("R-041")
@pytest.mark.requirement("R-042")
@pytest.mark.requirement("R-043")
@pytest.mark.requirement("R-044")
def test_each_line_is_reported(university: Keeping) -> None:
    number = str(LINE["id_number"])
    gone, dead = id_number(90_002), id_number(90_003)
    university.add("XU-C1-B1", id_number=gone, status=MemberStatus.HIST_TRANSFERRED_OUT)
    university.add("XU-C1-B1", id_number=dead, status=MemberStatus.HIST_DECEASED)
    present = university.add("XU-C1-B1")
    here = university.person(present).member.id_number
    wrong = [
        ({}, None, None),
        ({"id_number": number}, "E_MEMBER_EXISTS", "id_number"),
        ({"id_number": here}, "E_MEMBER_EXISTS", "id_number"),
        ({"id_number": gone}, "E_USE_INCOMING", "id_number"),
        ({"id_number": dead}, "E_MEMBER_HISTORICAL", "id_number"),
        ({"id_number": number[:-1] + ("0" if number[-1] != "0" else "1")}, "E_ID_CHECKSUM", "id_number"),
        ({"id_number": id_number(90_004), "sex": "女"}, "E_ID_MISMATCH", "sex"),
        ({"id_number": id_number(90_005), "name": "刘\ue000"}, "E_FIELD_INVALID", "name"),
        ({"id_number": id_number(90_006), "branch_code": "XU-C2-B1"}, "E_ORG_OUT_OF_SCOPE", "branch_code"),
        ({"id_number": id_number(90_007), "joined_on": ""}, "E_REQUIRED_FIELD", "joined_on"),
    ]
    report = submit(university, *(LINE | change for change, _, _ in wrong))
    expected = [(line, code, field) for line, (_, code, field) in enumerate(wrong, start=2) if code]
    assert [(each.line, each.code, each.field) for each in report.defects] == expected
    assert (report.admission_id, report.found) == (None, len(expected))
    assert all(known not in str(report) for known in (here, gone, dead, number))


@pytest.mark.requirement("R-043")
def test_what_is_no_such_sheet_is_refused(university: Keeping) -> None:
    actor, deployment = university.world.admins["XU-C1"], university.world.deployment
    for content in (b"abc", spreadsheets.write("表", ("姓名",), [("罗样例",)]), template()):
        with refused("E_IMPORT_FORMAT", "file"):
            submit_admission(content, NEW, Statement(), actor=actor, now=FIRST, deployment=deployment)


@pytest.mark.requirement("R-042")
def test_who_became_a_member_meanwhile_stops_the_sheet(university: Keeping) -> None:
    report = submit(university, LINE)
    university.add("XU-C2-B1", id_number=LINE["id_number"])
    with refused("E_MEMBER_EXISTS", "line 2"):
        decide(university, report.admission_id, by="XU")
    found, people = show_admission(
        report.admission_id or 0, actor=university.world.admins["XU"], deployment=university.world.deployment
    )
    assert (found.status, [each.member.name for each in people]) == (ChangeStatus.OPEN, ["罗样例"])


@pytest.mark.requirement("R-043")
def test_nobody_who_writes_waits_for_a_file_to_be_unpacked(
    university: Keeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = spreadsheets.read

    def another_writes(*args: object, **wishes: object) -> object:
        with transaction():  # inside a change it would be refused, in another thread it would wait
            return read(*args, **wishes)

    monkeypatch.setattr(admission_sheets.spreadsheets, "read", another_writes)
    assert submit(university, LINE).people == 1
    monkeypatch.setattr(admission_sheets.spreadsheets, "read", None)
    with refused("E_FORBIDDEN"):
        submit(university, LINE, by="XM-E")  # the right comes first: for a stranger nothing is unpacked
