"""One server at a time on an SQLite file: a second `serve` or `worker` is told so."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from service.domain.errors import Refused


@contextmanager
def only_server(database_file: Path | None) -> Iterator[None]:
    """Hold the lock file beside the database; PostgreSQL (None) needs none. Refuses E_DATABASE_IN_USE.

    The kernel gives the lock back when the process ends, however it ends: a left-over file locks nobody out.
    """
    if database_file is None:
        yield
        return
    real = database_file.resolve()  # two names of one file are one database
    path = real.with_name(f"{real.name}.serving")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            raise _in_use(database_file, file.read().strip()) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _in_use(database_file: Path, process: str) -> Refused:
    return Refused(
        "E_DATABASE_IN_USE",
        detail_zh=f"{database_file} 正由进程 {process or '?'} 使用",
        detail_en=f"process {process or '?'} serves {database_file}",
    )
