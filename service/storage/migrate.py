"""Bringing a database to the schema of this program, and telling when it is not (E_SCHEMA_VERSION)."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from service.domain.errors import Refused
from service.storage.db import make_engine

FOLDER = Path(__file__).parent / "migrations"
UPGRADE_COMMAND = "zhuanjie upgrade"


def upgrade(database_url: str) -> None:
    """Bring a database, empty or of an older version, to the newest version; refuses E_SCHEMA_VERSION for a newer one."""
    with _engine(database_url) as engine, engine.begin() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
        if found is not None and found > newest():
            raise _refusal(found, newest())
        command.upgrade(_config(connection), "head")


def require_current_schema(engine: sa.Engine) -> None:
    """Refuse E_SCHEMA_VERSION, with the command that helps, unless the schema is that of this program."""
    found, expected = version(engine), newest()
    if found != expected:
        raise _refusal(found, expected)


def _refusal(found: str | None, expected: str) -> Refused:
    is_newer = found is not None and found > expected
    zh = "数据库比程序新，请升级程序" if is_newer else f"请运行 {UPGRADE_COMMAND}"
    en = "the database is newer than the program: upgrade the program" if is_newer else f"run: {UPGRADE_COMMAND}"
    return Refused(
        "E_SCHEMA_VERSION",
        detail_zh=f"应为 {expected}，现为 {found or '空'}；{zh}",
        detail_en=f"expected {expected}, found {found or 'none'}; {en}",
    )


def version(engine: sa.Engine) -> str | None:
    """The version of the schema, None for a database without one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str:
    """The version of this program."""
    head = ScriptDirectory(str(FOLDER)).get_current_head()
    assert head is not None  # noqa: S101 - the folder holds at least the first migration
    return head


@contextmanager
def _engine(database_url: str) -> Iterator[sa.Engine]:
    engine = make_engine(database_url, poolclass=sa.NullPool)
    if engine.dialect.name == "sqlite":
        _make_file(Path(str(engine.url.database)))
    try:
        yield engine
    finally:
        engine.dispose()


def _make_file(path: Path) -> None:
    """Make the file of a new database so that only its owner can read it; its companions take over the mode."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)


def _config(connection: sa.Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
