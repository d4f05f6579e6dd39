"""A second server on one SQLite file is told so; a dead one locks nobody out."""

import subprocess
import sys
from pathlib import Path

import pytest

from service.commands.server_lock import only_server
from service.domain.errors import Refused

HOLD = """
import sys, time
from pathlib import Path
from service.commands.server_lock import only_server
with only_server(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_server_is_refused_until_the_first_is_gone(tmp_path: Path) -> None:
    database = tmp_path / "zhuanjie.db"
    command = [sys.executable, "-c", HOLD, str(database)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "held\n"
        with pytest.raises(Refused) as refused, only_server(database):
            pass
        assert refused.value.code == "E_DATABASE_IN_USE"
        assert str(first.pid) in refused.value.detail_en
        first.kill()
    with only_server(database):
        pass


def test_another_name_of_the_file_is_no_way_around(tmp_path: Path) -> None:
    database, other = tmp_path / "zhuanjie.db", tmp_path / "other.db"
    database.touch()
    other.symlink_to(database)
    with only_server(database), pytest.raises(Refused) as refused, only_server(other):
        pass
    assert refused.value.code == "E_DATABASE_IN_USE"


def test_postgresql_needs_no_lock() -> None:
    with only_server(None), only_server(None):
        pass
