"""Writes files of every permitted kind, as small as they can be, and their parts for those who want to spoil them."""

import io
import struct
import zipfile
from collections.abc import Mapping

from PIL import Image

_CT = "application/vnd.openxmlformats-officedocument."
MAIN_TYPES = {
    "docx": ("word/document.xml", f"{_CT}wordprocessingml.document.main+xml", "w:document", f"{_CT}wordprocessingml"),
    "xlsx": ("xl/workbook.xml", f"{_CT}spreadsheetml.sheet.main+xml", "workbook", ""),
    "pptx": ("ppt/presentation.xml", f"{_CT}presentationml.presentation.main+xml", "p:presentation", ""),
}
MACRO_TYPES = {
    "docx": "application/vnd.ms-word.document.macroEnabled.main+xml",
    "xlsx": "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    "pptx": "application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml",
}
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_FREE, _LAST, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_SECTOR = 512
BEGINNINGS = {
    "WordDocument": b"\xec\xa5\xc1\x00",
    "Workbook": b"\x09\x08\x10\x00" + bytes(16),
    "PowerPoint Document": b"\x0f\x00\xe8\x03",
}
STREAMS = {"doc": "WordDocument", "wps": "WordDocument", "xls": "Workbook", "ppt": "PowerPoint Document"}


def office_parts(kind: str, *, main_type: str = "") -> dict[str, bytes]:
    """The parts of an Office Open XML document."""
    name, usual, root, _ = MAIN_TYPES[kind]
    prefix = root.partition(":")[0] if ":" in root else ""
    space = f'xmlns{":" + prefix if prefix else ""}="urn:example"'
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{name}" ContentType="{main_type or usual}"/></Types>'
    )
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{_RELATION}/officeDocument" Target="{name}"/></Relationships>'
    )
    body = f"<{root} {space}>样例</{root}>"
    return {"[Content_Types].xml": types.encode(), "_rels/.rels": relations.encode(), name: body.encode()}


def archive(parts: Mapping[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as file:
        for name, body in parts.items():
            file.writestr(name, body)
    return target.getvalue()


def streamed_archive(parts: Mapping[str, bytes]) -> bytes:
    """An archive as it is written to a pipe: sizes stand behind the parts."""

    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.written = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, data: bytes) -> int:
            self.written += data
            return len(data)

    target = Pipe()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for name, body in parts.items():
            file.writestr(name, body)
    return bytes(target.written)


def office_open(kind: str) -> bytes:
    return archive(office_parts(kind))


def compound(streams: Mapping[str, bytes], *, storages: tuple[str, ...] = ()) -> bytes:
    """A compound file (OLE) with these streams and empty storages below its root."""
    sectors: list[bytes] = []
    table: list[int] = []

    def store(body: bytes) -> int:
        body = body.ljust(max(4096, -(-len(body) // _SECTOR) * _SECTOR), b"\0")
        first = len(sectors)
        pieces = [body[at : at + _SECTOR] for at in range(0, len(body), _SECTOR)]
        sectors.extend(pieces)
        table.extend([*range(first + 1, first + len(pieces)), _LAST])
        return first

    entries = [("Root Entry", 5, _LAST, 0)]
    for name, body in streams.items():
        entries.append((name, 2, store(body), max(4096, -(-len(body) // _SECTOR) * _SECTOR)))
    entries.extend((name, 1, 0, 0) for name in storages)
    directory = b"".join(_entry(number, *entry, last=len(entries) - 1) for number, entry in enumerate(entries))
    first_directory = store(directory.ljust(-(-len(directory) // _SECTOR) * _SECTOR, b"\0"))
    number = -(-(len(table) + 1) // (_SECTOR // 4 - 1))
    places = list(range(len(table), len(table) + number))
    table.extend([_TABLE] * number)
    table.extend([_FREE] * (number * (_SECTOR // 4) - len(table)))
    sectors.extend(struct.pack("<128L", *table[at : at + 128]) for at in range(0, len(table), 128))
    header = struct.pack(
        "<8s16s5H6s9L", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, b"",
        0, number, first_directory, 0, 4096, _LAST, 0, _LAST, 0,
    )  # fmt: skip
    listed = struct.pack("<109L", *places, *[_FREE] * (109 - number))
    return header + listed + b"".join(sectors)


def _entry(number: int, name: str, kind: int, start: int, size: int, *, last: int) -> bytes:
    """One entry of the directory; all below the root hang in one line."""
    written = name.encode("utf-16-le") + b"\0\0"
    child = 1 if number == 0 and last else _FREE
    right = number + 1 if 0 < number < last else _FREE
    return struct.pack(
        "<64sHBB3L16sL8s8s3L", written, len(written), kind, 1, _FREE, right, child, b"", 0, b"", b"", start, size, 0
    )


def office_binary(kind: str, *, beginning: bytes = b"", storages: tuple[str, ...] = ()) -> bytes:
    name = STREAMS[kind]
    return compound({name: beginning or BEGINNINGS[name]}, storages=storages)


def pdf(*, comment: bytes = b"") -> bytes:
    """A PDF of one empty page, its cross-reference counted right."""
    body = b"%PDF-1.4\n" + comment
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
    )
    places = []
    for number, words in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, words)
    at = len(body)
    body += b"xref\n0 4\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + b"trailer\n<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % at


def image(kind: str, *, size: tuple[int, int] = (40, 30), mode: str = "RGB", **wishes: object) -> bytes:
    target = io.BytesIO()
    picture = Image.radial_gradient("L").resize(size).convert(mode)
    picture.save(target, {"jpg": "JPEG", "jpeg": "JPEG"}.get(kind, kind.upper()), **wishes)
    return target.getvalue()


def paper(kind: str) -> bytes:
    """A sound file of this kind."""
    if kind in MAIN_TYPES:
        return office_open(kind)
    if kind in STREAMS:
        return office_binary(kind)
    return pdf() if kind == "pdf" else image(kind)


def large_docx(size: int) -> bytes:
    """A document of about so many bytes, as one with a photograph in it would be."""
    parts = office_parts("docx")
    filler = bytes((number * 197 + (number >> 7)) % 256 for number in range(4096)) * (size // 4096)
    return archive({**parts, "word/media/image1.bin": filler}, method=zipfile.ZIP_STORED)
