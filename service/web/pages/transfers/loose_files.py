"""Files in a form that is being filled in: kept as soon as they arrive, named again with every step, removed on demand."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import request

from service.domain.attachments import KIND_TITLES, AttachmentKind
from service.domain.errors import FieldError, Refused
from service.use_cases.attachments.add_attachment import add_loose
from service.use_cases.attachments.list_attachments import list_loose
from service.use_cases.attachments.remove_attachment import remove_loose
from service.use_cases.attachments.sealing import AttachmentView
from service.web import sessions, uploads
from service.web.deployed import deployment, now

FIELD = "attachments"
_REMOVE = "remove:"
_MOST = 40


@dataclass(frozen=True, slots=True)
class Place:
    """A place for files of one kind in a form."""

    kind: AttachmentKind
    title: str
    title_en: str
    accept: str


def places(kinds: Iterable[AttachmentKind]) -> tuple[Place, ...]:
    """Where files of these kinds go."""
    return tuple(Place(kind, *KIND_TITLES[kind], accept=_ACCEPTED.get(kind, "")) for kind in kinds)


_PICTURES = ".jpg,.png,.gif,.bmp"
_ACCEPTED = {
    AttachmentKind.LETTER_PHOTO: _PICTURES,
    AttachmentKind.ID_CARD_PHOTO: _PICTURES,
    AttachmentKind.STUB_IMAGE: f"{_PICTURES},.pdf",
    AttachmentKind.RECEIPT_IMAGE: f"{_PICTURES},.pdf",
}


def named() -> list[str]:
    """The files that the form names."""
    return list(dict.fromkeys(request.form.getlist(FIELD)))[:_MOST]


def arrived(kinds: Iterable[AttachmentKind]) -> list[str]:
    """Keep what has just been sent; answers its names.

    Refuses as `add_loose`, at the place where the file was chosen.
    """
    names = []
    for kind in kinds:
        for upload in uploads.sent_all(kind.value):
            try:
                added = add_loose(kind, upload, actor=sessions.actor(), now=now(), deployment=deployment())
            except Refused as refusal:
                raise _at(refusal, kind) from refusal
            names.append(added.name)
    return names


def without_removed(names: Iterable[str], wanted: str) -> list[str]:
    """Throw away the file that a button asks to remove; answers the others."""
    gone = wanted.removeprefix(_REMOVE) if wanted.startswith(_REMOVE) else ""
    if gone in tuple(names):
        remove_loose(gone, actor=sessions.actor())
    return [name for name in names if name != gone]


def shown(names: Iterable[str]) -> tuple[AttachmentView, ...]:
    """What lies behind these names, as far as it is one's own."""
    wanted = set(names)
    return tuple(each for each in list_loose(actor=sessions.actor(), deployment=deployment()) if each.name in wanted)


def _at(refusal: Refused, kind: AttachmentKind) -> Refused:
    fault = FieldError(refusal.code, kind.value, zh=refusal.detail_zh, en=refusal.detail_en)
    return Refused(refusal.code, detail_zh=refusal.detail_zh, detail_en=refusal.detail_en, fields=(fault,))
