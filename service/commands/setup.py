"""`zhuanjie init` and `zhuanjie upgrade`: folder, key file and schema of the database."""

import click

from service.config import Settings, read_settings
from service.definitions import profiles
from service.use_cases.upkeep.prepare_storage import prepare_storage


@click.command()
def init() -> None:
    """建立数据目录、密钥与数据库 / Make folder, key file and database; run again, it changes nothing."""
    _prepare(read_settings())


@click.command()
def upgrade() -> None:
    """升级数据库结构 / Bring the database to the schema of this program. Make a backup first."""
    _prepare(read_settings())


@click.command(hidden=True)
def migrate() -> None:
    """Another name for upgrade."""
    _prepare(read_settings())


def _prepare(settings: Settings) -> None:
    profiles.profile(settings.profile)
    prepare_storage(database_url=settings.database_url, data=settings.data, key_file=settings.key_file)
    where = settings.database_file or "PostgreSQL"
    click.echo(f"数据库已就绪 / database ready: {where}, profile {settings.profile}")
