"""The wheel carries everything the service reads, nothing else, and works outside the checkout."""

import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from tests.architecture import sources

DATA_FOLDERS = (
    *("bpmn", "forms", "letter_templates", "profiles", "data"),
    *("service/web/templates", "service/web/static", "service/storage/migrations"),
)
UNSHIPPED = ("tests", "bench", "tools", "docs", "var", ".venv", ".cache")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of what is tracked: what only this machine has must not help."""
    folder = tmp_path_factory.mktemp("wheel")
    listed = subprocess.run(["git", "ls-files"], cwd=sources.ROOT, capture_output=True, text=True, check=True)
    for name in listed.stdout.splitlines():
        if (sources.ROOT / name).is_file():
            (folder / "copy" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(sources.ROOT / name, folder / "copy" / name)
    command = [sys.executable, "-m", "build", "--wheel", "--outdir", str(folder / "dist"), str(folder / "copy")]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return next((folder / "dist").glob("*.whl"))


def test_the_wheel_carries_every_file_that_the_service_reads(wheel: Path) -> None:
    carried = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        path.relative_to(sources.ROOT).as_posix()
        for folder in DATA_FOLDERS
        for path in (sources.ROOT / folder).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    wanted |= {str(module) for module in sources.modules(*sources.SHIPPED)}
    assert wanted - carried == set()


def test_the_wheel_carries_neither_tests_nor_tools(wheel: Path) -> None:
    folders = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert folders & set(UNSHIPPED) == set()


def test_the_installed_wheel_makes_a_database_outside_the_checkout(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=True)
    programs = tmp_path / "venv/bin"
    constraints = sources.ROOT / "constraints.txt"
    _run(str(programs / "pip"), "install", "-qq", "--constraint", str(constraints), str(wheel), folder=tmp_path)
    _run(str(programs / "zhuanjie"), "init", folder=tmp_path)
    assert list((tmp_path / "data").glob("*.db"))


def _run(*command: str, folder: Path) -> None:
    hidden = ("PYTHONPATH", "VIRTUAL_ENV", "DATABASE_URL")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    environment["ZHUANJIE_DATA"] = str(folder / "data")
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
