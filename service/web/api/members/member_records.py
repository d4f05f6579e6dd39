"""A member's record after he has come in, and his portrait (R-150, R-196)."""

from typing import Any

import marshmallow as ma
from flask import Response

from service.domain.members.member_records import Record
from service.use_cases.attachments.sealing import AttachmentView
from service.use_cases.members import complete_record as completing
from service.use_cases.members import keep_portrait as portraits
from service.use_cases.members.complete_record import RecordView
from service.web import uploads
from service.web.api.arguments import Blueprint
from service.web.api.document import form_with_file
from service.web.api.fields import Text
from service.web.api.transfers.attachments import Attachment
from service.web.deployed import deployment, now
from service.web.requests import LARGEST_ID
from service.web.sessions import actor

blueprint = Blueprint("member-records", __name__, description="党员信息 / members' records")
_MEMBER = f"/members/<int(max={LARGEST_ID}):member_id>"
_FILE = form_with_file("application/octet-stream")
_PICTURE = {"200": {"description": "the picture", "content": {"image/*": {"schema": {"type": "string"}}}}}


class RecordGiven(ma.Schema):
    """What is entered into a record; empty or left out: nothing."""

    ethnicity = Text(load_default="", validate=ma.validate.Length(max=20))
    joined_on = ma.fields.Date(load_default=None, allow_none=True)
    full_on = ma.fields.Date(load_default=None, allow_none=True)
    mobile = Text(load_default="", validate=ma.validate.Length(max=20))


class RecordShown(ma.Schema):
    """What stands in a record; `missing` are the fields that are to be completed."""

    member_id = ma.fields.Integer(required=True)
    member_name = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    ethnicity = ma.fields.String(required=True, attribute="record.ethnicity")
    joined_on = ma.fields.Date(required=True, allow_none=True, attribute="record.joined_on")
    full_on = ma.fields.Date(required=True, allow_none=True, attribute="record.full_on")
    mobile = ma.fields.String(required=True, attribute="record.mobile")
    missing = ma.fields.List(ma.fields.String(), required=True)
    has_portrait = ma.fields.Boolean(required=True)


@blueprint.get(f"{_MEMBER}/record")
@blueprint.response(200, RecordShown)
def get_member_record(member_id: int) -> RecordView:
    """党员信息 / The record of a member below the acting organisation, and what is missing in it."""
    return completing.show_record(member_id, actor=actor(), deployment=deployment())


@blueprint.put(f"{_MEMBER}/record")
@blueprint.arguments(RecordGiven)
@blueprint.response(200, RecordShown)
def put_member_record(given: dict[str, Any], member_id: int) -> RecordView:
    """完善党员信息 / Complete the record of a member who has come in."""
    return completing.complete_record(member_id, Record(**given), actor=actor(), now=now(), deployment=deployment())


@blueprint.post(f"{_MEMBER}/portrait")
@blueprint.doc(requestBody=_FILE)
@blueprint.response(201, Attachment)
@uploads.takes_files
def post_portrait(member_id: int) -> AttachmentView:
    """上传照片 / Put a portrait (jpg, jpeg, gif, png, at most 2 MB) in the place of the one before."""
    uploads.require_readable("file")
    return portraits.keep_portrait(member_id, uploads.sent("file"), actor=actor(), now=now(), deployment=deployment())


@blueprint.get(f"{_MEMBER}/portrait")
@blueprint.doc(responses=_PICTURE)
def get_portrait(member_id: int) -> Response:
    """查看照片 / The portrait of a member."""
    return uploads.download(portraits.show_portrait(member_id, actor=actor(), deployment=deployment()))
