"""Make what a deployment needs before it can serve: its folder, its key file, its database of the newest schema."""

from pathlib import Path

from service.storage import migrate, vault
from service.storage.reachable import reached


def prepare_storage(*, database_url: str, data: Path, key_file: Path) -> None:
    """Make what is missing and upgrade what is old; run again, it changes nothing.

    Refuses E_SETTING_INVALID (key file, unreachable database) and E_SCHEMA_VERSION (a newer database).
    """
    data.mkdir(parents=True, exist_ok=True)
    vault.make_key_file(key_file)
    vault.open_vault(key_file)
    with reached():
        migrate.upgrade(database_url)
