"""A consistent dump of a PostgreSQL database by its own programs, and the way back.

The numbers to compare are taken in the same snapshot as the dump: whatever is committed meanwhile is in neither.
"""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from service.domain.errors import Refused
from service.storage.backups import contents
from service.storage.backups.contents import HEAD_COLUMNS, Contents, HeadSum
from service.storage.backups.sealed_file import invalid
from service.storage.db import make_engine

_DEBIAN = Path("/usr/lib/postgresql")
_COPY = re.compile(r'COPY public\."?(\w+)"? \((.*)\) FROM stdin;')
_END = "\\."


def dump(database_url: str, to: Path) -> Contents:
    """Dump the database into a new file and tell what is in it; refuses E_BACKUP_FAILED."""
    with _opened(database_url) as connection, connection.begin():
        snapshot = connection.execute(sa.text("SELECT pg_export_snapshot()")).scalar_one()
        options = ["--format=custom", "--compress=0", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
        _run("pg_dump", [*options, f"--file={to}"], database_url)
        return contents.of_connection(connection)


def examine(file: Path, database_url: str) -> Contents:
    """Read a dump from beginning to end and count its rows; refuses E_BACKUP_FAILED."""
    rows: dict[str, int] = {}
    heads = HeadSum()
    table = ""
    places: tuple[int, ...] = ()
    for line in _lines("pg_restore", ["--data-only", "--file=-", str(file)], database_url):
        if not table:
            if begun := _COPY.match(line):
                table, places = begun[1], _places(begun[1], begun[2])
                rows[table] = 0
        elif line == _END:
            table = ""
        else:
            rows[table] += 1
            if places:
                values = line.split("\t")
                heads.add(*(values[place] for place in places))
    return Contents(rows, str(heads))


def restore(file: Path, database_url: str) -> Contents:
    """Fill an empty database from a dump, all or nothing, and tell what is in it; refuses E_BACKUP_FAILED."""
    options = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    _run("pg_restore", [*options, f"--dbname={_plain(database_url)}", str(file)], database_url, names_database=False)
    with _opened(database_url) as connection:
        return contents.of_connection(connection)


def is_empty(database_url: str) -> bool:
    """Whether the database has no table at all."""
    with _opened(database_url) as connection:
        return not sa.inspect(connection).get_table_names()


def _places(table: str, columns: str) -> tuple[int, ...]:
    names = [name.strip().strip('"') for name in columns.split(",")]
    return tuple(names.index(name) for name in HEAD_COLUMNS) if table == "transfers" else ()


def _run(program: str, options: Sequence[str], url: str, *, names_database: bool = True) -> None:
    command = [_program(program), *options, *([f"--dbname={_plain(url)}"] if names_database else [])]
    done = subprocess.run(command, env=_environment(url), capture_output=True, text=True, check=False)
    if done.returncode:
        raise _failed(program, done.stderr)


def _lines(program: str, options: Sequence[str], url: str) -> Iterator[str]:
    command = [_program(program), *options]
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(command, env=_environment(url), stdout=subprocess.PIPE, stderr=said) as process,
    ):
        assert process.stdout is not None  # noqa: S101 - it was asked for
        for line in process.stdout:
            yield line.decode().rstrip("\n")
        if process.wait():
            said.seek(0)
            raise invalid("数据库已损坏", said.read(300).decode(errors="replace").strip())


def _plain(url: str) -> str:
    """The address without its password, which everybody could read in the list of processes."""
    address = sa.make_url(url).set(password=None, drivername="postgresql")
    return address.render_as_string(hide_password=False)


def _environment(url: str) -> dict[str, str]:
    password = sa.make_url(url).password
    return {"PGPASSWORD": str(password)} if password else {}


def _program(name: str) -> str:
    """Debian keeps the programs of each version in a folder of its own; the newest one reads all older servers."""
    places = sorted(_DEBIAN.glob(f"*/bin/{name}"), key=lambda place: int(place.parts[4]))
    found = str(places[-1]) if places else shutil.which(name)
    if found is None:
        raise _failed(name, f"{name} was not found; install the client programs of PostgreSQL")
    return found


def _failed(program: str, reason: str) -> Refused:
    text = reason.strip()[:300]
    return Refused("E_BACKUP_FAILED", detail_zh=f"{program}：{text}", detail_en=f"{program}: {text}")


@contextmanager
def _opened(url: str) -> Iterator[sa.Connection]:
    engine = make_engine(url, poolclass=sa.NullPool, isolation_level="REPEATABLE READ")
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()
