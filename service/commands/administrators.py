"""`zhuanjie administrators appoint`: the three separated administrators, and the first administrator of the root."""

from datetime import UTC, datetime

import click

from service.commands.context import within
from service.config import from_environment
from service.domain.accounts.roles import Role
from service.use_cases.administrators.appoint_administrator import appoint_administrator


@click.group()
def administrators() -> None:
    """管理员 / Administrators that only the operator appoints."""


@administrators.command("appoint")
@click.argument("login_name")
@click.argument("role", type=click.Choice([role.value for role in Role if role is not Role.MEMBER]))
@click.option("--name", default="", help="新账号的姓名 / name for a new account")
@click.option("--organisation", "org_code", default="", help="党组织代码；三员与流程管理员可不填")
@click.option(
    "--new", "is_new", is_flag=True, help="新建账号，提示输入密码 / open an account; the password is asked for"
)
def appoint(login_name: str, role: str, name: str, org_code: str, *, is_new: bool) -> None:
    """任命 / Give a role to the account with this log-in name.

    系统管理员、安全员、审计员须为不同账号 / SYSTEM_ADMIN, SECURITY_OFFICER and AUDITOR are never one account.
    """
    password = click.prompt("密码 / password", hide_input=True, confirmation_prompt=True) if is_new else None
    with within(from_environment()) as deployment:
        grant = appoint_administrator(
            login_name,
            Role(role),
            name=name,
            org_code=org_code,
            password=password,
            now=datetime.now(UTC),
            deployment=deployment,
        )
    click.echo(f"已任命 / appointed: {grant.account_name} {grant.role.value} {grant.org_code or ''}".rstrip())
