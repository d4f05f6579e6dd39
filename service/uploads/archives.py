"""Archives (ZIP) read with suspicion: what the directory says is compared with what stands in the file.

No part lies outside the directory, none twice, none over another, nothing before, between or behind them; each unpacks to
exactly what is declared. Limits of one archive: 200 parts, 50 MB unpacked, a hundred times the packed size.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from service.uploads.mismatch import Mismatch

MOST_PARTS = 200
MOST_BYTES = 50 * 1024 * 1024
HIGHEST_RATIO = 100
_END = struct.Struct("<4s4H2LH")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_ENCRYPTED, _LATER, _UTF8 = 0x1, 0x8, 0x800
_STORED, _DEFLATED = 0, 8
_DESCRIPTORS = (0, 12, 16)
_CHUNK = 256 * 1024


@dataclass(frozen=True, slots=True)
class Part:
    """One file of an archive: `start` and `packed` say where its packed bytes stand."""

    name: str
    method: int
    flags: int
    crc: int
    packed: int
    size: int
    start: int


class _Central(NamedTuple):
    signature: bytes
    made_by: int
    needed: int
    flags: int
    method: int
    time: int
    date: int
    crc: int
    packed: int
    size: int
    name_bytes: int
    extra_bytes: int
    comment_bytes: int
    disk: int
    internal: int
    external: int
    offset: int


class _Local(NamedTuple):
    signature: bytes
    needed: int
    flags: int
    method: int
    time: int
    date: int
    crc: int
    packed: int
    size: int
    name_bytes: int
    extra_bytes: int

    @property
    def header_bytes(self) -> int:
        return _LOCAL.size + self.name_bytes + self.extra_bytes


class _Ended(NamedTuple):
    signature: bytes
    disk: int
    directory_disk: int
    here: int
    parts: int
    directory_bytes: int
    directory_at: int
    comment_bytes: int


def parts(content: bytes) -> dict[str, Part]:
    """The parts by name; raises Mismatch for an archive that is not plain and whole."""
    if len(content) < _END.size:
        raise _broken()
    end = _Ended(*_END.unpack_from(content, len(content) - _END.size))
    at = len(content) - _END.size
    is_plain = end.signature == b"PK\x05\x06" and end.comment_bytes == 0 and end.disk == end.directory_disk == 0
    if not is_plain or end.here != end.parts or end.directory_at + end.directory_bytes != at:
        raise Mismatch("压缩结构不完整，或末尾有多余内容", "the archive is not whole, or something follows its end")
    if not 0 < end.parts <= MOST_PARTS:
        raise Mismatch(f"应有 1–{MOST_PARTS} 个部件", f"expected 1 to {MOST_PARTS} parts")
    found = tuple(_read(content, end))
    _refuse_bombs(found, len(content))
    _refuse_gaps(content, found, end.directory_at)
    named = {part.name.lower(): part for part in found}
    if len(named) != len(found):
        raise Mismatch("有同名部件", "two parts have one name")
    return {part.name: part for part in found}


def unpacked(content: bytes, part: Part) -> Iterator[bytes]:
    """The bytes of a part, piece by piece; raises Mismatch as soon as they are not what was declared."""
    packed = memoryview(content)[part.start : part.start + part.packed]
    crc = size = 0
    for piece in _pieces(packed, part.method):
        size += len(piece)
        if size > part.size:
            raise Mismatch("部件解压后大于声明的大小", "a part unpacks to more than it declares")
        crc = zlib.crc32(piece, crc)
        yield piece
    if (size, crc) != (part.size, part.crc):
        raise _broken()


def _pieces(packed: memoryview, method: int) -> Iterator[bytes]:
    if method == _STORED:
        yield from (bytes(packed[at : at + _CHUNK]) for at in range(0, len(packed), _CHUNK))
        return
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    rest: bytes | memoryview = packed
    try:
        while not unpacker.eof:
            piece = unpacker.decompress(rest, _CHUNK)
            rest = unpacker.unconsumed_tail
            if not piece and not rest:
                raise _broken()
            yield piece
    except zlib.error as error:
        raise _broken() from error
    if unpacker.unused_data:
        raise _broken()


def _read(content: bytes, end: _Ended) -> Iterator[Part]:
    position = end.directory_at
    stop = end.directory_at + end.directory_bytes
    for _ in range(end.parts):
        if position + _CENTRAL.size > stop:
            raise _broken()
        central = _Central(*_CENTRAL.unpack_from(content, position))
        name = content[position + _CENTRAL.size :][: central.name_bytes]
        position += _CENTRAL.size + central.name_bytes + central.extra_bytes + central.comment_bytes
        yield _part(content, central, name)
    if position != stop:
        raise _broken()


def _part(content: bytes, central: _Central, name: bytes) -> Part:
    is_known = central.signature == b"PK\x01\x02" and central.method in (_STORED, _DEFLATED)
    if not is_known or central.flags & _ENCRYPTED:
        raise Mismatch("部件已加密或压缩方式不支持", "a part is encrypted or packed in an unknown way")
    local = _local(content, central.offset)
    sizes = (local.packed, local.size)
    sizes_fit = sizes == (central.packed, central.size) or (central.flags & _LATER and sizes == (0, 0))
    kinds_fit = local.method == central.method and (local.flags ^ central.flags) & (_ENCRYPTED | _LATER) == 0
    same_name = content[central.offset + _LOCAL.size :][: local.name_bytes] == name
    if not sizes_fit or not kinds_fit or not same_name:
        raise Mismatch("目录与部件不符", "the directory and a part do not agree")
    return Part(
        name=_name(name, central.flags),
        method=central.method,
        flags=central.flags,
        crc=central.crc,
        packed=central.packed,
        size=central.size,
        start=central.offset + local.header_bytes,
    )


def _local(content: bytes, offset: int) -> _Local:
    if offset + _LOCAL.size > len(content):
        raise _broken()
    local = _Local(*_LOCAL.unpack_from(content, offset))
    if local.signature != b"PK\x03\x04":
        raise _broken()
    return local


def _name(raw: bytes, flags: int) -> str:
    try:
        name = raw.decode("utf-8" if flags & _UTF8 else "cp437")
    except UnicodeDecodeError as error:
        raise _broken() from error
    steps = name.rstrip("/").split("/")
    if "\\" in name or "\0" in name or ":" in name or any(step in ("", ".", "..") for step in steps):
        raise Mismatch("部件名称不正当", "a part has a name that leads elsewhere")
    return name


def _refuse_bombs(found: tuple[Part, ...], packed_bytes: int) -> None:
    total = sum(part.size for part in found)
    if total > MOST_BYTES or total > HIGHEST_RATIO * packed_bytes:
        raise Mismatch(
            f"解压后 {total} 字节，超过上限",
            f"it unpacks to {total} bytes, more than {HIGHEST_RATIO} times or {MOST_BYTES}",
        )


def _refuse_gaps(content: bytes, found: tuple[Part, ...], directory_at: int) -> None:
    """Part after part from the first byte to the directory: nothing hidden between, nothing used twice."""
    position = 0
    for part in sorted(found, key=lambda each: each.start):
        if position + _local(content, position).header_bytes != part.start:
            raise Mismatch("部件之间有多余内容或重叠", "something stands between the parts, or they overlap")
        position = _after(content, part, directory_at)
    if position != directory_at:
        raise Mismatch("部件之间有多余内容或重叠", "something stands between the parts, or they overlap")


def _after(content: bytes, part: Part, directory_at: int) -> int:
    """Where the next part begins; sizes that were written later stand behind the bytes in a descriptor."""
    end = part.start + part.packed
    if not part.flags & _LATER:
        return end
    for length in _DESCRIPTORS:
        place = end + length
        if place == directory_at or content[place : place + 4] == b"PK\x03\x04":
            return place
    raise _broken()


def _broken() -> Mismatch:
    return Mismatch("压缩结构不完整", "the archive is not whole")
