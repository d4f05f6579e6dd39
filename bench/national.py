"""`python -m bench national`: five million organisations and five million members on PostgreSQL.

The files are invented, imported by the commands an operator uses, and searched. The cluster is our own, on loopback;
it goes with its folder. Wall times move with whatever else the machine does, so processor times stand beside them.
"""

import os
import random
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from pathlib import Path

import psycopg

from bench.measures import Measure
from bench.national_files import write_members, write_organisations
from bench.national_searches import Sample, counts, member_pages, target_searches
from service.bootstrap import build
from service.config import Settings
from service.storage import standalone
from service.use_cases.demo.local_organisations import COUNTRY
from service.use_cases.upkeep.prepare_storage import prepare_storage
from tests.support.postgresql import running_cluster

ROWS = 5_000_000
_SETTINGS = (
    "shared_buffers=2GB", "effective_cache_size=8GB", "max_wal_size=16GB", "checkpoint_timeout=30min", "work_mem=32MB",
    "random_page_cost=1.1", "jit=off",
)  # fmt: skip
_SAMPLED = 5_000


def measure(arguments: Sequence[str] = ()) -> Iterator[Measure]:
    """All figures; `--rows` for a smaller nation."""
    parser = ArgumentParser(prog="python -m bench national")
    parser.add_argument("--rows", type=int, default=ROWS, help="organisations, and as many members")
    rows = parser.parse_args(arguments).rows
    with tempfile.TemporaryDirectory(prefix="zhuanjie-national-") as name, running_cluster(*_SETTINGS) as cluster:
        folder, url = Path(name), cluster.create("national")
        settings = Settings(data=folder, database_url=url, key_file=folder / "master.key")
        prepare_storage(database_url=url, data=folder, key_file=settings.key_file)
        yield from figures(settings, rows, group="national", goal=">= 20000")


def figures(settings: Settings, rows: int, *, group: str, goal: str) -> Iterator[Measure]:
    """All figures of an empty database: `goal` is that of the imports."""
    files = _files(settings.data, rows)
    for kind, file in files.items():
        yield from _import(kind, file, settings, rows, group=group, goal=goal)
    yield from _settle(settings.database_url, group=group)
    sample = _sample(files["organisations"], rows)
    places = [COUNTRY, *(sample.places())]
    deployment = build(settings)
    with standalone.opened(settings.database_url):
        yield from target_searches(sample, group=group, goal="<= 50")
        yield from member_pages(places, deployment, group=group, goal="<= 100")
        yield from counts(places, group=group)


def _files(folder: Path, rows: int) -> dict[str, Path]:
    files = {kind: folder / f"{kind}.csv" for kind in ("organisations", "members")}
    with files["organisations"].open("w", encoding="utf-8") as file:
        write_organisations(rows, file)
    with files["members"].open("w", encoding="utf-8") as file:
        write_members(files["organisations"], rows, file)
    print(f"{rows:,} organisations and members invented", file=sys.stderr)
    return files


def _import(kind: str, file: Path, settings: Settings, rows: int, *, group: str, goal: str) -> Iterator[Measure]:
    environment = {
        **os.environ,
        "DATABASE_URL": settings.database_url,
        "ZHUANJIE_DATA": str(settings.data),
        "ZHUANJIE_KEY_FILE": str(settings.key_file),
    }
    begun = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "service.cli", kind, "import", str(file)], env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"the import of {kind} ended with {process.returncode}")
    seconds = time.perf_counter() - begun
    yield Measure(group, f"import of {rows:,} {kind}", seconds, "s")
    yield Measure(group, f"{kind} imported", rows / seconds, "/s", goal=goal)
    yield Measure(group, f"{kind}, processor time of the command", usage.ru_utime + usage.ru_stime, "s")
    yield Measure(group, f"{kind}, peak resident size", usage.ru_maxrss * 1024 / 1e6, "MB")


def _settle(url: str, *, group: str) -> Iterator[Measure]:
    """What PostgreSQL does by itself within minutes after a load; the searches are measured after it."""
    if not url.startswith("postgresql"):
        return
    begun = time.perf_counter()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM")
    yield Measure(group, "settling after the imports, as autovacuum does", time.perf_counter() - begun, "s")


def _sample(file: Path, rows: int) -> Sample:
    """Every so manyth line at random, of the whole file."""
    chance = random.Random(6)
    codes, names = [], []
    with file.open(encoding="utf-8") as lines:
        next(lines)
        for line in lines:
            if chance.random() * rows < _SAMPLED:
                code, _, name = line.split(",")[:3]
                codes.append(code)
                names.append(name)
    return Sample(codes, names)
