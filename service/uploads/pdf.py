"""PDF by structure: header first, cross-reference where the end says it is, nothing behind the end."""

import re

from service.uploads import pdf_programs
from service.uploads.mismatch import Mismatch

_HEADER = re.compile(rb"%PDF-(?:1\.[0-7]|2\.0)[\r\n \t]")
_END = re.compile(rb"startxref\s{1,8}(\d{1,10})\s{1,8}%%EOF\s{0,64}\Z")
_END_WITHIN = 1024
_OBJECT = re.compile(rb"\s{0,8}(\d{1,10})\s{1,8}(\d{1,5})\s{1,8}obj\b")
_TABLE = re.compile(rb"\s{0,8}xref\s")
_SUBSECTION = re.compile(rb"\s{0,8}(\d{1,10}) {1,4}(\d{1,10})\s{0,8}[\r\n]{1,2}")
_ENTRY_BYTES = 20
_MOST_CHECKED = 2000


def check(content: bytes) -> None:
    """Raise Mismatch unless this is one PDF from its first to its last byte."""
    if not _HEADER.match(content):
        raise Mismatch("没有 PDF 文件头", "it has no PDF header")
    end = _END.search(content, max(0, len(content) - _END_WITHIN))
    if end is None:
        raise Mismatch(
            "PDF 没有正常结尾或结尾后有多余内容", "the PDF does not end as it must, or something follows its end"
        )
    place = int(end[1])
    if _TABLE.match(content, place):
        _check_table(content, place, end.start())
    elif _OBJECT.match(content, place):
        _check_stream(content, place, end.start())
    else:
        raise _broken()
    pdf_programs.check(content)


def _check_table(content: bytes, place: int, end: int) -> None:
    trailer = content.find(b"trailer", place, end)
    if trailer < 0 or b"/Root" not in content[trailer:end]:
        raise _broken()
    found = _TABLE.match(content, place)
    position = found.end() if found else place
    checked = 0
    while section := _SUBSECTION.match(content, position, trailer):
        first, number = int(section[1]), int(section[2])
        position = section.end()
        for index in range(min(number, _MOST_CHECKED - checked)):
            _check_entry(content, content[position + index * _ENTRY_BYTES :][:_ENTRY_BYTES], first + index)
        checked += number
        position += number * _ENTRY_BYTES
    if not checked:
        raise _broken()


def _check_entry(content: bytes, entry: bytes, number: int) -> None:
    """An object in use stands where the table says it does."""
    if entry[17:18] != b"n":
        return
    found = _OBJECT.match(content, int(entry[:10])) if entry[:10].isdigit() else None
    # Some writers begin to number at 1 where the table says 0.
    if found is None or int(found[1]) not in (number, number + 1):
        raise _broken()


def _check_stream(content: bytes, place: int, end: int) -> None:
    body = content.find(b"stream", place, end)
    words = content[place:body] if body > 0 else b""
    if b"/XRef" not in words or b"/Root" not in words:
        raise _broken()


def _broken() -> Mismatch:
    return Mismatch("PDF 的交叉引用表不成立", "the cross-reference of the PDF does not hold")
