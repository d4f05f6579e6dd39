"""Accounts of others: a branch opens and binds those of its members, a superior opens and resets those below it."""

from typing import Any

import marshmallow as ma
from flask import Response

from service.use_cases.accounts import bind_phone
from service.use_cases.accounts.bind_phone import Answered
from service.use_cases.accounts.open_for_others import Officer, Opened, import_officer, open_virtual_account
from service.use_cases.accounts.reopen_account import reopen_account
from service.use_cases.accounts.reset_password import Reset, remove_second_factors, reset_password
from service.use_cases.accounts.show_member_account import MemberAccount, show_member_account
from service.use_cases.administrators.show_account import ShownAccount, show_account
from service.web.api.accounts.account import PHONE, PhoneProven, PhoneWanted
from service.web.api.accounts.administrators import GrantShown
from service.web.api.accounts.certificates import CertificateShown
from service.web.api.arguments import Blueprint
from service.web.api.fields import Text
from service.web.deployed import deployment, now
from service.web.requests import LARGEST_ID
from service.web.sessions import actor

blueprint = Blueprint("others-accounts", __name__, description="他人账号 / accounts of others")
_NAME = ma.validate.Length(1, 64)
_MEMBER = f"/members/<int(max={LARGEST_ID}):member_id>/account"
_ACCOUNT = f"/organisations/<string:code>/accounts/<int(max={LARGEST_ID}):account_id>"


class VirtualAccount(ma.Schema):
    """An account that is no person's: log-in name and the name shown."""

    login_name = Text(required=True, validate=_NAME)
    name = Text(required=True, validate=_NAME)


class OfficerReported(ma.Schema):
    """An administrator as he was reported; the telephone gets the authorisation code."""

    name = Text(required=True, validate=_NAME)
    id_number = Text(required=True, validate=ma.validate.Length(1, 18))
    phone = Text(required=True, validate=PHONE)


class AccountOpened(ma.Schema):
    """The new account; `password` is told once, where there is no other way to log in, and must be changed."""

    account_id = ma.fields.Integer(required=True)
    password = ma.fields.String(allow_none=True)


class PasswordReset(ma.Schema):
    """`kind` INITIAL: that of the profile; ISSUED: `password`, told once; OWN: to be activated anew."""

    kind = ma.fields.String(required=True)
    password = ma.fields.String(allow_none=True)
    is_code_sent = ma.fields.Boolean(required=True)


class MemberAccountShown(ma.Schema):
    """The account of a member; the number is masked, `is_closed`: the initial password opens it no more."""

    is_open = ma.fields.Boolean(required=True)
    phone = ma.fields.String(required=True)
    is_closed = ma.fields.Boolean(required=True)
    may_reopen = ma.fields.Boolean(required=True)


class AccountOfOthers(ma.Schema):
    """An account with its roles for the organisation, and its certificates; the number is masked."""

    account_id = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)
    is_virtual = ma.fields.Boolean(required=True)
    is_to_be_activated = ma.fields.Boolean(required=True)
    phone = ma.fields.String(required=True)
    roles = ma.fields.List(ma.fields.Nested(GrantShown), required=True)
    second_factors = ma.fields.Integer(required=True)
    certificates = ma.fields.List(ma.fields.Nested(CertificateShown), required=True)
    needs_certificate = ma.fields.Boolean(required=True)
    may_reset = ma.fields.Boolean(required=True)


@blueprint.get(_MEMBER)
@blueprint.response(200, MemberAccountShown)
def get_member_account(member_id: int) -> MemberAccount:
    """党员账号 / The account of a member of one's own branch, or below."""
    return show_member_account(member_id, actor=actor(), now=now(), deployment=deployment())


@blueprint.get(_ACCOUNT)
@blueprint.response(200, AccountOfOthers)
def get_account_of_others(code: str, account_id: int) -> ShownAccount:
    """管理员账号 / An account with a role of an organisation whose roles one grants."""
    return show_account(code, account_id, actor=actor(), deployment=deployment())


@blueprint.post(f"{_MEMBER}/activation")
@blueprint.response(204)
def post_member_activation(member_id: int) -> Response:
    """支部激活 / Open the account of a member again that was closed for its initial password."""
    reopen_account(member_id, actor=actor(), now=now(), deployment=deployment())
    return Response(status=204)


@blueprint.post(f"{_MEMBER}/phone/codes")
@blueprint.arguments(PhoneWanted)
@blueprint.response(204)
def post_member_phone_code(given: dict[str, str], member_id: int) -> Response:
    """代发验证码 / Send a code to the telephone of a member, who reads it out."""
    bind_phone.send_member_code(member_id, given["phone"], actor=actor(), now=now(), deployment=deployment())
    return Response(status=204)


@blueprint.put(f"{_MEMBER}/phone")
@blueprint.arguments(PhoneProven)
@blueprint.response(204)
def put_member_phone(given: dict[str, str], member_id: int) -> Response:
    """代为绑定 / Bind the telephone of a member with the code he read out."""
    answered = Answered(given["phone"], given["sms_code"])
    bind_phone.bind_member_phone(member_id, answered, actor=actor(), now=now(), deployment=deployment())
    return Response(status=204)


@blueprint.post("/organisations/<string:code>/virtual-accounts")
@blueprint.arguments(VirtualAccount)
@blueprint.response(201, AccountOpened)
def post_virtual_account(given: dict[str, str], code: str) -> Opened:
    """开通虚拟账号 / Open an account that is no person's."""
    return open_virtual_account(
        code, given["login_name"], given["name"], actor=actor(), now=now(), deployment=deployment()
    )


@blueprint.post("/organisations/<string:code>/officers")
@blueprint.arguments(OfficerReported)
@blueprint.response(201, AccountOpened)
def post_officer(given: dict[str, Any], code: str) -> Opened:
    """导入管理员 / Bring in an administrator who was reported; his code goes out when he gets a role."""
    return import_officer(code, Officer(**given), actor=actor(), now=now(), deployment=deployment())


@blueprint.post(f"{_ACCOUNT}/password-reset")
@blueprint.response(200, PasswordReset)
def post_password_reset(code: str, account_id: int) -> Reset:
    """重置密码 / Put a password back to the initial one."""
    return reset_password(code, account_id, actor=actor(), now=now(), deployment=deployment())


@blueprint.delete(f"{_ACCOUNT}/second-factors")
@blueprint.response(204)
def delete_second_factors_of(code: str, account_id: int) -> Response:
    """解除二次验证 / Take the second factors of somebody away who lost them."""
    remove_second_factors(code, account_id, actor=actor(), now=now(), deployment=deployment())
    return Response(status=204)
