"""Tables as Excel files: nothing in them is a formula, and what is no such file, or a bomb, is refused."""

import io
import re
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from service.domain.errors import Refused
from service.printing import spreadsheets

HOSTILE = ["=1+1", "=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＋1", "－1", "＠x"]
HEADER = ["编码", "名称"]


def lines(content: bytes) -> list[list[str]]:
    return [cells for _, cells in spreadsheets.read(content)]


def test_what_was_written_is_read_back() -> None:
    content = spreadsheets.write("组织", HEADER, [["011100037794", "柳溪镇党委"], ["A-1", ""], [None, 7]])
    assert lines(content) == [HEADER, ["011100037794", "柳溪镇党委"], ["A-1", ""], ["", "7"]]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_a_formula(text: str) -> None:
    content = spreadsheets.write("组织", HEADER, [[text, text]])
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        sheet, styles = (packed.read(f"xl/{part}.xml").decode() for part in ("worksheets/sheet1", "styles"))
    assert "<f>" not in sheet
    kinds = re.findall(r'<c r="[AB]2" s="(\d+)" t="inlineStr">', sheet)
    assert len(kinds) == 2
    formats = re.findall(r"<xf [^>]*>", styles[styles.index("<cellXfs") :])
    assert all('quotePrefix="1"' in formats[int(kind)] for kind in kinds)


def test_cells_are_read_as_text_whatever_they_were() -> None:
    book = Workbook()
    book.active.append(["x", 3.0, 2.5, date(2025, 3, 10), datetime(2025, 3, 10, 9), None, " y "])  # noqa: DTZ001
    book.active.append([])
    book.active.append(["z"])
    saved = io.BytesIO()
    book.save(saved)
    assert list(spreadsheets.read(saved.getvalue())) == [
        (1, ["x", "3", "2.5", "2025-03-10", "2025-03-10", "", "y"]),
        (3, ["z", "", "", "", "", "", ""]),
    ]


def _packed(size: int) -> bytes:
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"0" * size)
    return saved.getvalue()


@pytest.mark.parametrize("content", [b"", b"code,name\n", b"PK\x03\x04 nonsense", _packed(10)])
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(Refused, match="E_IMPORT_FORMAT"):
        lines(content)


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(Refused, match="unpacks to too much"):
        lines(_packed(60 * 1024 * 1024))


def test_a_cell_far_to_the_right_makes_no_line_of_thousands() -> None:
    book = Workbook()
    book.active.append(["A", "x"])
    book.active["A2"], book.active["BH2"], book.active["XFD2"] = "B", "y", "z"
    saved = io.BytesIO()
    book.save(saved)
    assert lines(saved.getvalue()) == [["A", "x"], ["B", *[""] * 58, "y"]]


def test_a_file_of_too_many_lines_is_refused() -> None:
    content = spreadsheets.write("组织", HEADER, [["A", "x"]] * 5)
    with pytest.raises(Refused, match="E_IMPORT_FORMAT"):
        list(spreadsheets.read(content, most_rows=5))
    assert len(list(spreadsheets.read(content, most_rows=6))) == 6


def test_too_long_a_list_is_not_exported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheets, "MOST_ROWS", 3)
    with pytest.raises(Refused, match="E_EXPORT_LIMIT"):
        spreadsheets.write("组织", HEADER, [["A", "x"]] * 4)
