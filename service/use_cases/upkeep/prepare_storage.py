"""Make what a deployment needs before it can serve: its folder, its key file, its database of the newest schema."""

from pathlib import Path

from service.storage import migrate, vault


def prepare_storage(*, database_url: str, data: Path, key_file: Path) -> None:
    """Make what is missing and upgrade what is old; run again, it changes nothing."""
    data.mkdir(parents=True, exist_ok=True)
    vault.make_key_file(key_file)
    vault.open_vault(key_file)
    migrate.upgrade(database_url)
