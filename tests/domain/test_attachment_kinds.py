"""What a file may be depends on what it is to show (R-195–R-197)."""

import pytest

from service.definitions.profiles import profile
from service.domain.attachments import MEGABYTE, PORTRAIT, AttachmentKind, limits

PICTURES = {"jpg", "png", "gif", "bmp"}
DOCUMENTS = {"doc", "docx", "xls", "xlsx", "ppt", "pptx", "wps"}


@pytest.mark.requirement("R-195")
@pytest.mark.requirement("R-197")
@pytest.mark.parametrize(
    ("kind", "types"),
    [
        (AttachmentKind.LETTER_PHOTO, PICTURES),
        (AttachmentKind.ID_CARD_PHOTO, PICTURES),
        (AttachmentKind.STUB_IMAGE, PICTURES | {"pdf"}),
        (AttachmentKind.RECEIPT_IMAGE, PICTURES | {"pdf"}),
        (AttachmentKind.OTHER, PICTURES | {"pdf"} | DOCUMENTS),
    ],
)
def test_a_photo_is_a_picture_and_an_image_a_picture_or_a_scan(kind: AttachmentKind, types: set[str]) -> None:
    found = limits(kind, profile("shandong"))
    assert found.types == types
    assert found.most_bytes == 5 * MEGABYTE


@pytest.mark.requirement("R-196")
def test_portraits_are_small_pictures() -> None:
    assert PORTRAIT.types == {"jpg", "jpeg", "gif", "png"}
    assert PORTRAIT.most_bytes == 2 * MEGABYTE
