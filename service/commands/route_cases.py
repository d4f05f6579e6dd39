"""The file of cases that `zhuanjie routes preview` reads, and the lines it writes.

Others script against both: columns, names of keys and their order stay as they are.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from service.commands.bad_lines import BadFile, BadLine
from service.domain.errors import Refused
from service.domain.routes import Route
from service.domain.varieties import DestinationKind, Variety
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
    """Read all cases; raises BadFile with every bad line when the file itself is not as it must be."""
    reader = csv.reader(lines, strict=True)
    header = next(reader, [])
    _check_header(header)
    cases, bad, seen = [], [], set[str]()
    try:
        for cells in reader:
            if not cells:
                continue
            case, found = _read_line(reader.line_num, header, cells, seen)
            bad += found
            if case is not None:
                cases.append(case)
    except csv.Error as error:
        bad.append(BadLine(reader.line_num, "", "", _FORMAT, str(error)))
    if bad:
        raise BadFile(bad)
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


def _check_header(header: Sequence[str]) -> None:
    known = {*REQUIRED_COLUMNS, *OPTIONAL_COLUMNS}
    missing = [name for name in REQUIRED_COLUMNS if name not in header]
    unknown = [name for name in header if name not in known]
    doubled = len(set(header)) != len(header)
    if missing or unknown or doubled:
        wanted = ",".join(REQUIRED_COLUMNS)
        reason = f"应为 {wanted}，可另加 variety,off_tree / expected {wanted}, and perhaps variety,off_tree"
        raise BadFile([BadLine(1, "header", ",".join(header), _FORMAT, reason)])


def _read_line(
    number: int, header: Sequence[str], cells: Sequence[str], seen: set[str]
) -> tuple[RouteQuestion | None, list[BadLine]]:
    if len(cells) != len(header):
        reason = f"应有 {len(header)} 列，实有 {len(cells)} 列 / expected {len(header)} cells, found {len(cells)}"
        return None, [BadLine(number, "", ",".join(cells), _FORMAT, reason)]
    line = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
    bad = list(_defects(number, line, seen))
    seen.add(line["case_id"])
    return (None, bad) if bad else (RouteQuestion(line["case_id"], _question(line)), [])


def _defects(number: int, line: Mapping[str, str], seen: set[str]) -> Iterator[BadLine]:
    for name in ("case_id", "starter"):
        if not line[name]:
            yield BadLine(number, name, "", "E_REQUIRED_FIELD", "不能为空 / must not be empty")
    if line["case_id"] and line["case_id"] in seen:
        yield BadLine(number, "case_id", line["case_id"], _FORMAT, "编号重复 / stands in the file twice")
    for name, words in (("destination_kind", DestinationKind), ("variety", Variety)):
        value = line.get(name, "")
        if value and value not in {word.value for word in words}:
            yield _not_among(number, name, value, [word.value for word in words])
    if line.get("off_tree", "") not in _BOOLEANS:
        yield _not_among(number, "off_tree", line["off_tree"], ["true", "false"])


def _not_among(number: int, name: str, value: str, words: Iterable[str]) -> BadLine:
    permitted = ", ".join(words)
    return BadLine(number, name, value, "E_FIELD_INVALID", f"可选 / permitted: {permitted}")


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
