"""A long file is prepared by several processes; what comes of it is what one would have made of it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest

from service.definitions import profiles
from service.domain.members.identity_numbers import check_character
from service.storage.db import reading
from service.storage.members import members
from service.storage.organisations import organisations
from service.storage.vault import Vault, make_key_file, open_vault
from service.use_cases.imports import member_lines, organisation_lines
from service.use_cases.imports.defects import ImportReport
from service.use_cases.imports.spreading import prepared
from service.use_cases.members.import_members import import_members
from service.use_cases.organisations.import_organisations import import_organisations
from tests.support.applications import storing

NOW = datetime(2025, 3, 10, 1, 0, tzinfo=UTC)
LONG = 26_000
"""More lines than are prepared by the process that stores."""
ROOT = "R,,中共样例县委员会,样例县委,LOCAL_COMMITTEE,,COUNTY_COMMITTEE,NATIONAL,,,,,,,"


@pytest.fixture
def empty(migrated_url: str) -> Iterator[None]:
    with storing(migrated_url):
        yield


def _process(number: int) -> tuple[int, int]:
    if number < 0:
        raise ValueError(number)
    return number, os.getpid()


def test_what_several_make_comes_in_the_order_of_the_chunks() -> None:
    made = list(prepared(_process, range(40), processes=2))
    assert [number for number, _ in made] == list(range(40))
    assert {process for _, process in made[:4]} == {os.getpid()}
    assert os.getpid() not in {process for _, process in made[4:]}


def test_one_processor_prepares_all_by_itself() -> None:
    assert {process for _, process in prepared(_process, range(40), processes=0)} == {os.getpid()}


def test_what_fails_elsewhere_fails_here() -> None:
    with pytest.raises(ValueError, match="-1"):
        list(prepared(_process, [*range(20), -1, *range(20)], processes=2))


def test_keys_go_to_no_other_process(tmp_path: Path) -> None:
    file = tmp_path / "master.key"
    make_key_file(file)
    written = open_vault(file).__reduce__()
    assert written[1] == (file,)
    with pytest.raises(TypeError):
        Vault(bytes(32)).__reduce__()


def test_who_prepares_goes_when_the_one_that_stores_is_killed() -> None:
    text = (
        "import time, sys\n"
        "from tests.use_cases.test_spreading import _process\n"
        "from service.use_cases.imports.spreading import prepared\n"
        "if __name__ == '__main__':\n"
        "    made = prepared(_process, range(100_000_000), processes=2)\n"
        "    [next(made) for _ in range(5)]\n"
        "    print(next(made)[1], flush=True)\n"
        "    time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", text], stdout=subprocess.PIPE, text=True) as storing_one:
        assert storing_one.stdout is not None
        preparing = int(storing_one.stdout.readline())
        os.kill(storing_one.pid, signal.SIGKILL)
    until = time.monotonic() + 30
    while _lives(preparing):
        assert time.monotonic() < until, "it outlived the one it worked for"
        time.sleep(0.05)


def _lives(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.mark.usefixtures("empty")
@pytest.mark.requirement("R-041")
def test_a_long_tree_and_its_members_become_the_same_as_by_one(tmp_path: Path) -> None:
    tree = [ROOT, *(f'B{number},{_above(number)},"支部\\\\{number}",,BRANCH,,,,,,,,,,' for number in range(LONG))]
    bring = partial(import_organisations, profile=profiles.profile("default"), now=NOW, processes=2)
    assert bring(_text(organisation_lines.HEADER, tree)) == ImportReport(LONG + 1)
    with reading():
        found = organisations.chain(f"B{LONG - 1}")
    assert [org.code for org in found] == [f"B{LONG - 1}", f"B{LONG - 2}", "R"]
    assert found[0].name == f"支部\\\\{LONG - 1}"

    make_key_file(tmp_path / "master.key")
    deployment = SimpleNamespace(vault=open_vault(tmp_path / "master.key"))
    people = [_person(number) for number in range(LONG)]
    report = import_members(
        _text(member_lines.HEADER, people),
        deployment=deployment,
        now=NOW,
        processes=2,  # type: ignore[arg-type]
    )
    assert report == ImportReport(LONG)
    with reading():
        assert members.count() == LONG
        (last,) = members.by_id_number(_number(LONG - 1), deployment.vault)
    assert (last.member.name, last.member.mobile, last.branch_code) == ("李样例", "13900025999", f"B{LONG - 1}")


@pytest.mark.usefixtures("empty")
@pytest.mark.requirement("R-041")
def test_every_line_at_fault_of_a_long_file_is_named_in_its_order(tmp_path: Path) -> None:
    bad = {3, 4_000, 21_000, 25_900}
    tree = [ROOT, *(f"B{number},R,支部,,{'FOREST' if number in bad else 'BRANCH'},,,,,,,,,," for number in range(LONG))]
    bring = partial(import_organisations, profile=profiles.profile("default"), now=NOW, processes=2)
    report = bring(_text(organisation_lines.HEADER, tree))
    assert [each.line for each in report.defects] == [number + 3 for number in sorted(bad)]
    with reading():
        assert organisations.count() == 0
    assert bring(_text(organisation_lines.HEADER, tree[:3])) == ImportReport(3)

    make_key_file(tmp_path / "master.key")
    people = [_person(number % 25_000, branch="B0" if number != 21_000 else "NONE") for number in range(LONG)]
    report = import_members(
        _text(member_lines.HEADER, people),
        deployment=SimpleNamespace(vault=open_vault(tmp_path / "master.key")),  # type: ignore[arg-type]
        now=NOW,
        processes=2,
    )
    assert (report.imported, report.found) == (0, 1_001)
    assert [(each.line, each.code) for each in report.defects[:2]] == [
        (21_002, "E_ORG_NOT_FOUND"),
        (25_002, "E_MEMBER_EXISTS"),
    ]
    assert "stands on line 2 already" in report.defects[1].reason


def _text(header: tuple[str, ...], lines: list[str]) -> Iterator[str]:
    return (f"{line}\n" for line in [",".join(header), *lines])


def _above(number: int) -> str:
    return f"B{number - 1}" if number % 2 else "R"


def _number(number: int) -> str:
    body = f"99990{number // 2_000 + 1:01d}" if number < 18_000 else f"9999{number // 2_000 + 1}"
    body += f"1980{number // 2_000 % 12 + 1:02d}{number % 2_000 // 100 + 1:02d}{number % 100:03d}"
    return body + check_character(body)


def _person(number: int, *, branch: str = "") -> str:
    return f"{_number(number)},李样例,,FULL,{branch or f'B{number}'},汉族,2006-07-01,2007-07-01,139{number:08d},ACTIVE,"
