"""The spreadsheet of new members: its template, and its lines as people or as a report of what is wrong (R-040–R-044)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from service.domain.errors import FieldError, Refused
from service.domain.members import identity_numbers, member_details
from service.domain.members.member_details import Details, details_of
from service.domain.members.member_records import Record
from service.domain.members.members import Member, MemberStatus
from service.domain.organisations import tree
from service.domain.organisations.organisations import Organisation
from service.printing import spreadsheets
from service.storage.members import members
from service.storage.organisations import organisations
from service.use_cases.deployment import Deployment
from service.use_cases.imports.defects import Defects
from service.use_cases.imports.member_lines import HEADER, MemberLine, MemberReader

MOST_LINES = 1_000
COLUMNS = {
    "姓名": "name", "身份证号": "id_number", "性别": "sex", "民族": "ethnicity", "党员类别": "kind",
    "入党日期": "joined_on", "转正日期": "full_on", "党组织编码": "branch_code", "手机": "mobile", "籍贯": "native_place",
    "最高学历": "education", "工作岗位": "work_post", "职称": "professional_title", "新社会阶层情况": "social_stratum",
    "其他联系方式": "other_contact", "家庭住址": "home_address",
}  # fmt: skip
_WORDS = {
    "男": "MALE", "女": "FEMALE", "正式党员": "FULL", "中共党员": "FULL", "预备党员": "PROBATIONARY",
    "中共预备党员": "PROBATIONARY",
}  # fmt: skip

SheetLine = tuple[int, Mapping[str, str]]
"""The number of a line, and what it gives by the names of `COLUMNS`."""


@dataclass(frozen=True, slots=True)
class NewPerson:
    """One sound line."""

    line: int
    member: Member
    details: Details


def template() -> bytes:
    """The empty spreadsheet."""
    return spreadsheets.write("新增人员信息表", tuple(COLUMNS), ())


def lines_of(content: bytes) -> list[SheetLine]:
    """The lines of a sheet as they stand there; refuses E_IMPORT_FORMAT for what is no such sheet."""
    lines = spreadsheets.read(content, most_rows=MOST_LINES + 1)
    places = _places(next(lines, (1, []))[1])
    return [(number, _given(cells, places)) for number, cells in lines]


def read_sheet(
    lines: Sequence[SheetLine], submitter: Organisation, *, today: date, deployment: Deployment
) -> tuple[list[NewPerson], Defects]:
    """The people of a sheet, and all that is wrong with its lines; inside `reading` or a transaction.

    Refuses E_IMPORT_FORMAT for one without a line.
    """
    reading, defects = _Reading(submitter, today, deployment), Defects()
    people = [person for number, given in lines if (person := reading.person(number, given, defects))]
    if not people and not defects.found:
        raise Refused("E_IMPORT_FORMAT", field="file", detail_zh="没有数据行", detail_en="it holds no line")
    return people, defects


def plain_of(person: NewPerson) -> dict[str, Any]:
    """A line as plain JSON values, to be sealed."""
    values = asdict(person.member)
    dates = {name: value.isoformat() for name, value in values.items() if isinstance(value, date)}
    return {"member": {**values, **dates}, "details": member_details.plain_of(person.details)}


def person_of(line: int, values: Mapping[str, Any]) -> NewPerson:
    """The same line again."""
    known = dict(values["member"])
    for name in ("birth_date", "joined_on", "full_on"):
        known[name] = date.fromisoformat(known[name]) if known[name] else None
    types = {name: Member.__annotations__[name] for name in ("sex", "kind", "status")}
    words = {name: kind(known[name]) for name, kind in types.items()}
    return NewPerson(line, Member(**{**known, **words}), details_of(values["details"]))


def _places(titles: Sequence[str]) -> dict[str, int]:
    places = {COLUMNS[title]: place for place, title in enumerate(titles) if title in COLUMNS}
    missing = [title for title, name in COLUMNS.items() if name not in places]
    if missing:
        named = "、".join(missing)
        raise Refused("E_IMPORT_FORMAT", field="file", detail_zh=f"缺少列 {named}", detail_en=f"it lacks {named}")
    return places


def _given(cells: Sequence[str], places: Mapping[str, int]) -> dict[str, str]:
    found = {name: cells[place] if place < len(cells) else "" for name, place in places.items()}
    return {name: _WORDS.get(text, text) if name in ("sex", "kind") else text for name, text in found.items()}


class _Reading:
    """Lines of one sheet: each person once, nobody who is a member, each in a branch of the submitter."""

    def __init__(self, submitter: Organisation, today: date, deployment: Deployment) -> None:
        self._submitter = submitter
        self._today = today
        self._vault = deployment.vault
        self._seen: set[str] = set()

    def person(self, number: int, given: Mapping[str, str], defects: Defects) -> NewPerson | None:
        before = defects.found
        line = MemberReader(defects, today=self._today).read(number, [given.get(name, "") for name in HEADER])
        details = details_of({name: text for name, text in given.items() if text})
        branch_id = self._branch(line.branch_code)
        for fault in (*self._faults(line, details, branch_id), *self._known(line)):
            shown = "" if fault.field == "id_number" else given.get(fault.field or "", "")
            defects.add(number, fault.field or "", shown, fault.code, f"{fault.message_zh} / {fault.message_en}")
        if defects.found > before or not (line.id_number and line.sex and line.kind):
            return None
        values = {name: getattr(line, name) for name in ("name", "ethnicity", "joined_on", "full_on", "mobile")}
        born = identity_numbers.birth_date(line.id_number)
        member = Member(
            id=0, id_number=line.id_number, sex=line.sex, birth_date=born, kind=line.kind, branch_id=branch_id, **values
        )
        return NewPerson(number, member, details)

    def _faults(self, line: MemberLine, details: Details, branch_id: int | None) -> Iterator[FieldError]:
        if line.branch_code and branch_id is None:
            yield FieldError("E_ORG_OUT_OF_SCOPE", "branch_code")
        if line.kind is None:
            return
        record = Record(line.ethnicity, line.joined_on, line.full_on, line.mobile)
        # What the line says of its own dates and telephone was noted already.
        found = member_details.faults(record, details, line.kind, self._today)
        own = ("joined_on", "full_on", "mobile")
        yield from (fault for fault in found if fault.field not in own or fault.code == "E_REQUIRED_FIELD")
        for name in ("native_place", "education", "work_post", "professional_title", "home_address"):
            yield from member_details.name_faults(name, getattr(details, name))

    def _branch(self, code: str) -> int | None:
        chain = organisations.chain(code) if code else ()
        own = bool(chain) and chain[0].is_branch and tree.contains(chain, self._submitter)
        return chain[0].id if own else None

    def _known(self, line: MemberLine) -> Iterator[FieldError]:
        if not line.id_number:
            return
        known = members.by_id_number(line.id_number, self._vault)
        if line.id_number in self._seen or any(not each.member.status.is_historical for each in known):
            yield FieldError("E_MEMBER_EXISTS", "id_number")
        elif any(each.member.status is MemberStatus.HIST_TRANSFERRED_OUT for each in known):
            yield FieldError("E_USE_INCOMING", "id_number")
        elif known:
            yield FieldError("E_MEMBER_HISTORICAL", "id_number")
        self._seen.add(line.id_number)
