"""Office documents of the older kind (doc, xls, ppt, wps): all begin alike, so the streams inside tell which it is."""

import struct
from collections.abc import Iterator

from service.uploads import compound
from service.uploads.compound import Compound
from service.uploads.mismatch import Mismatch

_WORD = "WordDocument"
_STREAMS = {"doc": (_WORD,), "wps": (_WORD,), "xls": ("Workbook", "Book"), "ppt": ("PowerPoint Document",)}
_BEGINNINGS = {
    _WORD: (b"\xec\xa5", b"\xdc\xa5"),
    "Workbook": (b"\x09\x08",),
    "Book": (b"\x09",),
    "PowerPoint Document": (b"",),
}
_MACROS = frozenset({"macros", "vba", "_vba_project", "_vba_project_cur", "_vba_project_cur_link"})
_PROGRAMS = frozenset({"\x01ole10native"})
_SHEET = 0x0085
_MACRO_SHEETS = (0x01, 0x06)
_SLIDES_HAVE_MACROS = b"\x02\x00\x00\x04\x0c\x00\x00\x00"


def check(content: bytes, extension: str) -> None:
    """Raise Mismatch unless the document is of this kind, of no other besides, and holds no macros and no packed file."""
    document = compound.read(content)
    refuse_programs(document)
    top = document.top()
    mains = [name for names in _STREAMS.values() for name in names if name in top]
    wanted = [name for name in _STREAMS[extension] if name in top]
    if not wanted or set(mains) - set(_STREAMS[extension]):
        found = ", ".join(dict.fromkeys(mains)) or "-"
        raise Mismatch(f"不是 {extension} 文档（含 {found}）", f"it is no {extension} document (it holds {found})")
    for name in wanted:
        _check_stream(name, document.read(top[name]))


def refuse_programs(document: Compound) -> None:
    """Raise Mismatch for a compound file with macros or a packed file, whether it stands alone or inside another."""
    if document.names & (_MACROS | _PROGRAMS):
        raise Mismatch("文件含有宏或程序", "it holds macros or a program")


def _check_stream(name: str, body: bytes) -> None:
    if not body or not body.startswith(_BEGINNINGS[name]):
        raise Mismatch("文档正文的开头不正确", "the text of the document does not begin as it must")
    if name in _STREAMS["xls"] and any(kind in _MACRO_SHEETS for kind in _sheets(body)):
        raise Mismatch("文件含有宏表", "it holds a sheet of macros")
    if name in _STREAMS["ppt"] and _has_slide_macros(body):
        raise Mismatch("文件含有宏", "it holds macros")


def _sheets(body: bytes) -> Iterator[int]:
    """The kind of each sheet, from the records at the beginning of a workbook."""
    position = 0
    while position + 4 <= len(body):
        record, length = struct.unpack_from("<2H", body, position)
        if record == _SHEET and position + 10 <= len(body):
            yield body[position + 9]
        position += 4 + length


def _has_slide_macros(body: bytes) -> bool:
    place = body.find(_SLIDES_HAVE_MACROS)
    while place >= 0:
        flag = body[place + 12 : place + 16]
        if flag[:1] == b"\x01":
            return True
        place = body.find(_SLIDES_HAVE_MACROS, place + 1)
    return False
