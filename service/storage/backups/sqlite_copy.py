"""A consistent copy of an SQLite database under load, and the way back.

VACUUM INTO copies in one step: copying the file, or page by page, gives unsound copies while others write.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import sqlalchemy as sa

from service.storage.backups import contents
from service.storage.backups.contents import Contents
from service.storage.backups.sealed_file import invalid
from service.storage.db import make_engine
from service.storage.failures import WAIT_SECONDS


def copy(database: Path, to: Path) -> None:
    """Copy the database into a new file."""
    with closing(sqlite3.connect(database, isolation_level=None, timeout=WAIT_SECONDS)) as connection:
        connection.execute("VACUUM INTO ?", (str(to),))
    to.chmod(0o600)


def examine(file: Path) -> Contents:
    """Check every page and every reference of a copy and count its rows; refuses E_BACKUP_INVALID."""
    with _opened(file) as connection:
        try:
            pages = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
            loose = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        except sa.exc.DatabaseError as error:
            raise invalid("数据库已损坏", "the database in it is damaged") from error
        if pages != ["ok"] or loose is not None:
            raise invalid("数据库已损坏", "the database in it is damaged")
        return contents.of_connection(connection)


def put_in_place(file: Path, database: Path) -> None:
    """Make a checked copy the database; the file must not exist yet."""
    with file.open("rb") as written:
        os.fsync(written.fileno())
    for left_over in ("-wal", "-shm"):
        Path(f"{file}{left_over}").unlink(missing_ok=True)
    file.rename(database)
    folder = os.open(database.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def _opened(file: Path) -> Iterator[sa.Connection]:
    engine = make_engine(f"sqlite:///{file}", poolclass=sa.NullPool)
    try:
        with engine.connect() as connection:
            yield connection.execution_options(reads_only=True)
    finally:
        engine.dispose()
