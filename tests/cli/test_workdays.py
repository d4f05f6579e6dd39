"""The commands by which the operator enters working days, and looks after what was set aside."""

from pathlib import Path

import pytest

from service.storage.deadlines import deadlines as stored_deadlines
from service.use_cases.deadlines import change_workdays
from tests.cli.conftest import Run

YEAR_2027 = "day,kind,name\n2027-01-01,holiday,元旦\n2027-01-03,working,元旦\n"


@pytest.fixture
def made(run: Run) -> Run:
    assert run("init").status == 0
    return run


def test_the_years_to_2026_are_there(made: Run) -> None:
    ran = made("workdays", "show", 2026)
    assert ran.status == 0
    assert "2026-02-14,working,春节" in ran.out.splitlines()
    assert "2026-10-07,holiday,国庆节" in ran.out.splitlines()
    assert len(ran.out.splitlines()) == 33 + 6


def test_a_year_that_is_missing_is_said_clearly(made: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = made("workdays", "show", 2027)
    assert (ran.status, ran.out) == (2, "")
    assert "2027" in ran.err
    assert "workdays import 2027" in ran.err
    monkeypatch.setattr(change_workdays, "FIRST_MONTH_TO_WARN", 1)
    monkeypatch.setattr(change_workdays, "local_date", lambda _: change_workdays.date(2026, 11, 1))
    assert made("workdays", "check").status == 2
    assert "注意 workdays: 2027" in made("doctor").out


def test_a_year_is_entered_and_replaced(made: Run, tmp_path: Path) -> None:
    file = tmp_path / "2027.csv"
    file.write_text(YEAR_2027, encoding="utf-8")
    ran = made("workdays", "import", 2027, file, "--source", "国办发明电")
    assert (ran.status, ran.err) == (0, "")
    assert made("workdays", "show", 2027).out.splitlines() == YEAR_2027.splitlines()[1:]
    file.write_text("day,kind,name\n2027-10-01,holiday,国庆节\n", encoding="utf-8")
    assert made("workdays", "import", 2027, file).status == 0
    assert made("workdays", "show", 2027).out == "2027-10-01,holiday,国庆节\n"


def test_every_bad_line_of_a_year_is_named_and_nothing_entered(made: Run, tmp_path: Path) -> None:
    file = tmp_path / "2027.csv"
    lines = ("2027-1-1,holiday,元旦", "2027-02-06,rest,春节", "2026-12-31,holiday,元旦", "2027-01-04,working,元旦")
    file.write_text(
        "\n".join(("day,kind,name", *lines, "2027-05-01,holiday,", "2027-05-01,holiday,")), encoding="utf-8"
    )
    ran = made("workdays", "import", 2027, file)
    assert ran.status == 2
    assert [line.split()[1].rstrip(":") for line in ran.err.splitlines()] == ["2", "3", "4", "5", "7"]
    assert made("workdays", "show", 2027).status == 2


def test_one_day_is_changed_and_changed_back(made: Run) -> None:
    assert made("workdays", "set", "2026-12-25", "holiday", "--name", "样例").status == 0
    assert "2026-12-25,holiday,样例" in made("workdays", "show", 2026).out
    assert made("workdays", "set", "2026-12-25", "ordinary").status == 0
    assert "2026-12-25" not in made("workdays", "show", 2026).out
    ran = made("workdays", "set", "2026-12-25", "working")
    assert ran.status == 2
    assert ran.err.startswith("E_IMPORT_FORMAT")


def test_what_was_set_aside_is_listed_and_let_go(made: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "共 0 条" in made("outbox", "dead").out
    assert "共 0 件" in made("deadlines", "parked").out
    assert made("outbox", "resend", "--all").out.startswith("0 条")
    assert made("deadlines", "release", 7).out.startswith("0 件")
    for arguments in (("outbox", "resend"), ("deadlines", "release", "--all", 7)):
        assert made(*arguments).status == 2
    monkeypatch.setattr(stored_deadlines, "count_parked", lambda: 3)
    ran = made("doctor")
    assert ran.status == 2
    assert "错误 deadlines: 3" in ran.out
