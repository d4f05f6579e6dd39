"""A disk that fills up under running transfers: what does not fit is refused, nothing acknowledged is lost.

A real file system of 64 MB in memory where this machine lets us mount one, else a limit on the size of files; which of
the two it was is printed and kept as a property of the test. The limit is tried in any case.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from service.storage import migrate
from tests.architecture.sources import ROOT

SIZE = "64m"
GROWTH_BYTES = 4_000_000
AS_IT_SHOULD_BE = {
    "lost": {}, "too_many": [], "changes_missing": 0, "events_are_changes": True, "chains_hold": True, "sound": True,
}  # fmt: skip


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path | None]:
    """A mounted file system of 64 MB, or None where mounting is not permitted."""
    folder = tmp_path / "disk"
    folder.mkdir()
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


def fill(folder: Path, *, limit: int) -> dict:
    url = f"sqlite:///{folder / 'zhuanjie.db'}"
    migrate.upgrade(url)
    words = [url, str(folder / "ballast"), str(limit)]
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
