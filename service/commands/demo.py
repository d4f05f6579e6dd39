"""`zhuanjie demo` and `zhuanjie run`: a deployment to look at, from nothing to the log-in page."""

from datetime import UTC, datetime

import click

from service.commands.context import within
from service.commands.server import serve_until_stopped
from service.commands.setup import prepare
from service.config import Settings, from_environment
from service.use_cases.demo import logins
from service.use_cases.demo.build_demo import build_demo, is_empty
from service.use_cases.deployment import Deployment

PROFILE = "fujian"


@click.command()
def demo() -> None:
    """建立演示数据 / Fill an empty database with a real province and invented members."""
    settings = from_environment(profile=PROFILE)
    prepare(settings)
    with within(settings) as deployment:
        click.echo(_listed(_build(settings, deployment)))


@click.command()
def run() -> None:
    """一键启动 / init, the demonstration if the database is empty, then serve."""
    settings = from_environment(profile=PROFILE)
    prepare(settings)
    known = _demo_where_wanted(settings)
    serve_until_stopped(settings, with_worker=True, welcome=f"{_listed(known)}\n" if known else "")


def _demo_where_wanted(settings: Settings) -> tuple[logins.LogIn, ...]:
    """Build, or finish, the demonstration; a database with other data is served as it is."""
    with within(settings) as deployment:
        kept = logins.read_kept(settings.data, database=settings.database_url)
        return _build(settings, deployment) if kept or is_empty() else ()


def _build(settings: Settings, deployment: Deployment) -> tuple[logins.LogIn, ...]:
    return build_demo(
        data=settings.data,
        database=settings.database_url,
        now=datetime.now(UTC),
        deployment=deployment,
        say=click.echo,
    )


def _listed(known: tuple[logins.LogIn, ...]) -> str:
    return f"登录账号与密码 / log-ins and passwords:\n{logins.as_table(known)}"
