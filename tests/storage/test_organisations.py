"""Chains and subtrees of the tree, and what a process remembers of it."""

import threading
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask import Flask

from service.domain.errors import Refused
from service.storage.db import execute, reading, transaction
from service.storage.organisations import organisations
from service.storage.organisations.organisations import chain, chains, inside, segment, table, tree_changed
from tests.storage.conftest import organisation_row
from tests.support.statements import noting


def codes(found: object) -> list[str]:
    return [org.code for org in found]


def add(org_id: int, code: str, parent_id: int, path: str, **values: object) -> None:
    execute(table.insert().values(**organisation_row(org_id, code, parent_id, path + segment(org_id), **values)))


def test_a_chain_leads_up_to_the_root(world: SimpleNamespace) -> None:
    with reading():
        assert codes(chain("A")) == ["A", "R"]
        assert codes(chain("R")) == ["R"]
        assert chain("?") == ()


def test_many_chains_at_once_name_only_what_exists(world: SimpleNamespace) -> None:
    with transaction():
        for number in range(10, 22):
            add(number, f"C{number}", 2, segment(1) + segment(2))
        tree_changed()
    wanted = ["A", "?", *(f"C{number}" for number in range(10, 22)), "A"]
    with reading():
        found = chains(wanted)
    assert set(found) == set(wanted) - {"?"}
    assert codes(found["C21"]) == ["C21", "A", "R"]


def test_a_changed_tree_is_noticed_by_every_process(world: SimpleNamespace) -> None:
    with reading():
        assert chain("B")[0].name == "中共B委员会"
    with transaction():
        execute(sa.update(table).where(table.c.code == "B").values(name="乙支部"))
        tree_changed()
        assert chain("B")[0].name == "乙支部"
    with reading():
        assert chain("B")[0].name == "乙支部"


def test_a_change_that_was_undone_is_not_remembered(world: SimpleNamespace) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        execute(sa.update(table).where(table.c.code == "B").values(name="未成"))
        tree_changed()
        assert chain("B")[0].name == "未成"
        raise ZeroDivisionError
    with transaction():
        execute(sa.update(table).where(table.c.code == "A").values(name="甲"))
        tree_changed()
    with reading():
        assert chain("B")[0].name == "中共B委员会"


def test_a_warm_chain_costs_one_small_query(world: SimpleNamespace) -> None:
    with reading():
        chains(["A", "B"])
    with noting(organisations.db.engine) as statements, reading():
        chains(["A", "B"])
        organisations.has_cities()
        chains(["B"])
    assert len([text for text in statements if "SELECT" in text]) == 1


def test_whether_there_are_cities_follows_the_tree(world: SimpleNamespace) -> None:
    with reading():
        assert organisations.has_cities()
    with transaction():
        execute(sa.update(table).values(authority_level=None))
        tree_changed()
    with reading():
        assert not organisations.has_cities()


# Siblings whose numbers begin alike, and the smallest and the largest number a path can hold.
NUMBERS = (1, 2, 20, 200, 3, 30, 999_999_999)


@pytest.fixture
def crowd(app: Flask) -> list[str]:
    paths = {0: ""}
    with transaction():
        for order, number in enumerate(NUMBERS):
            parent = NUMBERS[(order - 1) // 2] if order else None
            paths[number] = paths[parent or 0] + segment(number)
            execute(table.insert().values(**organisation_row(number, f"N{number}", parent, paths[number])))
        tree_changed()
    return [path for path in paths.values() if path]


@pytest.mark.parametrize("order", range(len(NUMBERS)))
def test_a_subtree_is_a_range_of_paths(crowd: list[str], order: int) -> None:
    path = crowd[order]
    with reading():
        found = set(execute(sa.select(table.c.path).where(inside(path))).scalars())
    assert found == {each for each in crowd if each.startswith(path)}


def test_a_range_that_keeps_the_slash_would_miss_the_subordinates(crowd: list[str]) -> None:
    # Why `inside` cuts the last '/' (docs/decisions/0005-subtree-range.md).
    path = crowd[0]
    literal = sa.and_(table.c.path >= path, table.c.path < path + "0")
    with reading():
        every = execute(sa.select(sa.func.count()).where(inside(path))).scalar_one()
        kept = execute(sa.select(sa.func.count()).where(literal)).scalar_one()
    assert (every, kept) == (len(NUMBERS), 1)


@pytest.mark.requirement("R-204")
@pytest.mark.parametrize("column", ["status", "path"])
def test_who_looked_at_an_organisation_that_is_gone_meanwhile_is_told(
    world: SimpleNamespace, database_kind: str, column: str
) -> None:
    if database_kind == "sqlite":
        return  # two changes at once there are none
    new = {"status": "DISSOLVED", "path": segment(1) + segment(3) + segment(2)}[column]

    def change() -> None:
        with world.app.app_context(), transaction():
            execute(sa.update(table).where(table.c.code == "A").values(**{column: new}))
            tree_changed()

    def look(code: str) -> None:
        looked_at = [chain(code)]
        organisations.require_unchanged(looked_at)
        thread = threading.Thread(target=change)
        thread.start()
        thread.join()
        organisations.require_unchanged(looked_at)

    with pytest.raises(Refused, match="E_STALE"), transaction():
        look("A")
    with transaction():
        look("R")
