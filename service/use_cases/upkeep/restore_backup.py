"""Bring a backup back into an empty place: never over what is there, and only what proves to be whole (R-226)."""

import tempfile
from pathlib import Path

from service.domain.errors import Refused
from service.storage import migrate
from service.storage.backups import postgresql_dump, sealed_file, sqlite_copy
from service.storage.backups.contents import Contents
from service.storage.vault import Vault
from service.use_cases.upkeep.back_up import Database, Manifest, read_backup


def restore_backup(path: Path, database: Database, *, vault: Vault) -> Manifest:
    """Restore a backup and return what it said of itself.

    Refuses E_RESTORE_NOT_EMPTY, E_BACKUP_INVALID, E_SCHEMA_VERSION for one of a newer program, E_BACKUP_FAILED.
    """
    _require_empty(database)
    place = database.file.parent if database.file else path.parent
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".restoring-", dir=place) as work:
        copy = Path(work, "database")
        with copy.open("wb") as file:
            copy.chmod(0o600)
            manifest = read_backup(path, vault=vault, to=file)
        _require_fitting(manifest, database)
        if different := manifest.contents.differences(_restored(copy, database)):
            names = ", ".join(different)
            raise sealed_file.invalid(f"内容不符：{names}", f"its content differs: {names}")
        if database.file is not None:
            sqlite_copy.put_in_place(copy, database.file)
    return manifest


def _restored(copy: Path, database: Database) -> Contents:
    return sqlite_copy.examine(copy) if database.file else postgresql_dump.restore(copy, database.url)


def _require_empty(database: Database) -> None:
    is_empty = not database.file.exists() if database.file else postgresql_dump.is_empty(database.url)
    if not is_empty:
        where = str(database.file or "PostgreSQL")
        raise Refused("E_RESTORE_NOT_EMPTY", detail_zh=where, detail_en=where)


def _require_fitting(manifest: Manifest, database: Database) -> None:
    if manifest.kind != database.kind:
        raise sealed_file.invalid(f"它来自 {manifest.kind}", f"it is one of {manifest.kind}")
    if manifest.schema > migrate.newest():
        zh, en = "备份比程序新，请升级程序", "the backup is newer than the program: upgrade the program"
        raise Refused("E_SCHEMA_VERSION", detail_zh=zh, detail_en=en)
