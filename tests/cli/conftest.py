"""Runs commands in this process: arguments in, exit status and what was said out."""

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from service.cli import commands, guarded

TREE = """\
P,,中共云东省委员会,云东省委,LOCAL_COMMITTEE,,PROVINCIAL_COMMITTEE,NATIONAL,,,,,,,
CA,P,中共青石市委员会,青石市委,LOCAL_COMMITTEE,,CITY_COMMITTEE,NATIONAL,,,,,,,
A1,CA,中共东岭县委员会,东岭县委,LOCAL_COMMITTEE,,COUNTY_COMMITTEE,NATIONAL,,true,,,,,
A1-T1,A1,柳溪镇党委,柳溪镇党委,PRIMARY_COMMITTEE,TOWNSHIP,FIRST_LEVEL,COUNTY,,,,,,,
A1-T1-B1,A1-T1,柳溪村党支部,,BRANCH,,BELOW_FIRST,NONE,,,,,,,
A1-T1-B2,A1-T1,桥头村党支部,,BRANCH,,BELOW_FIRST,NONE,,,,,,,
A1-T2,A1,白塔乡党委,白塔乡党委,PRIMARY_COMMITTEE,TOWNSHIP,FIRST_LEVEL,COUNTY,,,,,,,
A1-T2-B1,A1-T2,白塔村党支部,,BRANCH,,BELOW_FIRST,NONE,,,,,,,
"""
TREE_HEADER = (
    "code,parent_code,name,short_name,org_type,unit_kind,authority_level,scope,can_transfer,auto_approve_children,"
    "is_functional,letter_heading,contact,telephone,status\n"
)
MEMBERS_HEADER = "id_number,name,sex,kind,branch_code,ethnicity,joined_on,full_on,mobile,status,is_graduate\n"


class Ran(NamedTuple):
    """Exit status, standard output, standard error."""

    status: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command with a data folder of its own."""
    for name in ("DATABASE_URL", "ZHUANJIE_PROFILE", "ZHUANJIE_KEY_FILE", "ZHUANJIE_PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ZHUANJIE_DATA", str(tmp_path / "var"))

    def ran(*arguments: object) -> Ran:
        words = [str(each) for each in arguments]
        status = guarded(lambda: commands(args=words, prog_name="zhuanjie", standalone_mode=False))
        said = capsys.readouterr()
        return Ran(status, said.out, said.err)

    return ran


@pytest.fixture
def tree(run: Run, tmp_path: Path) -> Path:
    """A database that holds the small tree above; answers the file it came from."""
    file = tmp_path / "tree.csv.gz"
    file.write_bytes(gzip.compress((TREE_HEADER + TREE).encode()))
    assert run("init").status == 0
    ran = run("organisations", "import", file)
    assert (ran.status, ran.err) == (0, "")
    return file
