"""A CSV file line by line: its header exactly, each line with the number an editor shows."""

import csv
from collections.abc import Iterable, Iterator, Sequence

from service.domain.errors import Refused
from service.use_cases.imports.defects import Defects, visible

FORMAT = "E_IMPORT_FORMAT"
_BYTE_ORDER_MARK = "\ufeff"


def read_lines(
    text: Iterable[str], header: Sequence[str], defects: Defects, *, is_personal: bool = False
) -> Iterator[tuple[int, list[str]]]:
    """Yield (line number, cells) of each line that has as many cells as the header; blank lines are passed over.

    Refuses E_IMPORT_FORMAT for another header; a line that is no CSV ends the reading as a defect.
    Of a file that `is_personal` whole lines are not repeated.
    """
    reader = csv.reader(text, strict=True)
    _check_header(reader, header)
    line, width = reader.line_num + 1, len(header)
    try:
        for cells in reader:
            if len(cells) == width:
                yield line, cells
            elif cells:
                reason = f"应有 {width} 列，现有 {len(cells)} 列 / expected {width} cells, found {len(cells)}"
                defects.add(line, "", "" if is_personal else ",".join(cells), FORMAT, reason)
            line = reader.line_num + 1
    except csv.Error as error:
        defects.add(line, "", "", FORMAT, f"不是有效的 CSV / not well-formed CSV: {error}")


def _check_header(reader: Iterator[list[str]], header: Sequence[str]) -> None:
    try:
        found = next(reader, [])
    except csv.Error:
        found = []
    if found:
        found[0] = found[0].removeprefix(_BYTE_ORDER_MARK)
    if found != list(header):
        shown = visible(",".join(found)[:200])
        raise Refused(
            FORMAT,
            field="header",
            detail_zh=f"表头应为 {','.join(header)}，现为 {shown}",
            detail_en=f"expected the header {','.join(header)}, found {shown}",
        )
