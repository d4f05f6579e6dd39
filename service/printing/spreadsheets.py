"""The one door to openpyxl: tables as Excel files, written so that nothing in them is a formula, and read as text.

Only `.xlsx` is read; what it unpacks to is bounded before it is unpacked.
"""

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from service.domain.errors import Refused

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 100_000
"""As many lines as one file may have; what needs more is asked for in parts (E_EXPORT_LIMIT)."""
_MOST_PARTS = 200
_MOST_COLUMNS = 60
"""Of a line with one cell far to the right sixteen thousand empty ones would be made, in each of its lines."""
_MOST_BYTES = 50 * 1024 * 1024
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_WIDEST, _NARROWEST = 48, 8
_LOOKED_AT = 200


def write(title: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A workbook of one sheet: a header that stays in sight, below it the rows; text stays text (security: formulas).

    Cells may hold text, whole numbers, truth values, dates and None. Refuses E_EXPORT_LIMIT for too many rows.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    lines, widths = [], [_width(text) for text in header]
    for number, row in enumerate(rows, start=1):
        if number > MOST_ROWS:
            raise Refused("E_EXPORT_LIMIT", detail_zh=f"最多 {MOST_ROWS} 行", detail_en=f"at most {MOST_ROWS} rows")
        if number <= _LOOKED_AT:
            widths = [max(pair) for pair in zip(widths, map(_width, row), strict=True)]
        lines.append(row)
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = min(_WIDEST, max(_NARROWEST, width + 2))
    sheet.append([_heading(sheet, text) for text in header])
    for row in lines:
        sheet.append([_cell(sheet, value) for value in row])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def read(content: bytes, *, most_rows: int = MOST_ROWS) -> Iterator[tuple[int, list[str]]]:
    """The lines of the first sheet with their numbers, from 1; each cell as text, dates as 2025-03-10, empty as "".

    Empty lines are passed over; the others are as wide as the first, or wider. Refuses E_IMPORT_FORMAT for what is no such file, or one that is too large.
    """
    _require_bounded(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        lines = iter(book.worksheets[0].iter_rows(max_col=_MOST_COLUMNS, values_only=True))
    except Exception as error:  # openpyxl raises whatever its parts raise
        raise _no_workbook() from error
    columns = 0
    for number, cells in enumerate(_careful(lines), start=1):
        if number > most_rows:
            raise Refused("E_IMPORT_FORMAT", detail_zh=f"最多 {most_rows} 行", detail_en=f"at most {most_rows} rows")
        texts = [_text(cell) for cell in cells]
        filled = next((place for place in range(len(texts), 0, -1) if texts[place - 1]), 0)
        columns = columns or filled
        if filled:
            yield number, texts[: max(columns, filled)]


def _careful(lines: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """The same lines; what is broken further down in the file is found only while it is read."""
    while True:
        try:
            line = next(lines)
        except StopIteration:
            return
        except Exception as error:
            raise _no_workbook() from error
        yield line


def _require_bounded(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise _no_workbook() from error
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_BYTES:
        raise Refused("E_IMPORT_FORMAT", detail_zh="文件解压后过大", detail_en="the file unpacks to too much")


def _no_workbook() -> Refused:
    return Refused("E_IMPORT_FORMAT", field="file", detail_zh="应为 .xlsx 文件", detail_en="expected an .xlsx file")


def _heading(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, text)
    cell.font = Font(bold=True)
    cell.alignment = Alignment(vertical="center")
    return cell


def _cell(sheet: Any, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    text = _storable(value)
    if not text.startswith(_DANGEROUS):
        return text
    cell = WriteOnlyCell(sheet)
    # Its type is not left to be guessed, and the quote keeps it text when somebody edits it or saves it as CSV.
    cell.value = text
    cell.data_type = "s"
    cell.number_format = "@"
    cell.quotePrefix = True
    return cell


def _storable(text: str) -> str:
    """Without the control characters that XML cannot hold."""
    return "".join(each for each in text if each >= " " or each in "\n\t")[:32_767]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _width(value: Any) -> int:
    """How wide a cell is drawn; a Chinese character takes two places."""
    return sum(2 if each > "\u2e80" else 1 for each in str(value or ""))
