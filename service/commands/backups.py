"""`zhuanjie backup` and `zhuanjie restore`."""

from datetime import UTC, datetime
from pathlib import Path

import click

from service.commands.context import database_file, require_made
from service.commands.server_lock import only_server
from service.config import Settings, from_environment
from service.storage import migrate
from service.storage.vault import open_vault
from service.use_cases.upkeep.back_up import Database, Manifest, back_up, read_backup
from service.use_cases.upkeep.nightly_backup import Plan
from service.use_cases.upkeep.restore_backup import restore_backup

_A_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.option("--to", "folder", type=click.Path(file_okay=False, path_type=Path), help="默认 ZHUANJIE_BACKUP_FOLDER")
@click.option("--check", "file", type=_A_FILE, help="只检查一个备份 / only read a backup and say whether it is whole")
def backup(folder: Path | None, file: Path | None) -> None:
    """备份数据库 / Back the database up into one encrypted file, while it is in use.

    密钥文件不在备份之内，须另行保管 / The key file is not in it: keep a copy of it elsewhere.
    """
    settings = from_environment()
    vault = open_vault(settings.key_file)
    if file is not None:
        _tell(file, read_backup(file, vault=vault))
        return
    require_made(settings)
    made = back_up(database_of(settings), folder or settings.backup_folder, vault=vault, now=datetime.now(UTC))
    _tell(made, read_backup(made, vault=vault))


@click.command()
@click.argument("file", type=_A_FILE)
def restore(file: Path) -> None:
    """恢复备份 / Bring a backup back into an empty database; nothing is ever restored over one."""
    settings = from_environment()
    vault = open_vault(settings.key_file)
    with only_server(database_file(settings)):
        manifest = restore_backup(file, database_of(settings), vault=vault)
    _tell(file, manifest)
    if manifest.schema != migrate.newest():
        click.echo("请运行 / run: zhuanjie upgrade")


def database_of(settings: Settings) -> Database:
    """What the settings name."""
    return Database(settings.database_url, database_file(settings))


def nightly(settings: Settings) -> Plan | None:
    """The backup of each night, None where it is switched off."""
    if settings.backups == "off":
        return None
    return Plan(database_of(settings), settings.backup_folder, settings.backup_hour, settings.backup_keep)


def _tell(file: Path, manifest: Manifest) -> None:
    rows = sum(manifest.contents.rows.values())
    transfers = manifest.contents.rows.get("transfers", 0)
    click.echo(f"{file}: {manifest.at}, {manifest.kind} {manifest.schema}, {manifest.size} B")
    click.echo(
        f"{rows} 行，{transfers} 件转接，历史校验和 / rows, transfers, sum of histories: {manifest.contents.heads}"
    )
