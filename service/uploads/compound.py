"""Compound files (OLE): the storages and streams inside doc, xls, ppt and wps, read so that no loop can hold the reader."""

import struct
from dataclasses import dataclass
from typing import NamedTuple

from service.uploads.mismatch import Mismatch

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FREE, _LAST = 0xFFFFFFFF, 0xFFFFFFFA
_HEADER = struct.Struct("<8s16s5H6s9L")
_HEADER_BYTES = 512
_IN_HEADER = 109
_SECTOR_SHIFTS = {3: 9, 4: 12}
_MINI_SHIFT = 6
_LITTLE_ENDIAN = 0xFFFE
_ENTRY_BYTES = 128
_STORAGE, _STREAM, _ROOT = 1, 2, 5


class _Header(NamedTuple):
    signature: bytes
    class_id: bytes
    minor: int
    major: int
    order: int
    shift: int
    mini_shift: int
    reserved: bytes
    directory_sectors: int
    tables: int
    directory: int
    transaction: int
    cutoff: int
    mini_table: int
    mini_tables: int
    more_tables: int
    more: int


class Entry(NamedTuple):
    """A storage or a stream; `size` in bytes, `start` the number of its first sector."""

    name: str
    kind: int
    child: int
    left: int
    right: int
    start: int
    size: int


@dataclass(frozen=True, slots=True)
class Compound:
    """A compound file that holds together."""

    content: bytes
    sector_bytes: int
    table: tuple[int, ...]
    mini_table: tuple[int, ...]
    cutoff: int
    entries: tuple[Entry, ...]

    @property
    def names(self) -> frozenset[str]:
        """Names of all storages and streams, wherever they hang, in lower case."""
        return frozenset(each.name.lower() for each in self.entries if each.kind in (_STORAGE, _STREAM))

    def top(self) -> dict[str, Entry]:
        """The streams directly below the root."""
        found: dict[str, Entry] = {}
        waiting, seen = [self.entries[0].child], set[int]()
        while waiting:
            number = waiting.pop()
            if number >= len(self.entries) or number in seen:
                continue
            seen.add(number)
            entry = self.entries[number]
            waiting += [entry.left, entry.right]
            if entry.kind == _STREAM:
                found[entry.name] = entry
        return found

    def read(self, stream: Entry) -> bytes:
        """The bytes of a stream; raises Mismatch when its chain is broken."""
        if stream.size >= self.cutoff:
            return self._joined(stream.start)[: stream.size]
        root = self._joined(self.entries[0].start)
        size = 1 << _MINI_SHIFT
        places = _chain(stream.start, self.mini_table)
        return b"".join(root[each * size : (each + 1) * size] for each in places)[: stream.size]

    def _joined(self, start: int) -> bytes:
        return b"".join(_sector(self.content, each, self.sector_bytes) for each in _chain(start, self.table))


def read(content: bytes) -> Compound:
    """Read a compound file; raises Mismatch for what is none, or is not whole, or goes on behind its last sector."""
    if len(content) < _HEADER_BYTES or not content.startswith(MAGIC):
        raise Mismatch("不是 OLE 复合文档", "it is no compound document")
    header = _Header(*_HEADER.unpack_from(content))
    shift_fits = _SECTOR_SHIFTS.get(header.major) == header.shift and header.mini_shift == _MINI_SHIFT
    if header.order != _LITTLE_ENDIAN or not shift_fits:
        raise _broken()
    size = 1 << header.shift
    table = _table(content, size, header)
    mini_table = _numbers(content, _chain(header.mini_table, table), size) if header.mini_tables else ()
    directory = b"".join(_sector(content, each, size) for each in _chain(header.directory, table))
    entries = tuple(_entry(directory, at, header.major) for at in range(0, len(directory), _ENTRY_BYTES))
    if not entries or entries[0].kind != _ROOT:
        raise _broken()
    _refuse_rest(content, table, size)
    return Compound(content, size, table, mini_table, header.cutoff, entries)


def _table(content: bytes, size: int, header: _Header) -> tuple[int, ...]:
    """The table of chains: its own sectors are listed in the header and, in large files, in sectors of their own."""
    places = list(struct.unpack_from(f"<{_IN_HEADER}L", content, _HEADER_BYTES - 4 * _IN_HEADER))
    following, seen = header.more_tables, set[int]()
    while following < _LAST and len(seen) < header.more and following not in seen:
        seen.add(following)
        listed = struct.unpack(f"<{size // 4}L", _sector(content, following, size))
        places += listed[:-1]
        following = listed[-1]
    used = [each for each in places if each < _LAST]
    if not used or len(used) != header.tables or len(set(used)) != header.tables:
        raise _broken()
    return _numbers(content, used, size)


def _numbers(content: bytes, places: list[int], size: int) -> tuple[int, ...]:
    joined = b"".join(_sector(content, each, size) for each in places)
    return struct.unpack(f"<{len(joined) // 4}L", joined)


def _chain(start: int, table: tuple[int, ...]) -> list[int]:
    """The sectors from this one on; a loop or a way out of the file is no chain."""
    found: list[int] = []
    seen = set[int]()
    while start < _LAST:
        if start >= len(table) or start in seen:
            raise _broken()
        seen.add(start)
        found.append(start)
        start = table[start]
    return found


def _sector(content: bytes, number: int, size: int) -> bytes:
    sector = content[(number + 1) * size : (number + 2) * size]
    if not sector:
        raise _broken()
    return sector.ljust(size, b"\0")


def _entry(directory: bytes, at: int, major: int) -> Entry:
    length = struct.unpack_from("<H", directory, at + 64)[0]
    kind = directory[at + 66]
    left, right, child = struct.unpack_from("<3L", directory, at + 68)
    start, low, high = struct.unpack_from("<3L", directory, at + 116)
    name = directory[at : at + min(max(length - 2, 0), 62)].decode("utf-16-le", "replace")
    # Version 3 leaves rubbish in the upper half of a size.
    return Entry(name, kind, child, left, right, start, low if major == 3 else low | high << 32)  # noqa: PLR2004


def _refuse_rest(content: bytes, table: tuple[int, ...], size: int) -> None:
    """Behind the last sector in use there is nothing but padding."""
    last = max((number for number, following in enumerate(table) if following != _FREE), default=-1)
    if content[(last + 2) * size :].strip(b"\0\xff"):
        raise Mismatch("文件末尾有多余内容", "something follows the end of the document")


def _broken() -> Mismatch:
    return Mismatch("OLE 复合文档的结构不成立", "the structure of the compound document does not hold")
