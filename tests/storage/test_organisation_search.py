"""Organisations are found by an index: any two characters of a name, three first letters, the whole code (R-010)."""

from collections.abc import Sequence
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from service.domain import search_texts
from service.storage.db import execute, is_sqlite, reading, transaction
from service.storage.organisations import organisation_load, organisation_search, organisations
from service.storage.organisations.organisations import segment, table
from tests.storage.conftest import organisation_row

NAMES = {
    "H1": ("柳溪镇党委", ""),
    "H2": ("柳溪村党支部", "柳溪支部"),
    "H3": ("重庆路小学第116党支部", "重小支部"),
    "H4": ("𠮷祥社区党总支", ""),
    "H5": ("喀什·买买提 社区（北）支部", ""),
    "H6": ("ABC科技有限公司党支部", "ABC"),
}


@pytest.fixture
def named(world: SimpleNamespace) -> SimpleNamespace:
    with transaction():
        add(8, "X1", name="柳溪撤销党支部", status="DISSOLVED")
        add(9, "X2", name="柳溪未知党组织", org_type="HOLDING_UNKNOWN")
        for number, (code, (name, short_name)) in enumerate(NAMES.items(), start=10):
            add(number, code, name=name, short_name=short_name)
    return world


def add(org_id: int, code: str, **values: object) -> None:
    row = organisation_row(org_id, code, 1, segment(1) + segment(org_id), **{"short_name": "", **values})
    execute(table.insert().values(**row))
    organisation_search.refresh(org_id, row)


def found(text: str, limit: int = 10) -> Sequence[str]:
    with reading():
        return [org.code for org in organisations.search(text, limit=limit)]


@pytest.mark.requirement("R-010")
@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("柳溪", ["H1", "H2"]),
        ("溪村", ["H2"]),
        ("村党支", ["H2"]),
        ("柳溪支部", ["H2"]),
        ("lxz", ["H1", "H2"]),
        ("lxzd", ["H1"]),
        ("LXC", ["H2"]),
        ("cql", ["H3"]),
        ("lx", ["H1", "H2"]),
        ("xc", []),
        ("116", ["H3"]),
        ("第116", ["H3"]),
        ("𠮷祥", ["H4"]),
        ("喀什买买提", ["H5"]),
        ("社区 (北)", ["H5"]),
        ("ａｂｃ科技", ["H6"]),
        ("abc", ["H6"]),
        ("没有这样", []),
        ("H4", ["H4"]),
        ("柳", []),
        ("", []),
        ("%_", []),
        ("' OR 1=1 --", []),
    ],
)
def test_what_is_found_by_what(named: SimpleNamespace, text: str, codes: list[str]) -> None:
    assert found(text) == codes


@pytest.mark.requirement("R-009")
@pytest.mark.requirement("R-010")
def test_neither_the_dissolved_nor_holding_nodes_are_found(named: SimpleNamespace) -> None:
    assert {"X1", "X2"} & {*found("柳溪"), *found("X1"), *found("X2")} == set()


def test_they_do_not_crowd_out_those_that_are(named: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(organisation_search, "LOOKED_AT", 2)
    assert set(found("柳溪")) == {"H1", "H2"}


def test_of_those_that_fit_the_shortest_come_first(named: SimpleNamespace) -> None:
    assert found("支部")[0] == "H2"
    assert len(found("支部", limit=2)) == 2


def test_who_is_called_otherwise_is_found_otherwise(named: SimpleNamespace) -> None:
    with transaction():
        organisation_search.refresh(11, organisation_row(11, "H2", 1, "", name="枫林村党支部", short_name=""))
        execute(sa.update(table).where(table.c.code == "H2").values(name="枫林村党支部"))
    assert (found("柳溪村"), found("枫林"), found("flc")) == ([], ["H2"], ["H2"])


@pytest.mark.requirement("R-010")
def test_an_import_is_searchable_at_once(world: SimpleNamespace) -> None:
    with transaction():
        execute(sa.delete(table).where(table.c.parent_id.is_not(None)))
        execute(sa.delete(table))
        organisation_load.begin()
        values = organisation_row(0, "", None, "", name="", authority_level=None, short_name="", letter_heading="")
        paths = organisation_load.Paths()
        rows = []
        for key, name in enumerate(["云东省委", "柳溪镇党委", "柳溪村党支部"], start=1):
            parent = 1 if key > 1 else None
            new = {**values, "contact": "", "telephone": "", "name": name}
            rows.append(organisation_load.NewOrganisation(key, parent, paths.add(parent), f"N{key}", new))
        organisation_load.load(organisation_load.packed(rows, for_sqlite=is_sqlite()))
        organisation_load.finish()
    assert found("柳溪") == ["N2", "N3"]
    assert found("lxc") == ["N3"]


def test_the_search_asks_an_index(named: SimpleNamespace) -> None:
    """With ten organisations PostgreSQL would read them all; it is told not to, and has an index to take."""
    query = organisation_search.matching("柳溪镇")
    assert query is not None
    with transaction():
        if not is_sqlite():
            execute(sa.text("SET LOCAL enable_seqscan = off"))
        explained = "EXPLAIN " if not is_sqlite() else "EXPLAIN QUERY PLAN "
        compiled = query.compile(dialect=_dialect(), compile_kwargs={"literal_binds": True})
        plan = " ".join(str(tuple(row)) for row in execute(sa.text(explained + str(compiled).replace(":", r"\:"))))
    assert "ix_organisation_search_grams" in plan or "VIRTUAL TABLE INDEX" in plan
    assert "SCAN organisation_search" not in plan


def _dialect() -> sa.Dialect:
    with reading() as connection:
        return connection.dialect


def test_the_pieces_of_a_text_are_those_of_whatever_fits() -> None:
    text = search_texts.searchable("中共重庆路116号", "A座", "zgcql116h")
    for query in ("重庆", "庆路1", "116", "路116号", "zgc", "zg", "a座"):
        assert search_texts.wanted(query) <= search_texts.grams(text), query
    assert all(-(2**31) <= piece < 2**31 for piece in search_texts.grams(text))


@pytest.mark.requirement("R-010")
@pytest.mark.parametrize("percent", [0.2, 20, 100])
def test_what_many_names_hold_is_found_among_some_of_them_as_by_the_index(
    named: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, percent: float
) -> None:
    monkeypatch.setattr(organisation_search, "LOOKED_AT", 5)
    monkeypatch.setattr(organisation_search, "_SAMPLED_PERCENT", percent / 10)
    monkeypatch.setattr(organisation_search, "_ENOUGH", 10)
    assert set(found("柳溪")) == {"H1", "H2"}
    assert len(found("党支部")) == 3
    assert found("没有这样") == []
