"""Files: added to a transfer or to an application that is being written, listed, opened, removed (R-195–R-197)."""

from typing import Any

import marshmallow as ma
from flask import Response, request

from service.domain.attachments import AttachmentKind
from service.domain.errors import Refused
from service.use_cases.attachments import add_attachment as adding
from service.use_cases.attachments import fetch_attachment as fetching
from service.use_cases.attachments import list_attachments as listing
from service.use_cases.attachments import remove_attachment as removing
from service.use_cases.attachments.list_attachments import AttachmentList
from service.use_cases.attachments.sealing import AttachmentView
from service.web import uploads
from service.web.api.arguments import Blueprint, transfer_path
from service.web.api.fields import Moment
from service.web.deployed import deployment, now
from service.web.sessions import actor

blueprint = Blueprint("attachments", __name__, description="附件 / attachments")
_NAME = "<string(maxlength=43):name>"
_KINDS = [kind.value for kind in AttachmentKind]
_UPLOAD = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["kind", "file"],
                "properties": {
                    "kind": {"type": "string", "enum": _KINDS},
                    "file": {"type": "string", "contentMediaType": "application/octet-stream"},
                },
            }
        }
    },
}
_DOWNLOAD = {
    "200": {
        "description": "the file, never shown in place",
        "content": {"application/octet-stream": {"schema": {"type": "string"}}},
    }
}


class Attachment(ma.Schema):
    """A file; `name` is the random one by which it is asked for, `digest` the sha256 of its content in hex.

    `position` is the hop it was added at, null while it belongs to nothing; a settled one stays for good.
    """

    name = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    file_name = ma.fields.String(required=True)
    media_type = ma.fields.String(required=True)
    size = ma.fields.Integer(required=True)
    digest = ma.fields.String(required=True)
    at = Moment(required=True)
    position = ma.fields.Integer(required=True, allow_none=True)
    is_settled = ma.fields.Boolean(required=True)


class Attachments(ma.Schema):
    """The files of a transfer, and the kinds that the acting role may add now."""

    items = ma.fields.List(ma.fields.Nested(Attachment), required=True)
    may_add = ma.fields.List(ma.fields.String(), required=True)


class OwnAttachments(ma.Schema):
    """What one has uploaded that belongs to nothing yet."""

    items = ma.fields.List(ma.fields.Nested(Attachment), required=True)


@blueprint.post("/attachments")
@blueprint.doc(requestBody=_UPLOAD)
@blueprint.response(201, Attachment)
@uploads.takes_files
def post_attachment() -> AttachmentView:
    """上传 / Keep a file for an application that is being written; its name goes into `attachments` there."""
    return adding.add_loose(_kind(), uploads.sent("file"), actor=actor(), now=now(), deployment=deployment())


@blueprint.get("/attachments")
@blueprint.response(200, OwnAttachments)
def get_attachments() -> dict[str, Any]:
    """我上传的附件 / What one has uploaded that belongs to nothing yet; it is thrown away after a day."""
    return {"items": listing.list_loose(actor=actor(), deployment=deployment())}


@blueprint.get(f"/attachments/{_NAME}")
@blueprint.doc(responses=_DOWNLOAD)
def get_attachment(name: str) -> Response:
    """打开 / Open a file of one's own that belongs to nothing yet."""
    return uploads.download(fetching.fetch_loose(name, actor=actor(), deployment=deployment()))


@blueprint.delete(f"/attachments/{_NAME}")
@blueprint.response(204)
def delete_attachment(name: str) -> None:
    """删除 / Throw away a file of one's own that belongs to nothing yet."""
    removing.remove_loose(name, actor=actor())


@blueprint.post(transfer_path("/attachments"))
@blueprint.doc(requestBody=_UPLOAD)
@blueprint.response(201, Attachment)
@uploads.takes_files
def post_to_transfer(transfer_id: int) -> AttachmentView:
    """上传附件 / Add a file to a transfer whose step is one's own; the same file again is the one that is there."""
    return adding.add_to_transfer(
        transfer_id, _kind(), uploads.sent("file"), actor=actor(), now=now(), deployment=deployment()
    )


@blueprint.get(transfer_path("/attachments"))
@blueprint.response(200, Attachments)
def get_of_transfer(transfer_id: int) -> AttachmentList:
    """附件 / The files of a transfer, for its parties."""
    return listing.list_attachments(transfer_id, actor=actor(), deployment=deployment())


@blueprint.get(transfer_path(f"/attachments/{_NAME}"))
@blueprint.doc(responses=_DOWNLOAD)
def get_from_transfer(transfer_id: int, name: str) -> Response:
    """打开附件 / Open a file of a transfer, for its parties; each opening is recorded."""
    found = fetching.fetch_attachment(transfer_id, name, actor=actor(), now=now(), deployment=deployment())
    return uploads.download(found)


@blueprint.delete(transfer_path(f"/attachments/{_NAME}"))
@blueprint.response(204)
def delete_from_transfer(transfer_id: int, name: str) -> None:
    """删除附件 / Remove a file while the step it belongs to is undecided."""
    removing.remove_attachment(transfer_id, name, actor=actor(), now=now(), deployment=deployment())


def _kind() -> AttachmentKind:
    uploads.require_readable("file")
    given = request.form.get("kind", "")
    if given not in set(AttachmentKind):
        shown, permitted = given[:24] or "-", ", ".join(_KINDS)
        raise Refused(
            "E_FIELD_INVALID", field="kind", detail_zh=f"可选值：{permitted}", detail_en=f"{shown}: {permitted}"
        )
    return AttachmentKind(given)
