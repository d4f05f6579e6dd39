"""A disk that fills up under running transfers: what does not fit is refused, nothing acknowledged is lost.

A real file system of 64 MB in memory where this machine lets us mount one, else a limit on the size of files; which of
the two it was is printed and kept as a property of the test. The limit is tried in any case.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from service.storage import migrate
from tests.architecture.sources import ROOT
from tests.killed.filling import look
from tests.support.applications import storing
from tests.support.postgresql import cluster_in

SIZE = "64m"
GROWTH_BYTES = 4_000_000
AS_IT_SHOULD_BE = {
    "lost": {}, "besides": 0, "changes_missing": 0, "events_are_changes": True, "chains_hold": True, "sound": True,
}  # fmt: skip


@pytest.fixture
def small_disk() -> Iterator[Path | None]:
    """A mounted file system of 64 MB, or None where mounting is not permitted."""
    # Not among the folders of the tests: those are closed to the user that PostgreSQL runs as.
    folder = Path(tempfile.mkdtemp(prefix="zhuanjie-disk-"))
    folder.chmod(0o755)
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        mounted = False
    try:
        yield folder if mounted else None
    finally:
        if mounted:
            subprocess.run(["umount", str(folder)], check=True)
        shutil.rmtree(folder)


def test_a_disk_of_64_megabytes_fills_up(
    small_disk: Path | None, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    way = f"a tmpfs of {SIZE}" if small_disk else "NO MOUNT PERMITTED: a limit on the size of files instead"
    record_property("full disk", way)
    print(f"full disk: {way}")  # noqa: T201 - whoever reads the log shall know
    folder = small_disk or tmp_path
    found = fill(folder, limit=0 if small_disk else GROWTH_BYTES)
    judge(found)


def test_files_that_may_not_grow(tmp_path: Path) -> None:
    judge(fill(tmp_path, limit=GROWTH_BYTES))


@pytest.mark.slow
def test_postgresql_on_a_disk_of_64_megabytes(small_disk: Path | None) -> None:
    # Without a mount there is no small disk for a server of its own; the limit above has tried SQLite.
    assert small_disk is not None, "this machine does not permit a mount: PostgreSQL on a full disk was not tried"
    serve = cluster_in(small_disk)
    with serve() as cluster:
        url = cluster.create("full")
        migrate.upgrade(url)
        told = run(url, small_disk / "ballast", limit=0)
    assert told["changes"] >= 10, "it was full before it began"
    (small_disk / "ballast").unlink()
    with serve() as cluster, storing(cluster.url("full")):
        versions = {int(key): version for key, version in told["versions"].items()}
        found = look(versions, told["changes"])
    # What was under way when the server went down may have been stored without anybody being told.
    assert found["besides"] in (0, 1)
    assert {**found, "besides": 0} == AS_IT_SHOULD_BE


def fill(folder: Path, *, limit: int) -> dict:
    url = f"sqlite:///{folder / 'zhuanjie.db'}"
    migrate.upgrade(url)
    return run(url, folder / "ballast", limit=limit)


def run(url: str, ballast: Path, *, limit: int) -> dict:
    words = [url, str(ballast), str(limit)]
    done = subprocess.run(
        [sys.executable, "-m", "tests.killed.filling", *words],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=500,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    return dict(json.loads(done.stdout))


def judge(found: dict) -> None:
    assert found["acknowledged"] >= 10, "it was full before it began"
    assert set(found["refused"]) == {"E_STORAGE_FULL"}
    assert found["full"] == AS_IT_SHOULD_BE
    assert found["went_on"] == 10, "there is room again and nothing needs to be repaired"
    assert found["afterwards"] == AS_IT_SHOULD_BE
