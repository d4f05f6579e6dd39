"""Declarations of script functions, the registry per process, and the command that checks the shipped diagrams."""

from typing import Any

import pytest

import scripts
from service.definitions import __main__ as check
from service.domain.transfers.functions import Function, Outcome, declare


def test_a_declaration_says_all():
    @declare(gives={"step": str}, effects=(int,))
    def find(context: Any, *, text: str, limit: int | None = None) -> Outcome:
        return Outcome({"step": f"{context}{text}{limit}"}, (1,))

    assert isinstance(find, Function)
    assert (find.name, dict(find.gives), find.effects) == ("find", {"step": str}, (int,))
    assert dict(find.takes) == {"text": str, "limit": int | None}
    assert find.needs == {"text"}
    assert find("a", text="b").facts == {"step": "abNone"}


@pytest.mark.parametrize("gives", [{"step": list}, {"step": float}, {"step": str | bytes}])
def test_facts_are_scalars(gives):
    with pytest.raises(TypeError):

        @declare(gives=gives)
        def find(context: Any) -> Outcome:
            return Outcome()


def test_a_process_falls_back_to_common():
    common = scripts.functions("no_such_process")
    assert {"plan_route", "resolve_next_organisation", "finish"} <= set(common)
    assert set(common) <= set(scripts.functions("transfer_intra_county"))
    with pytest.raises(TypeError):
        common["other"] = None


@pytest.mark.parametrize("name", ["../common", "os", "common.x", "", "_x", "service.domain", "甲"])
def test_a_process_id_reaches_no_other_module(name):
    assert scripts.functions(name) == scripts.functions("no_such_process")


def test_the_check_of_shipped_diagrams(capsys, monkeypatch):
    assert check.main() == 0
    assert capsys.readouterr().out.count(": ok, ") == 5
    monkeypatch.setattr(scripts, "functions", lambda _: {})
    assert check.main() == 1
    assert "plan_route: 没有名为 plan_route 的函数 / there is no function named plan_route" in capsys.readouterr().out
