"""Spreadsheets on pages: handed out as files, and the report of what is wrong with the lines of one (R-043)."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from flask import Response

from service.definitions import forms
from service.printing.spreadsheets import MEDIA_TYPE
from service.use_cases.imports.defects import Defect
from service.use_cases.members.edit_member import FORM
from service.web.pages.language import said

_OWN = {
    "id_number": ("身份证号", "Identity number"),
    "sex": ("性别", "Sex"),
    "kind": ("党员类别", "Kind"),
    "branch_code": ("党组织编码", "Organisation code"),
    "member_id": ("人员编号", "Member key"),
    "version": ("版本", "Version"),
}


@dataclass(frozen=True, slots=True)
class DrawnDefect:
    """One defect as a page shows it; `line` counts from 1, the header."""

    line: int
    field: str
    value: str
    code: str
    reason: str


def drawn(defects: Sequence[Defect]) -> list[DrawnDefect]:
    """Defects in the language of the request."""
    return [
        DrawnDefect(each.line, field_title(each.field), each.value, each.code, said(*_both(each.reason)))
        for each in defects
    ]


def field_title(name: str) -> str:
    """What a column is called."""
    known = _OWN | {field.name: (field.title, field.title_en) for field in forms.form(*FORM).fields}
    return said(*known[name]) if name in known else name


def workbook(content: bytes, name: str) -> Response:
    """A spreadsheet as a browser saves it."""
    disposition = f"attachment; filename*=UTF-8''{quote(name)}.xlsx"
    return Response(content, mimetype=MEDIA_TYPE, headers={"Content-Disposition": disposition})


def _both(reason: str) -> tuple[str, str]:
    zh, _, en = reason.partition(" / ")
    return zh, en or zh
