"""Files on the page of a transfer: added by whoever is at turn, opened by its parties, removed while nothing rests on them."""

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from service.domain.attachments import KIND_TITLES, AttachmentKind
from service.domain.errors import Refused
from service.use_cases.attachments.add_attachment import add_to_transfer
from service.use_cases.attachments.fetch_attachment import fetch_attachment, fetch_loose
from service.use_cases.attachments.list_attachments import AttachmentList, list_attachments
from service.use_cases.attachments.remove_attachment import remove_attachment
from service.web import sessions, uploads
from service.web.deployed import deployment, now
from service.web.pages.language import said
from service.web.requests import LARGEST_ID

blueprint = Blueprint("attachments", __name__)
_TRANSFER = f"/transfers/<int(max={LARGEST_ID}):transfer_id>/attachments"
_NAME = "<string(maxlength=43):name>"


@blueprint.post(_TRANSFER)
@uploads.takes_files
def add(transfer_id: int) -> ResponseReturnValue:
    """Add what was chosen, then back to the transfer; refuses as `add_to_transfer`, E_REQUIRED_FIELD."""
    kind = request.form.get("kind", "")
    if kind not in set(AttachmentKind):
        raise Refused("E_FIELD_INVALID", field="kind")
    found = uploads.sent_all("file")
    if not found:
        raise Refused("E_REQUIRED_FIELD", field="file")
    for upload in found:
        add_to_transfer(
            transfer_id, AttachmentKind(kind), upload, actor=sessions.actor(), now=now(), deployment=deployment()
        )
    return _back(transfer_id)


@blueprint.get(f"{_TRANSFER}/{_NAME}")
def open_one(transfer_id: int, name: str) -> Response:
    """A file of a transfer, as a download; refuses E_NOT_FOUND, E_FORBIDDEN."""
    found = fetch_attachment(transfer_id, name, actor=sessions.actor(), now=now(), deployment=deployment())
    return uploads.download(found)


@blueprint.post(f"{_TRANSFER}/{_NAME}/remove")
def remove(transfer_id: int, name: str) -> ResponseReturnValue:
    """Remove a file, then back to the transfer; refuses as `remove_attachment`."""
    remove_attachment(transfer_id, name, actor=sessions.actor(), now=now(), deployment=deployment())
    return _back(transfer_id)


@blueprint.get(f"/attachments/{_NAME}")
def open_loose(name: str) -> Response:
    """A file of one's own that belongs to nothing yet, as a download."""
    return uploads.download(fetch_loose(name, actor=sessions.actor(), deployment=deployment()))


def of_transfer(transfer_id: int) -> AttachmentList | None:
    """The files of a transfer as the acting role sees them; None where it is no party of it."""
    try:
        return list_attachments(transfer_id, actor=sessions.actor(), deployment=deployment())
    except Refused:
        return None


def kind_title(kind: str) -> str:
    """What a kind of file is called."""
    return said(*KIND_TITLES[AttachmentKind(kind)]) if kind in set(AttachmentKind) else kind


def _back(transfer_id: int) -> ResponseReturnValue:
    return redirect(url_for("transfers.show", transfer_id=transfer_id, _anchor="attachments"), code=303)
