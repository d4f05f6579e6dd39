"""`zhuanjie init` and `zhuanjie upgrade`: folder, key file and schema of the database."""

import click

from service.commands.context import database_file
from service.config import Settings, from_environment
from service.definitions import profiles
from service.use_cases.upkeep.prepare_storage import prepare_storage


@click.command()
def init() -> None:
    """建立数据目录、密钥与数据库 / Make folder, key file and database; run again, it changes nothing."""
    prepare(from_environment())


@click.command()
def upgrade() -> None:
    """升级数据库结构 / Bring the database to the schema of this program. Make a backup first."""
    prepare(from_environment())


@click.command(hidden=True)
def migrate() -> None:
    """Another name for upgrade."""
    prepare(from_environment())


def prepare(settings: Settings) -> None:
    """Make what is missing; refuses E_PROFILE_INVALID, E_SETTING_INVALID."""
    profiles.profile(settings.profile)
    prepare_storage(database_url=settings.database_url, data=settings.data, key_file=settings.key_file)
    where = database_file(settings) or "PostgreSQL"
    click.echo(f"数据库已就绪 / database ready: {where}, profile {settings.profile}")
