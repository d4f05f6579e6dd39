"""The whole country as a tree in the database: how fast it is imported, and how fast routes are planned on it.

Beside the import: the same file read and stored in one bare table. Beside the routes: looking the same chains up with
one query per level, as a table with a parent column invites to.
"""

import csv
import gzip
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from bench.measures import Measure
from service.config import Settings
from service.definitions import profiles
from service.domain.errors import Refused
from service.storage import standalone
from service.use_cases.demo.divisions import read_divisions
from service.use_cases.demo.local_organisations import COUNTRY, local_organisations, root_of_country
from service.use_cases.demo.rows import HEADER, write_rows
from service.use_cases.transfers.preview_route import APPLICANT, Question, preview_route, preview_routes
from service.use_cases.upkeep.prepare_storage import prepare_storage

CASES = 4_000
SINGLE_CASES = 1_000
_MEGABYTE = 1_000_000


def measure() -> Iterator[Measure]:
    """All figures of tree and routes, on SQLite."""
    with tempfile.TemporaryDirectory(prefix="zhuanjie-bench-") as name:
        folder = Path(name)
        file = folder / "country.csv.gz"
        with gzip.open(file, "wt", encoding="utf-8", newline="", compresslevel=3) as packed:
            count = write_rows(chain([root_of_country()], local_organisations(read_divisions(), root=COUNTRY)), packed)
        settings = Settings(data=folder, database_url=f"sqlite:///{folder}/zhuanjie.db", key_file=folder / "master.key")
        prepare_storage(database_url=settings.database_url, data=folder, key_file=settings.key_file)
        yield from _import(file, settings, count)
        yield from _routes(settings)


def _import(file: Path, settings: Settings, count: int) -> Iterator[Measure]:
    bare = _bare_import(file)
    seconds, peak = _timed(["organisations", "import", str(file)], settings)
    yield Measure("import", f"{count:,} organisations", seconds, "s", bare, "bare table", "<= 60")
    yield Measure("import", "organisations", count / seconds, "/s", count / bare, "bare table")
    yield Measure("import", "peak resident size", peak / _MEGABYTE, "MB", goal="<= 1000")


def _timed(arguments: list[str], settings: Settings) -> tuple[float, int]:
    """Run a command of ours; answer its wall time and its peak resident size in bytes."""
    environment = {
        **os.environ,
        "DATABASE_URL": settings.database_url,
        "ZHUANJIE_DATA": str(settings.data),
        "ZHUANJIE_KEY_FILE": str(settings.key_file),
    }
    begun = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "service.cli", *arguments], env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{arguments[0]} ended with {process.returncode}")
    return time.perf_counter() - begun, usage.ru_maxrss * 1024


def _bare_import(file: Path) -> float:
    """Read the file and store its cells in one table without any check, in one transaction."""
    begun = time.perf_counter()
    connection = sqlite3.connect(file.with_name("bare.db"), isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(f"CREATE TABLE bare ({', '.join(HEADER)})")
    connection.execute("BEGIN")
    with gzip.open(file, "rt", encoding="utf-8", newline="") as text:
        rows = csv.reader(text)
        next(rows)
        connection.executemany(f"INSERT INTO bare VALUES ({', '.join('?' * len(HEADER))})", rows)
    connection.execute("COMMIT")
    connection.close()
    return time.perf_counter() - begun


def _routes(settings: Settings) -> Iterator[Measure]:
    rules = profiles.profile("fujian")
    connection = sqlite3.connect(settings.data / "zhuanjie.db")
    codes = [code for (code,) in connection.execute("SELECT code FROM organisations WHERE org_type = 'BRANCH'")]
    questions = _questions(codes)
    naive = _level_by_level(connection, questions)
    connection.close()
    with standalone.opened(settings.database_url):
        begun = time.perf_counter()
        refused = sum(isinstance(each, Refused) for each in preview_routes(questions, profile=rules))
        together = (time.perf_counter() - begun) / len(questions)
        assert not refused
        begun = time.perf_counter()
        for question in _questions(codes, seed=8)[:SINGLE_CASES]:
            preview_route(question, profile=rules)
        single = (time.perf_counter() - begun) / SINGLE_CASES
    name = "query per level"
    yield Measure("routes", "preview, one by one", single * 1e3, "ms", naive * 1e3, name, "<= 1")
    yield Measure("routes", "previews, one by one", 1 / single, "/s", 1 / naive, name)
    yield Measure("routes", "previews, from a file", 1 / together, "/s", 1 / naive, name)


def _questions(codes: list[str], *, seed: int = 7) -> list[Question]:
    chance = random.Random(seed)
    pairs = (chance.sample(codes, 2) for _ in range(CASES))
    return [Question(origin=origin, target=target, starter=APPLICANT) for origin, target in pairs]


def _level_by_level(connection: sqlite3.Connection, questions: list[Question]) -> float:
    """Look both chains up, one query a level; no route is planned. Answers seconds per case."""
    begun = time.perf_counter()
    for question in questions:
        for code in (question.origin, question.target):
            query, wanted = "SELECT * FROM organisations WHERE code = ?", code
            while wanted is not None:
                row = connection.execute(query, (wanted,)).fetchone()
                query, wanted = "SELECT * FROM organisations WHERE id = ?", row[2]
    return (time.perf_counter() - begun) / len(questions)
