"""Records are corrected by a spreadsheet: every line is judged, and all are taken over or none (R-040, R-210, R-038)."""

import pytest

from service.domain.members.members import MemberKind
from service.printing import spreadsheets
from service.use_cases.members.show_member import show_log
from service.use_cases.members.update_records import RecordsReport, records_sheet, update_records
from tests.members.conftest import WHOLE, Keeping
from tests.support.refusals import refused

Lines = list[dict[str, str]]


def download(keeping: Keeping, code: str = "XU-C1-B1", *, by: str = "XU-C1") -> Lines:
    content = records_sheet(code, actor=keeping.world.admins[by], deployment=keeping.world.deployment)
    (_, titles), *rows = spreadsheets.read(content)
    return [dict(zip(titles, [*cells, *[""] * len(titles)], strict=False)) for _, cells in rows]


def upload(keeping: Keeping, lines: Lines, code: str = "XU-C1-B1", *, by: str = "XU-C1") -> RecordsReport:
    titles = list(lines[0])
    content = spreadsheets.write("x", titles, [[line.get(title, "") for title in titles] for line in lines])
    actor, parts = keeping.world.admins[by], keeping.world.deployment
    return update_records(code, content, actor=actor, now=keeping.now, deployment=parts)


@pytest.fixture
def two(university: Keeping) -> tuple[Keeping, int, int]:
    """Two whole records of one branch, the second of a probationary member."""
    first = university.add("XU-C1-B1", name="罗样例")
    second = university.add("XU-C1-B1", name="单样例", kind=MemberKind.PROBATIONARY)
    university.edit(first, by="XU-C1", **WHOLE)
    university.edit(second, by="XU-C1", **{**WHOLE, "name": "单样例", "full_on": ""})
    return university, first, second


def line_of(lines: Lines, member: int) -> dict[str, str]:
    return next(each for each in lines if each["人员编号"] == str(member))


@pytest.mark.requirement("R-040")
@pytest.mark.requirement("R-038")
def test_what_was_downloaded_and_corrected_is_taken_over(two: tuple[Keeping, int, int]) -> None:
    keeping, first, second = two
    lines = download(keeping)
    number = keeping.person(first).member.id_number
    assert number not in str(lines)
    assert line_of(lines, first)["身份证号"] == number[:6] + "*" * 8 + number[-4:]
    untouched = upload(keeping, lines)
    assert (untouched.lines, untouched.changed, untouched.found) == (len(lines), [], 0)
    line_of(lines, first).update({"职称": "教授", "失联党员": "是", "失去联系日期": "2018-01-02", "民族": ""})
    report = upload(keeping, lines)
    assert report.found == 0
    (changed,) = report.changed
    assert (changed.member_id, changed.name) == (first, "罗样例")
    assert list(changed.fields) == ["is_lost_contact", "lost_on", "professional_title"]
    known = keeping.answers(first)
    assert known == {**WHOLE, "professional_title": "教授", "is_lost_contact": True, "lost_on": "2018-01-02"}
    log = show_log(first, actor=keeping.world.admins["XU-C1"], deployment=keeping.world.deployment)
    assert [(each.action, each.after) for each in log[:1]] == [("edit_member", {"fields": list(changed.fields)})]
    assert (keeping.version(first), keeping.version(second)) == (2, 1)
    stale = upload(keeping, [{**line_of(lines, first), "职称": "讲师"}])
    assert [(each.line, each.field, each.code) for each in stale.defects] == [(2, "version", "E_STALE")]


@pytest.mark.requirement("R-040")
@pytest.mark.requirement("R-210")
def test_one_faulty_line_keeps_all_out_and_each_fault_is_reported(two: tuple[Keeping, int, int]) -> None:
    keeping, first, second = two
    stranger = keeping.add("XU-C2-B1", name="外样例")
    one, other = (line_of(download(keeping), each) for each in (first, second))
    lines = [
        {**one, "职称": "教授"},
        {**other, "入党日期": "2099-01-01", "籍贯": "无"},
        {**other, "转正日期": "2018-01-01"},
        {**other, "人员编号": str(stranger)},
        {**other, "人员编号": "x"},
        {**one, "身份证号": "110101********1234"},
        {**one, "流动党员": "可能"},
        {**other, "人员编号": "", "身份证号": "1"},
    ]
    report = upload(keeping, lines)
    assert report.changed == ()
    found = {(each.line, each.field, each.code) for each in report.defects}
    assert found == {
        (3, "joined_on", "E_DATE_FUTURE"),
        (3, "native_place", "E_FIELD_INVALID"),
        (4, "member_id", "E_FIELD_INVALID"),
        (5, "member_id", "E_MEMBER_NOT_FOUND"),
        (6, "member_id", "E_MEMBER_NOT_FOUND"),
        (7, "id_number", "E_ID_MISMATCH"),
        (8, "member_id", "E_FIELD_INVALID"),
        (9, "id_number", "E_ID_FORMAT"),
    }
    assert keeping.answers(first)["professional_title"] == "讲师", "nothing was changed"
    alone = upload(keeping, [{**other, "转正日期": "2018-01-01"}])
    assert [(each.field, each.code) for each in alone.defects] == [("full_on", "E_FIELD_READONLY")]


@pytest.mark.requirement("R-040")
def test_a_line_may_name_its_member_by_the_whole_number(two: tuple[Keeping, int, int]) -> None:
    keeping, first, _ = two
    number = keeping.person(first).member.id_number
    report = upload(keeping, [{"身份证号": number, "职称": "教授"}])
    assert [each.member_id for each in report.changed] == [first]
    assert keeping.answers(first)["professional_title"] == "教授"


@pytest.mark.requirement("R-210")
@pytest.mark.requirement("R-039")
def test_who_may_not_change_records_gets_no_sheet_and_sends_none(two: tuple[Keeping, int, int]) -> None:
    keeping, first, _ = two
    lines = download(keeping)
    for by, code in (("XU-C1-B1", "E_FORBIDDEN"), ("XU-C2", "E_NOT_FOUND")):
        with refused(code):
            download(keeping, by=by)
        with refused(code):
            upload(keeping, lines, by=by)
    for content in (
        b"nothing",
        spreadsheets.write("x", ("姓名",), [("罗样例",)]),
        spreadsheets.write("x", ("人员编号",), []),
    ):
        with refused("E_IMPORT_FORMAT"):
            update_records(
                "XU-C1-B1",
                content,
                actor=keeping.world.admins["XU-C1"],
                now=keeping.now,
                deployment=keeping.world.deployment,
            )
    assert keeping.version(first) == 1
