"""The spreadsheet in which records of members are corrected: written with what is stored, read back line by line (R-040, R-210).

Each line names its member by his key; the identity number stands there masked, to be compared (R-038). An empty cell
leaves what is stored as it is.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from service.definitions import forms
from service.definitions.forms import Field
from service.domain.errors import FieldError, Refused
from service.domain.members import identity_numbers
from service.domain.members.member_details import Details
from service.printing import spreadsheets
from service.storage.members.members import Person
from service.use_cases.members.edit_member import FORM, answers_of

MOST_LINES = 1_000
KEY, VERSION, NUMBER, BRANCH = "人员编号", "版本", "身份证号", "所在党组织"
_NAMES = {KEY: "member_id", VERSION: "version", NUMBER: "id_number"}
_YES, _NO = "是", "否"


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One line: `given` are the cells that are filled in, by the names of the form."""

    number: int
    member_id: str
    version: str
    id_number: str
    given: Mapping[str, str]


def written(people: Iterable[tuple[Person, Details, int]]) -> bytes:
    """A sheet with what is stored of these people."""
    fields = _fields()
    header = (KEY, VERSION, NUMBER, BRANCH, *(field.title for field in fields))
    return spreadsheets.write("党员信息", header, (_row(*each, fields) for each in people))


def lines(content: bytes) -> Iterator[SheetLine]:
    """The lines of a sheet; refuses E_IMPORT_FORMAT for what is no such sheet."""
    found = spreadsheets.read(content, most_rows=MOST_LINES + 1)
    places = _places(next(found, (1, []))[1])
    for number, cells in found:
        texts = {name: cells[place] if place < len(cells) else "" for name, place in places.items()}
        given = {field.name: texts[field.name] for field in _fields() if texts.get(field.name)}
        key, version, id_number = (texts.get(name, "") for name in _NAMES.values())
        yield SheetLine(number, key, version, id_number, given)


def answers(line: SheetLine, known: Mapping[str, Any]) -> tuple[dict[str, Any], list[FieldError]]:
    """What is stored with the cells put over it, and the cells that are neither yes nor no where one of both is due."""
    wanted, faults = dict(known), []
    for field in _fields():
        text = line.given.get(field.name)
        if text is None:
            continue
        if field.type != "boolean":
            wanted[field.name] = text
        elif text in (_YES, _NO):
            wanted[field.name] = text == _YES
        else:
            faults.append(FieldError("E_FIELD_INVALID", field.name, zh="应为“是”或“否”", en="it must be 是 or 否"))
    return wanted, faults


def _places(titles: Sequence[str]) -> dict[str, int]:
    names = _NAMES | {field.title: field.name for field in _fields()}
    places = {names[title]: place for place, title in enumerate(titles) if title in names}
    if not {"member_id", "id_number"} & places.keys():
        raise Refused("E_IMPORT_FORMAT", field="file", detail_zh=f"缺少列 {KEY}", detail_en=f"it lacks {KEY}")
    return places


def _row(person: Person, details: Details, version: int, fields: Sequence[Field]) -> tuple[object, ...]:
    member = person.member
    known = answers_of(member, details)
    own = (str(member.id), str(version), identity_numbers.masked(member.id_number), person.branch_code or "")
    return (*own, *(_cell(field, known.get(field.name)) for field in fields))


def _cell(field: Field, value: object) -> str:
    if field.type == "boolean":
        return _YES if value else _NO
    return str(value or "")


@cache
def _fields() -> tuple[Field, ...]:
    return tuple(forms.form(*FORM).fields)
