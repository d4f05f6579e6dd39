"""The lines of an import file, as the demonstration writes them; here those of organisations."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import TextIO

from service.domain.organisations.organisations import AuthorityLevel, OrgType, Scope, UnitKind


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationRow:
    """An organisation; the fields stand in the order of the file's header."""

    code: str
    parent_code: str
    name: str
    short_name: str
    org_type: OrgType
    unit_kind: UnitKind | None = None
    authority_level: AuthorityLevel | None = None
    scope: Scope = Scope.NONE
    can_transfer: bool = True
    auto_approve_children: bool | None = None
    is_functional: bool = False
    letter_heading: str = ""
    contact: str = ""
    telephone: str = ""
    status: str = ""


HEADER = tuple(field.name for field in fields(OrganisationRow))


def write_rows(rows: Iterable[OrganisationRow], file: TextIO) -> int:
    """Write a whole file of organisations; answer their number."""
    return write_lines(HEADER, rows, file)


def write_lines(header: Sequence[str], rows: Iterable[object], file: TextIO) -> int:
    """Write header and rows, the values that bear its names, as CSV with LF; answer the number of rows."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(header)
    count = 0
    for row in rows:
        writer.writerow(_cell(getattr(row, name)) for name in header)
        count += 1
    return count


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Scope):
        return value.name
    return "" if value is None else str(value)
