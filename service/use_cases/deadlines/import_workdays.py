"""Take over the announcement of a year from a file with the header `day,kind,name`: all of it, or every line at fault."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from service.domain.deadlines.workdays import DayKind, SpecialDay
from service.domain.errors import Refused
from service.use_cases.deadlines.change_workdays import check_day, enter_year
from service.use_cases.deployment import Deployment
from service.use_cases.imports.csv_lines import read_lines
from service.use_cases.imports.defects import Defects, ImportReport, among

HEADER = ("day", "kind", "name")
_LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class YearEntered:
    """What came of it: the report of the file, and how many open hops were planned anew."""

    report: ImportReport
    planned: int = 0


def import_workdays(
    lines: Iterable[str], *, year: int, source: str, deployment: Deployment, now: datetime
) -> YearEntered:
    """Enter a year in place of what was known of it; refuses E_IMPORT_FORMAT for another header."""
    defects, days = Defects(), list[SpecialDay]()
    seen: set[date] = set()
    for number, cells in read_lines(lines, HEADER, defects):
        day = _day(number, cells, defects)
        if day is None:
            continue
        try:
            check_day(day, year, seen)
        except Refused as refusal:
            defects.add(number, "day", cells[0], refusal.code, f"{refusal.detail_zh} / {refusal.detail_en}")
        days.append(day)
    if defects.found:
        return YearEntered(defects.report())
    planned = enter_year(year, days, source=source, deployment=deployment, now=now)
    return YearEntered(ImportReport(len(days)), planned)


def _day(number: int, cells: list[str], defects: Defects) -> SpecialDay | None:
    text, kind, name = (cell.strip() for cell in cells)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        defects.add(number, "day", text, "E_IMPORT_FORMAT", "应为 / expected 2027-01-01")
        return None
    if kind not in set(DayKind):
        defects.add(number, "kind", kind, "E_IMPORT_FORMAT", among(DayKind))
        return None
    if len(name) > _LONGEST_NAME or not name.isprintable():
        defects.add(number, "name", name, "E_IMPORT_FORMAT", f"≤ {_LONGEST_NAME}")
        return None
    return SpecialDay(day, DayKind(kind), name)
