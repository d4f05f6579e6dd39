"""The whole record of a member: shown, changed, its states, the identity number in full."""

from typing import Any

import marshmallow as ma

from service.domain.members.members import MemberStatus
from service.storage.audit import Entry
from service.use_cases.members.authorise_keeping import authorise_keeping
from service.use_cases.members.change_membership import become_full, change_status
from service.use_cases.members.edit_member import answers_of, edit_member
from service.use_cases.members.show_member import reveal_number, show_log, show_member
from service.web.api.arguments import Blueprint
from service.web.api.fields import LARGEST, Answers
from service.web.api.organisations.organisation_records import LogEntries, RecordVersion
from service.web.deployed import deployment, now
from service.web.requests import LARGEST_ID
from service.web.sessions import actor

blueprint = Blueprint("member-details", __name__, description="党员维护 / upkeep of members")
_MEMBER = f"/members/<int(max={LARGEST_ID}):member_id>"


class MemberMove(ma.Schema):
    """One increase or decrease record."""

    is_increase = ma.fields.Boolean(required=True)
    org_code = ma.fields.String(required=True)
    org_name = ma.fields.String(required=True)
    transfer_id = ma.fields.Integer(allow_none=True)
    on_date = ma.fields.Date(required=True)
    cause = ma.fields.String(required=True)


class KeptMember(ma.Schema):
    """A record; `answers` as its form takes them, empty ones left out; the identity number is masked."""

    id = ma.fields.Integer(required=True)
    id_number = ma.fields.String(required=True)
    sex = ma.fields.String(required=True)
    birth_year = ma.fields.Integer(required=True)
    kind = ma.fields.String(required=True)
    status = ma.fields.String(required=True)
    branch_code = ma.fields.String(required=True)
    branch_name = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    answers = ma.fields.Dict(keys=ma.fields.String(), required=True)
    completeness = ma.fields.Integer(required=True)
    missing = ma.fields.List(ma.fields.String(), required=True)
    moves = ma.fields.List(ma.fields.Nested(MemberMove), required=True)
    may_edit = ma.fields.Boolean(required=True)


class MemberEdited(ma.Schema):
    """`version` of the record that was looked at; `answers` are the whole record."""

    version = ma.fields.Integer(required=True, strict=True, validate=ma.validate.Range(0, LARGEST))
    answers = Answers(required=True)


class FullNumber(ma.Schema):
    """An identity number."""

    id_number = ma.fields.String(required=True)


class FullMembership(ma.Schema):
    """The day on which a probationary member became full."""

    full_on = ma.fields.Date(load_default=None, allow_none=True)


class MembershipGiven(ma.Schema):
    """The state a membership takes, and from which day."""

    status = ma.fields.Enum(MemberStatus, by_value=True, required=True)
    on = ma.fields.Date(required=True)


class KeepingGiven(ma.Schema):
    """Whether a branch keeps the records of its members."""

    authorised = ma.fields.Boolean(required=True)


@blueprint.get(_MEMBER)
@blueprint.response(200, KeptMember)
def get_member(member_id: int) -> dict[str, Any]:
    """党员信息 / The whole record of a member below the acting organisation."""
    view = show_member(member_id, actor=actor(), deployment=deployment())
    # The day of birth would fill in what is masked of the number.
    own = {"id": view.member.id, "birth_year": view.member.birth_date.year}
    words = {name: getattr(view.member, name).value for name in ("sex", "kind", "status")}
    said = {
        name: getattr(view, name) for name in ("id_number", "version", "completeness", "missing", "moves", "may_edit")
    }
    branch = {"branch_code": view.chain[0].code, "branch_name": view.chain[0].name}
    return {**own, **words, **said, **branch, "answers": answers_of(view.member, view.details)}


@blueprint.put(_MEMBER)
@blueprint.arguments(MemberEdited)
@blueprint.response(200, RecordVersion)
def put_member(given: dict[str, Any], member_id: int) -> dict[str, int]:
    """维护党员信息 / Store the whole record."""
    return {"version": edit_member(member_id, actor=actor(), now=now(), deployment=deployment(), **given)}


@blueprint.post(f"{_MEMBER}/id-number")
@blueprint.response(200, FullNumber)
def post_id_number(member_id: int) -> dict[str, str]:
    """查看完整身份证号 / The identity number in full; that it was looked at is logged."""
    return {"id_number": reveal_number(member_id, actor=actor(), now=now(), deployment=deployment())}


@blueprint.post(f"{_MEMBER}/full-membership")
@blueprint.arguments(FullMembership)
@blueprint.response(204)
def post_full_membership(given: dict[str, Any], member_id: int) -> None:
    """预备党员转正 / A probationary member has become full."""
    become_full(member_id, given["full_on"], actor=actor(), now=now(), deployment=deployment())


@blueprint.post(f"{_MEMBER}/membership")
@blueprint.arguments(MembershipGiven)
@blueprint.response(204)
def post_membership(given: dict[str, Any], member_id: int) -> None:
    """党籍变更 / Suspend, resume or end a membership."""
    wanted: MemberStatus = given["status"]
    change_status(member_id, wanted, on=given["on"], actor=actor(), now=now(), deployment=deployment())


@blueprint.get(f"{_MEMBER}/changes")
@blueprint.response(200, LogEntries)
def get_member_changes(member_id: int) -> dict[str, tuple[Entry, ...]]:
    """变更记录 / What was changed about a member, the newest first."""
    return {"items": show_log(member_id, actor=actor(), deployment=deployment())}


@blueprint.put("/organisations/<string:code>/record-keeping")
@blueprint.arguments(KeepingGiven)
@blueprint.response(204)
def put_record_keeping(given: dict[str, bool], code: str) -> None:
    """授权党支部维护党员信息 / Let a branch keep the records of its members, or no longer."""
    authorise_keeping(code, authorised=given["authorised"], actor=actor(), now=now())
