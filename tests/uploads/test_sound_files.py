"""What is permitted is accepted; a picture comes out as we write it (R-195, R-196)."""

import io

import pytest
from PIL import Image

from service.domain.attachments import MEGABYTE, PORTRAIT, Limits
from service.domain.errors import Refused
from service.uploads.examining import MEDIA_TYPES, Upload, examine
from tests.uploads import papers

TYPES = ("pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "wps", "jpg", "png", "gif", "bmp")
FIVE = Limits(frozenset(TYPES), 5 * MEGABYTE)


@pytest.mark.requirement("R-195")
@pytest.mark.parametrize("kind", TYPES)
def test_every_permitted_kind_is_accepted(kind: str) -> None:
    found = examine(Upload(f"样例.{kind.upper()}", papers.paper(kind)), FIVE)
    assert found.file_name == f"样例.{'png' if kind == 'bmp' else kind}"
    assert found.media_type == MEDIA_TYPES["png" if kind == "bmp" else kind]


@pytest.mark.requirement("R-195")
@pytest.mark.parametrize("kind", ["docx", "xlsx", "pptx"])
def test_documents_written_to_a_pipe_are_accepted(kind: str) -> None:
    body = papers.streamed_archive(papers.office_parts(kind))
    assert examine(Upload(f"a.{kind}", body), FIVE).content == body


@pytest.mark.requirement("R-195")
@pytest.mark.parametrize("kind", ["jpg", "png", "gif", "bmp"])
def test_a_picture_is_drawn_anew(kind: str) -> None:
    sent = papers.image(kind, size=(64, 48))
    stored = examine(Upload(f"a.{kind}", sent), FIVE).content
    with Image.open(io.BytesIO(stored)) as image:
        assert image.size == (64, 48)
    # What is stored is a fixed point: drawing it again changes neither size nor kind.
    again = examine(Upload("a.png" if kind == "bmp" else f"a.{kind}", stored), FIVE).content
    assert abs(len(again) - len(stored)) <= len(stored) // 10


@pytest.mark.requirement("R-195")
def test_what_travels_beside_a_picture_is_gone() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "CAMERA-OF-ZHANG"
    sent = papers.image("jpg", size=(60, 40), exif=exif, comment=b"SECRET-COMMENT") + b"MOVIE-BEHIND-THE-END" * 50
    stored = examine(Upload("a.jpg", sent), FIVE).content
    assert all(word in sent for word in (b"CAMERA-OF-ZHANG", b"SECRET-COMMENT", b"MOVIE-BEHIND-THE-END"))
    assert not any(word in stored for word in (b"CAMERA-OF-ZHANG", b"SECRET-COMMENT", b"MOVIE-BEHIND-THE-END"))
    with Image.open(io.BytesIO(stored)) as image:
        assert image.size == (40, 60), "it stands upright without its mark"
        assert not image.getexif()


@pytest.mark.requirement("R-195")
@pytest.mark.parametrize(
    ("kind", "mode"), [("jpg", "CMYK"), ("jpg", "L"), ("png", "P"), ("png", "LA"), ("png", "I;16"), ("png", "1")]
)
def test_pictures_of_all_colours_are_accepted(kind: str, mode: str) -> None:
    assert examine(Upload(f"a.{kind}", papers.image(kind, mode=mode)), FIVE).content


@pytest.mark.requirement("R-195")
def test_the_limit_is_five_megabytes() -> None:
    just = papers.image("jpg").ljust(5 * MEGABYTE, b"\0")
    assert examine(Upload("a.jpg", just), FIVE).content
    assert examine(Upload("a.docx", papers.large_docx(49 * MEGABYTE // 10)), FIVE).content
    with pytest.raises(Refused) as refusal:
        examine(Upload("a.jpg", just + b"\0"), FIVE)
    assert (refusal.value.code, refusal.value.status) == ("E_ATTACHMENT_SIZE", 413)
    assert "5 MB" in refusal.value.message_zh


@pytest.mark.requirement("R-196")
@pytest.mark.parametrize(
    ("name", "size", "code"),
    [
        ("a.jpg", 0, None), ("a.jpeg", 0, None), ("a.gif", 0, None), ("a.png", 0, None),
        ("a.bmp", 0, "E_ATTACHMENT_TYPE"), ("a.pdf", 0, "E_ATTACHMENT_TYPE"),
        ("a.jpg", 2 * MEGABYTE + 1, "E_ATTACHMENT_SIZE"), ("a.jpg", 2 * MEGABYTE, None),
    ],
)  # fmt: skip
def test_portraits(name: str, size: int, code: str | None) -> None:
    body = papers.paper(name.partition(".")[2]).ljust(size, b"\0")
    if code is None:
        assert examine(Upload(name, body), PORTRAIT).content
        return
    with pytest.raises(Refused) as refusal:
        examine(Upload(name, body), PORTRAIT)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\temp\\回执.jpg", "回执.jpg"),
        ("../../etc/passwd.jpg", "passwd.jpg"),
        ("a\u202egpj.exe.jpg", "agpj.exe.jpg"),
        ("a\r\nSet-Cookie: b.jpg", "aSet-Cookie: b.jpg"),
        (".jpg", "附件.jpg"),
        ("长" * 300 + ".jpg", "长" * 100 + ".jpg"),
    ],
)
def test_a_name_is_only_a_name(given: str, kept: str) -> None:
    assert examine(Upload(given, papers.image("jpg")), FIVE).file_name == kept
