"""The file of cases that `zhuanjie routes preview` reads, and the lines it writes.

Others script against both: columns, names of keys and their order stay as they are.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from service.commands.bad_file import BadFile
from service.domain.errors import Refused
from service.domain.routes.routes import Route
from service.domain.routes.varieties import DestinationKind, Variety
from service.use_cases.imports.defects import Defects, among
from service.use_cases.transfers.preview_route import Question

REQUIRED_COLUMNS = ("case_id", "origin", "target", "destination_kind", "starter")
OPTIONAL_COLUMNS = ("variety", "off_tree")
_BOOLEANS = {"": False, "false": False, "true": True}
_FORMAT = "E_IMPORT_FORMAT"

Words = TypeVar("Words", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class RouteQuestion:
    """One line of the file."""

    case_id: str
    question: Question


def read_cases(lines: Iterable[str]) -> list[RouteQuestion]:
    """Read all cases; raises BadFile with the bad lines when the file itself is not as it must be."""
    reader = csv.reader(lines, strict=True)
    defects = Defects()
    header = _read_header(reader, defects)
    cases: list[RouteQuestion] = []
    seen: set[str] = set()
    line = reader.line_num + 1
    try:
        for cells in reader:
            if cells and header:
                cases += _read_line(line, header, cells, seen, defects)
            line = reader.line_num + 1
    except csv.Error as error:
        defects.add(line, "", "", _FORMAT, f"不是有效的 CSV / not well-formed CSV: {error}")
    if defects.found:
        raise BadFile(defects.report())
    return cases


def answer_line(case_id: str, found: Route | Refused) -> str:
    """One line of the answer, without its line feed."""
    plain: dict[str, object] = {"case_id": case_id, "variety": None, "out_type": None, "hops": [], "error": None}
    if isinstance(found, Refused):
        plain["error"] = found.code
    else:
        plain["variety"] = found.variety
        plain["out_type"] = found.out_type
        plain["hops"] = [{"org": hop.code, "role": hop.role, "fill": hop.fill} for hop in found.hops]
    return json.dumps(plain, ensure_ascii=False)


def _read_header(reader: Iterator[list[str]], defects: Defects) -> list[str]:
    try:
        header = next(reader, [])
    except csv.Error:
        header = []
    missing = set(REQUIRED_COLUMNS) - set(header)
    unknown = set(header) - {*REQUIRED_COLUMNS, *OPTIONAL_COLUMNS}
    if not missing and not unknown and len(set(header)) == len(header):
        return header
    wanted = ",".join(REQUIRED_COLUMNS)
    reason = f"应为 {wanted}，可另加 variety,off_tree / expected {wanted}, and perhaps variety,off_tree"
    defects.add(1, "header", ",".join(header), _FORMAT, reason)
    return []


def _read_line(
    line: int, header: Sequence[str], cells: Sequence[str], seen: set[str], defects: Defects
) -> Iterator[RouteQuestion]:
    if len(cells) != len(header):
        reason = f"应有 {len(header)} 列，现有 {len(cells)} 列 / expected {len(header)} cells, found {len(cells)}"
        defects.add(line, "", ",".join(cells), _FORMAT, reason)
        return
    values = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
    found = [*_defects(values, seen)]
    for name, code, reason in found:
        defects.add(line, name, values[name], code, reason)
    seen.add(values["case_id"])
    if not found:
        yield RouteQuestion(values["case_id"], _question(values))


def _defects(values: Mapping[str, str], seen: set[str]) -> Iterator[tuple[str, str, str]]:
    """Yield field, code and reason of each defect of a line."""
    for name in ("case_id", "starter"):
        if not values[name]:
            yield name, "E_REQUIRED_FIELD", "不能为空 / must not be empty"
    if values["case_id"] and values["case_id"] in seen:
        yield "case_id", _FORMAT, "编号重复 / stands in the file twice"
    for name, words in (("destination_kind", DestinationKind), ("variety", Variety)):
        permitted = [word.value for word in words]
        if values.get(name) and values[name] not in permitted:
            yield name, "E_FIELD_INVALID", among(permitted)
    if values.get("off_tree", "") not in _BOOLEANS:
        yield "off_tree", "E_FIELD_INVALID", among(("true", "false"))


def _question(line: Mapping[str, str]) -> Question:
    return Question(
        origin=line["origin"],
        target=line["target"],
        starter=line["starter"],
        destination_kind=_word(DestinationKind, line["destination_kind"]),
        variety=_word(Variety, line.get("variety", "")),
        off_tree=_BOOLEANS[line.get("off_tree", "")],
    )


def _word(words: type[Words], value: str) -> Words | None:
    return words(value) if value else None
