"""The commands as people and scripts meet them: exit status, both languages, nothing half done."""

import json
import sqlite3
import stat
from pathlib import Path

import pytest

from service.commands import setup
from tests.cli.conftest import MEMBERS_HEADER, TREE, TREE_HEADER, Run

CASES = "case_id,origin,target,destination_kind,starter\n"


def test_init_makes_what_is_missing_and_changes_nothing_later(run: Run, tmp_path: Path) -> None:
    assert run("init").status == 0
    key = tmp_path / "var" / "keys" / "master.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    before = key.read_bytes()
    assert run("init").status == 0
    assert run("upgrade").status == 0
    assert key.read_bytes() == before


def test_commands_refuse_before_init(run: Run, tmp_path: Path) -> None:
    (tmp_path / "tree.csv").write_text(TREE_HEADER + TREE, "utf-8")
    ran = run("organisations", "import", tmp_path / "tree.csv")
    assert ran.status == 2
    assert ran.err.startswith("E_SCHEMA_VERSION 数据库结构版本与程序不符")
    assert "run: zhuanjie init" in ran.err
    assert not (tmp_path / "var" / "zhuanjie.db").exists()


def test_a_newer_database_is_refused(run: Run, tree: Path, tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / "var" / "zhuanjie.db")
    database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.commit()
    database.close()
    for command in (["upgrade"], ["organisations", "import", tree], ["serve"]):
        ran = run(*command)
        assert ran.status == 2, command
        assert "E_SCHEMA_VERSION" in ran.err
        assert "upgrade the program" in ran.err
    assert "错误 schema" in run("doctor").out


def test_an_import_is_told_and_cannot_be_repeated(run: Run, tree: Path) -> None:
    ran = run("organisations", "import", tree)
    assert ran.status == 2
    assert ran.err.splitlines()[0].startswith("E_IMPORT_NOT_EMPTY")


def test_every_bad_line_is_printed_and_nothing_entered(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "bad.csv"
    file.write_text(TREE_HEADER + TREE.replace("FIRST_LEVEL,COUNTY", "FIRST_LEVEL,X"), "utf-8")
    run("init")
    ran = run("organisations", "import", file)
    assert ran.status == 2
    assert [line.split(":")[0] for line in ran.err.splitlines()] == ["line 5", "line 8"]
    assert ran.err.startswith('line 5: field=scope value="X" E_PERM_INVALID ')
    assert "2 defects; nothing was changed" in ran.out
    file.write_text(TREE_HEADER + TREE, "utf-8")
    assert run("organisations", "import", file).status == 0


def test_only_the_first_hundred_bad_lines_are_printed(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "bad.csv"
    file.write_text(TREE_HEADER + TREE + "".join(f"b{n},P,x,,BRANCH,,,,,,,,,,\n" for n in range(150)), "utf-8")
    run("init")
    ran = run("organisations", "import", file)
    assert ran.status == 2
    assert len(ran.err.splitlines()) == 100
    assert "150 defects" in ran.out


def test_members_are_imported(run: Run, tree: Path, tmp_path: Path) -> None:
    file = tmp_path / "members.csv"
    person = "379901198501010017,张样例,MALE,FULL,A1-T1-B1,汉族,2005-07-01,2006-07-01,13900000001,ACTIVE,false\n"
    file.write_text(MEMBERS_HEADER + person.replace("10017", "10018"), "utf-8")
    ran = run("members", "import", file)
    assert ran.status == 2
    assert ran.err.startswith("line 2: field=id_number ")
    assert "E_ID_CHECKSUM" in ran.err
    file.write_text(MEMBERS_HEADER + person, "utf-8")
    ran = run("members", "import", file)
    assert (ran.status, ran.err) == (0, "")
    assert "1 members imported" in ran.out
    assert "E_MEMBER_EXISTS" in run("members", "import", file).err


def preview(run: Run, tmp_path: Path, lines: str, *, profile: str = "shandong") -> tuple[int, list[dict]]:
    cases, output = tmp_path / "cases.csv", tmp_path / "routes.jsonl"
    cases.write_text(lines, "utf-8")
    status = run("routes", "preview", "--profile", profile, "--cases", cases, "--output", output).status
    if not output.exists():
        return status, []
    body = output.read_bytes()
    assert b"\r" not in body
    assert body.endswith(b"\n")
    return status, [json.loads(line) for line in body.decode().splitlines()]


@pytest.mark.example("W-08")
def test_routes_of_a_file(run: Run, tree: Path, tmp_path: Path) -> None:
    lines = (
        "a,A1-T1-B1,A1-T2-B1,,A1-T1-B1\nb,A1-T1-B1,NOWHERE,,A1-T1-B1\n"
        "c,A1-T1-B1,A1-T1-B1,,A1-T1-B1\nd,,A1-T1-B1,,A1\ne,A1-T1-B1,,MILITARY,A1-T1-B1\n"
    )
    status, found = preview(run, tmp_path, CASES + lines)
    assert status == 0
    assert [each["case_id"] for each in found] == ["a", "b", "c", "d", "e"]
    assert [each["error"] for each in found] == [None, "E_ORG_NOT_FOUND", "E_SAME_BRANCH", None, None]
    assert list(found[0]) == ["case_id", "variety", "out_type", "hops", "error"]
    assert found[0]["variety"] == "INTRA_COUNTY"
    assert found[0]["hops"] == [
        {"org": "A1-T1-B1", "role": "START", "fill": "NORMAL"},
        {"org": "A1-T1", "role": "APPROVE", "fill": "NORMAL"},
        {"org": "A1", "role": "APPROVE", "fill": "AUTO"},
        {"org": "A1-T2", "role": "APPROVE", "fill": "NORMAL"},
        {"org": "A1-T2-B1", "role": "RECEIVE", "fill": "NORMAL"},
    ]
    assert (found[1]["variety"], found[1]["out_type"], found[1]["hops"]) == (None, None, [])
    assert (found[3]["variety"], found[3]["out_type"]) == ("INCOMING", None)
    assert found[4]["out_type"] == "MILITARY"


def test_the_profile_counts_for_the_command(run: Run, tree: Path, tmp_path: Path) -> None:
    _, found = preview(run, tmp_path, f"{CASES}a,A1-T1-B1,A1-T1-B2,,applicant\n", profile="fujian")
    assert found[0]["hops"][0] == {"org": None, "role": "APPLY", "fill": "NORMAL"}
    _, refused = preview(run, tmp_path, f"{CASES}a,A1-T1-B1,A1-T1-B2,,applicant\n", profile="national")
    assert refused[0]["error"] == "E_START_NOT_ALLOWED"


@pytest.mark.parametrize(
    "lines",
    ["case_id,origin\n1,A\n", f"{CASES}1,A1-T1-B1,A1,MOON,A1\n", f"{CASES}1,A1,A1,,A1\n1,A1,A1,,A1\n"],
)
def test_a_bad_file_of_cases_writes_nothing(run: Run, tree: Path, tmp_path: Path, lines: str) -> None:
    assert preview(run, tmp_path, lines) == (2, [])


def test_an_unknown_profile_names_itself(run: Run, tree: Path, tmp_path: Path) -> None:
    assert preview(run, tmp_path, CASES, profile="nobody") == (2, [])


def test_a_file_of_no_cases_gives_a_file_of_no_routes(run: Run, tree: Path, tmp_path: Path) -> None:
    (tmp_path / "cases.csv").write_text(CASES)
    arguments = ("--cases", tmp_path / "cases.csv", "--output", tmp_path / "routes.jsonl")
    assert run("routes", "preview", "--profile", "default", *arguments).status == 0
    assert (tmp_path / "routes.jsonl").read_bytes() == b""


def test_doctor_says_what_is_wrong(run: Run, tree: Path, tmp_path: Path) -> None:
    ran = run("doctor")
    assert (ran.status, "错误" in ran.out) == (0, False)
    (tmp_path / "var" / "keys" / "master.key").chmod(0o644)
    ran = run("doctor")
    assert ran.status == 2
    assert "错误 key" in ran.out
    assert "600" in ran.out


@pytest.mark.requirement("R-036")
def test_doctor_warns_where_nobody_could_show_a_certificate(
    run: Run, tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHUANJIE_PROFILE", "beijing-cuc")
    ran = run("doctor")
    line = next(each for each in ran.out.splitlines() if "certificates" in each)
    assert line.startswith("注意 certificates")
    names = ("primary_committee", "ZHUANJIE_CERTIFICATE_ISSUERS", "ZHUANJIE_CERTIFICATE_HEADER", "ZHUANJIE_PROXIES")
    assert all(name in line for name in names)
    issuers = tmp_path / "issuers.pem"
    issuers.write_text("nothing")
    monkeypatch.setenv("ZHUANJIE_CERTIFICATE_ISSUERS", str(issuers))
    monkeypatch.setenv("ZHUANJIE_CERTIFICATE_HEADER", "X-SSL-Client-Cert")
    monkeypatch.setenv("ZHUANJIE_PROXIES", "1")
    assert (run("doctor").status, "错误 certificates" in run("doctor").out) == (2, True)
    monkeypatch.setenv("ZHUANJIE_CERTIFICATES", "off")
    assert "注意 certificates" in run("doctor").out
    monkeypatch.setenv("ZHUANJIE_PROFILE", "default")
    assert "ok   certificates" in run("doctor").out


def test_doctor_before_init(run: Run) -> None:
    ran = run("doctor")
    assert ran.status == 2
    assert "zhuanjie init" in ran.out


def test_a_database_that_cannot_be_reached(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebody:secret@127.0.0.1:1/nothing")
    ran = run("init")
    assert ran.status == 2
    assert ran.err.startswith("E_SETTING_INVALID")
    assert "secret" not in ran.err
    assert "错误 database" in run("doctor").out


def test_a_file_that_is_no_database(run: Run, tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "zhuanjie.db").write_text("not a database, but long enough to be looked at " * 50)
    for word in ("init", "serve"):
        ran = run(word)
        assert (ran.status, ran.err[:17]) == (2, "E_SETTING_INVALID")


def test_definitions_agree(run: Run) -> None:
    ran = run("definitions", "check")
    assert ran.status == 0
    assert "diagram transfer_internal: ok" in ran.out


def test_a_bad_setting_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHUANJIE_PORT", "eight")
    ran = run("init")
    assert ran.status == 2
    assert "ZHUANJIE_PORT='eight'" in ran.err


def test_a_fault_hides_what_was_read_but_not_where_it_happened(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    read = "379901-19850101-0017"

    def broken(**_: object) -> None:
        raise RuntimeError(read)

    monkeypatch.setattr(setup, "prepare_storage", broken)
    ran = run("init")
    assert ran.status == 1
    assert "request_id" in ran.err
    assert "test_commands.py" in ran.err
    assert read not in ran.err


def test_a_full_disk_is_a_refusal(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(setup, "prepare_storage", full)
    ran = run("init")
    assert (ran.status, ran.err[:14]) == (2, "E_STORAGE_FULL")


def test_an_unknown_option_is_told(run: Run) -> None:
    assert run("serve", "--nonsense").status == 2
    assert run("nonsense").status == 2


def test_help_names_every_command(run: Run) -> None:
    out = run("--help").out
    for name in ("init", "serve", "worker", "demo", "doctor", "run", "organisations", "members", "routes", "upgrade"):
        assert f"\n  {name} " in out
