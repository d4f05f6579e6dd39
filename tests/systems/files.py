"""Pictures that people attach to what they apply for and decide."""

from io import BytesIO
from zlib import crc32

from PIL import Image

from tests.systems.playing import Person
from tests.systems.seen import Seen


def attach(person: Person, seen: Seen, name: str, *, kind: str) -> None:
    """Add a picture on the page of a transfer."""
    sent = {"kind": kind, "file": (BytesIO(_picture(name)), name)}
    path = f"/transfers/{seen.id}/attachments"
    answer = person.program.ask("POST", path, data=sent, content_type="multipart/form-data")
    assert answer.status_code == 201, answer.text


def photo(person: Person, name: str = "介绍信.jpg", *, kind: str = "letter_photo") -> str:
    """Upload a picture for an application that is being written; its name goes into `attachments` there."""
    return person.uploads(name, _picture(name), kind=kind)


def _picture(name: str) -> bytes:
    # Another name is another picture: the same one twice is kept once.
    colour = crc32(name.encode()) & 0xFFFFFF
    drawn = BytesIO()
    Image.new("RGB", (60, 80), (colour >> 16, colour >> 8 & 255, colour & 255)).save(drawn, "JPEG")
    return drawn.getvalue()
