"""Programs and files inside a PDF: whoever opens it must start nothing by that, as with macros in other documents.

The file is read from its first byte to its last as a reader reads an object: names, strings, comments, streams. What is
packed in streams of objects is unpacked. No object may begin inside a string, a comment or a stream, where a reader led
there by the cross-reference would find it and this one would not.
"""

import re
import zlib
from bisect import bisect_left
from collections.abc import Iterator

from service.uploads.mismatch import Mismatch

MOST_TOKENS = 1_000_000
MOST_UNPACKED = 50 * 1024 * 1024
_FORBIDDEN = frozenset(
    {
        *(b"JavaScript", b"JS", b"Launch", b"ImportData", b"SubmitForm"),
        *(b"EmbeddedFile", b"EmbeddedFiles", b"GoToE", b"RichMedia", b"XFA"),
    }
)
_TOKEN = re.compile(rb"[%(]|<<|>>|<[0-9A-Fa-f\s]*>|/[^\x00\t\n\f\r ()<>\[\]{}/%]*|stream\r?\n|\bendobj\b")
_IN_STRING = re.compile(rb"[()]|\\.", re.DOTALL)
_LINE_END = re.compile(rb"[\r\n]|\Z")
_OBJECT = re.compile(rb"\b\d{1,10}\s{1,8}\d{1,5}\s{1,8}obj\b")
_CODED = re.compile(rb"#([0-9A-Fa-f]{2})")
_PACKED = ({b"FlateDecode"}, {b"Fl"})


def check(content: bytes) -> None:
    """Raise Mismatch for a PDF that starts programs or carries files, or hides what it holds."""
    _Reading(content).run()


class _Reading:
    def __init__(self, content: bytes) -> None:
        self._content = content
        self._objects = [found.start() for found in _OBJECT.finditer(content)]
        self._tokens = 0
        self._unpacked = 0

    def run(self) -> None:
        """Read it all."""
        position, names, before = 0, set[bytes](), b""
        while found := _TOKEN.search(self._content, position):
            token = found[0]
            self._count()
            position = self._after(found, before, names)
            if token.startswith(b"/"):
                names.add(_name(token))
            elif token == b"endobj":
                _judge(names)
                names = set()
            before = token
        _judge(names)

    def _after(self, found: re.Match[bytes], before: bytes, names: set[bytes]) -> int:
        """Where reading goes on behind a token, and behind what belongs to it."""
        token, end = found[0], found.end()
        if token == b"%":
            return self._passed(end, _LINE_END.search(self._content, end))
        if token == b"(":
            return self._behind_string(end)
        if token.startswith(b"stream") and before == b">>":
            close = self._content.find(b"endstream", end)
            if close < 0:
                raise _hidden()
            # By these two it is read as one, whatever it calls itself.
            if {b"N", b"First"} <= names or b"ObjStm" in names:
                self._look_into(self._content[end:close], names)
            self._refuse_objects(end, close)
            return close + len(b"endstream")
        return end

    def _passed(self, start: int, found: re.Match[bytes] | None) -> int:
        end = found.start() if found else len(self._content)
        self._refuse_objects(start, end)
        return end

    def _behind_string(self, start: int) -> int:
        depth, position = 1, start
        while depth:
            found = _IN_STRING.search(self._content, position)
            if found is None:
                raise _hidden()
            self._count()
            depth += {b"(": 1, b")": -1}.get(found[0], 0)
            position = found.end()
        self._refuse_objects(start, position)
        return position

    def _refuse_objects(self, start: int, end: int) -> None:
        place = bisect_left(self._objects, start)
        if place < len(self._objects) and self._objects[place] < end:
            raise _hidden()

    def _look_into(self, body: bytes, names: set[bytes]) -> None:
        """The objects that a stream holds in a row."""
        filters = {name for name in names if name.endswith(b"Decode") or name in (b"Fl", b"LZW", b"AHx", b"A85", b"RL")}
        if (filters and filters not in _PACKED) or b"Predictor" in names:
            raise _hidden()
        plain = b"".join(self._pieces(body)) if filters else body
        for found in _names(plain):
            self._count()
            _judge({found})

    def _pieces(self, body: bytes) -> Iterator[bytes]:
        unpacker, rest = zlib.decompressobj(), body
        try:
            while rest and not unpacker.eof:
                piece = unpacker.decompress(rest, 1 << 20)
                rest = unpacker.unconsumed_tail
                self._unpacked += len(piece)
                if self._unpacked > MOST_UNPACKED:
                    raise _hidden()
                yield piece
        except zlib.error as error:
            raise _hidden() from error
        if not unpacker.eof:
            raise _hidden()

    def _count(self) -> None:
        self._tokens += 1
        if self._tokens > MOST_TOKENS:
            raise Mismatch("PDF 的组成部分过多", "the PDF has too many parts")


def _names(plain: bytes) -> Iterator[bytes]:
    """Everything that may be a name, also in strings: here nothing can be skipped to hide behind."""
    for found in re.finditer(rb"/[^\x00\t\n\f\r ()<>\[\]{}/%]*", plain):
        yield _name(found[0])


def _name(token: bytes) -> bytes:
    return _CODED.sub(lambda found: bytes([int(found[1], 16)]), token[1:])


def _judge(names: set[bytes]) -> None:
    if not _FORBIDDEN.isdisjoint(names):
        raise Mismatch("PDF 含有脚本、程序或内嵌文件", "the PDF holds a script, a program or another file")


def _hidden() -> Mismatch:
    return Mismatch(
        "PDF 的内容无法检查（加密或结构异常）", "the PDF cannot be looked into: it is encrypted or hides parts"
    )
