"""`zhuanjie history replay`: whoever operates the service can prove that history explains it."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.commands.context import within
from service.config import from_environment
from service.domain.accounts.actors import Actor
from service.domain.accounts.roles import Role
from service.domain.applying.choosing import Chosen
from service.storage.db import reading, transaction
from service.storage.organisations import organisations
from service.use_cases.accounts.open_account import open_account
from service.use_cases.transfers.submit_transfer import submit_transfer
from service.use_cases.upkeep.keep_definitions import keep_definitions
from tests.cli.conftest import MEMBERS_HEADER, Run
from tests.use_cases.walker import FORM

NOW = datetime(2025, 3, 10, 1, 0, tzinfo=UTC)
NUMBERS = ("379901198501010017", "379901199002150028")


@pytest.fixture
def two_transfers(run: Run, tree: Path, tmp_path: Path) -> Path:
    """Two transfers under way; answers the database file."""
    file = tmp_path / "members.csv"
    lines = [f"{number},张样例,,FULL,A1-T1-B1,汉族,2005-07-01,2006-07-01,13900000001,,false\n" for number in NUMBERS]
    file.write_text(MEMBERS_HEADER + "".join(lines), "utf-8")
    assert run("members", "import", file).status == 0
    with within(from_environment()) as deployment:
        with transaction():
            keep_definitions(deployment, now=NOW)
            account = open_account("branch", name="管理员", password=None, deployment=deployment)
        with reading():
            org = organisations.chain("A1-T1-B1")[0]
        actor = Actor(account, "管理员", Role.BRANCH_ADMIN, org)
        for number in NUMBERS:
            chosen = Chosen(name="张样例", id_number=number)
            given = {"actor": actor, "chosen": chosen, "key": number, "now": NOW, "deployment": deployment}
            submit_transfer({**FORM, "target": "A1-T2-B1"}, **given)
    return tmp_path / "var" / "zhuanjie.db"


@pytest.mark.requirement("R-215")
def test_all_transfers_are_replayed(run: Run, two_transfers: Path) -> None:
    assert run("history", "replay", "--all") == (
        0,
        "已回放 2 件、2 步，0 件不符 / 2 transfers, 2 steps, 0 differ\n",
        "",
    )
    assert run("history", "replay", "--all", "--functions").status == 0
    assert "1 transfers, 1 steps, 0 differ" in run("history", "replay", "2").out


@pytest.mark.requirement("R-214")
def test_what_history_does_not_explain_is_told(run: Run, two_transfers: Path) -> None:
    with sqlite3.connect(two_transfers) as database:
        database.execute("UPDATE transfers SET step = 'close' WHERE id = 2")
    database.close()
    ran = run("history", "replay", "--all")
    assert ran.status == 2
    assert "2: event " in ran.out
    assert "open task: expected close" in ran.out
    assert ran.out.endswith("2 transfers, 2 steps, 1 differ\n")
    assert run("history", "replay", "1").status == 0


@pytest.mark.requirement("R-214")
def test_a_forged_entry_of_the_audit_log_is_told(run: Run, two_transfers: Path) -> None:
    with sqlite3.connect(two_transfers) as database:
        database.execute("DROP TRIGGER audit_events_refuse_update")
        assert database.execute("UPDATE audit_events SET action = 'forged' WHERE seq = 1").rowcount == 1
    database.close()
    ran = run("history", "replay", "--all")
    assert (ran.status, ran.out.splitlines()[-1]) == (
        2,
        "操作日志自第 1 条起不符 / the audit log differs from entry 1 on",
    )
    assert run("history", "replay", "1").status == 0


def test_what_to_replay_must_be_said(run: Run, two_transfers: Path) -> None:
    for words in ([], ["1", "--all"], ["0"], ["x"]):
        ran = run("history", "replay", *words)
        assert (ran.status, ran.out) == (2, "")
    ran = run("history", "replay", "77")
    assert ran.status == 2
    assert ran.err.startswith("E_NOT_FOUND")
