"""One line of the organisations file, as the demonstration writes it."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import TextIO

from service.domain.organisations import AuthorityLevel, OrgType, Scope, UnitKind


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

    def cells(self) -> tuple[str, ...]:
        """Write it as the cells of one line."""
        return tuple(_cell(getattr(self, name)) for name in HEADER)


HEADER = tuple(field.name for field in fields(OrganisationRow))


def write_rows(rows: Iterable[OrganisationRow], file: TextIO) -> int:
    """Write header and rows as CSV with LF; answer the number of rows."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(HEADER)
    count = 0
    for row in rows:
        writer.writerow(row.cells())
        count += 1
    return count


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Scope):
        return value.name
    return "" if value is None else str(value)
