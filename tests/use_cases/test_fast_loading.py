"""A first load goes past the indexes and builds them at its end; neither a good file nor a bad one leaves them otherwise."""

from collections.abc import Iterator
from datetime import UTC, datetime
from unittest.mock import Mock

import pytest
import sqlalchemy as sa

from service.definitions import profiles
from service.storage import bulk
from service.storage.db import execute, is_sqlite, reading, transaction
from service.storage.members import members
from service.storage.organisations import organisation_search, organisations
from service.storage.vault import Vault
from service.use_cases.imports import member_lines, organisation_lines
from service.use_cases.imports.defects import ImportReport
from service.use_cases.members.import_members import import_members
from service.use_cases.organisations.import_organisations import import_organisations
from tests.support.applications import storing

NOW = datetime(2025, 3, 10, 1, 0, tzinfo=UTC)
TREE = (
    "R,,中共样例县委员会,样例县委,LOCAL_COMMITTEE,,COUNTY_COMMITTEE,,,,,,,,",
    "T,R,柳溪镇党委,柳溪镇党委,PRIMARY_COMMITTEE,TOWNSHIP,FIRST_LEVEL,,,,,,,,",
    "B,T,重庆路小学第116党支部,小学支部,BRANCH,,,,,,,,,,",
    "C,T,ＡＢＣ科技·（北）党支部,𠮷祥,BRANCH,,,,,,,,,,",
)
ZHANG = "379901198501010017,张样例,MALE,FULL,B,汉族,2006-07-01,2007-07-01,13900000001,ACTIVE,true"
LI = "379901199002150028,李样例,,FULL,B,,,,,,"
SOUGHT = (
    "柳溪",
    "重庆路",
    "第116",
    "cql",
    "小学支部",
    "abc",
    "科技北",
    "𠮷祥",
    "lxz",
    "lx",
    "zgyl",
    "党支部",
    "溪镇党",
)
_TABLES = ("organisations", "organisation_search", "members")
_POSTGRESQL = (
    "SELECT indexdef FROM pg_indexes WHERE tablename IN :tables UNION ALL"
    " SELECT conname || ' ' || pg_get_constraintdef(p.oid) FROM pg_constraint AS p"
    " JOIN pg_class AS c ON c.oid = conrelid WHERE relname IN :tables"
)
_SQLITE = "SELECT coalesce(sql, name) FROM sqlite_master WHERE type IN ('index', 'trigger') AND tbl_name IN :tables"


@pytest.fixture(autouse=True)
def empty(migrated_url: str) -> Iterator[None]:
    with storing(migrated_url):
        yield


def promises() -> list[str]:
    """What the database holds of indexes, constraints and triggers."""
    with reading():
        question = sa.text(_SQLITE if is_sqlite() else _POSTGRESQL).bindparams(sa.bindparam("tables", expanding=True))
        return sorted(execute(question, {"tables": _TABLES}).scalars())


def plant(*lines: str) -> ImportReport:
    text = [f"{line}\n" for line in (",".join(organisation_lines.HEADER), *lines)]
    return import_organisations(text, profile=profiles.profile("default"), now=NOW)


def enter(*lines: str) -> ImportReport:
    text = [f"{line}\n" for line in (",".join(member_lines.HEADER), *lines)]
    return import_members(text, deployment=Mock(vault=Vault(bytes(range(32)))), now=NOW)


@pytest.mark.requirement("R-001")
@pytest.mark.requirement("R-042")
def test_a_good_load_leaves_every_index_and_promise() -> None:
    before = promises()
    assert any("uq_members_present" in each for each in before)
    assert plant(*TREE) == ImportReport(4)
    assert enter(ZHANG) == ImportReport(1)
    assert enter(LI) == ImportReport(1)
    assert promises() == before


@pytest.mark.requirement("R-001")
@pytest.mark.requirement("R-042")
@pytest.mark.parametrize("bad", ["X,NOWHERE,甲支部,,BRANCH,,,,,,,,,,", "B,T,甲支部,,BRANCH,,,,,,,,,,"])
def test_a_refused_load_leaves_them_too_and_nothing_else(bad: str) -> None:
    before = promises()
    assert plant(*TREE, bad).found == 1
    assert promises() == before
    with reading():
        assert organisations.count() == 0
        assert execute(sa.select(organisation_search.table)).first() is None
    assert plant(*TREE) == ImportReport(4)
    assert enter(ZHANG, LI, ZHANG).found == 1
    assert promises() == before
    with reading():
        assert members.count() == 0


def test_who_fails_while_the_indexes_are_built_has_loaded_nothing() -> None:
    plant(*TREE)
    before = promises()
    with pytest.raises(Exception, match=r"(?i)unique"), transaction():
        bulk.set_aside(members.table)
        for key in (1, 2):
            execute(sa.insert(members.table).values(id=key, **_same_person()))
        bulk.put_back(members.table)
    assert promises() == before
    with reading():
        assert members.count() == 0


def _same_person() -> dict[str, object]:
    return {
        "name": "张", "id_number_sealed": b"", "id_number_index": "same", "sex": "MALE", "birth_date": NOW.date(),
        "kind": "FULL", "branch_id": 3, "status": "ACTIVE", "is_graduate": False, "person_key": b"",
    }  # fmt: skip


@pytest.mark.requirement("R-010")
def test_loaded_at_once_or_kept_row_by_row_the_same_is_found() -> None:
    plant(*TREE)
    at_once = {text: found(text) for text in SOUGHT}
    with transaction():
        for row in execute(sa.select(organisations.table)).mappings().all():
            organisation_search.refresh(row["id"], row)
    assert {text: found(text) for text in SOUGHT} == at_once
    with transaction():
        organisation_search.fill()
    assert {text: found(text) for text in SOUGHT} == at_once
    assert at_once["柳溪"] == ["T"]
    assert at_once["cql"] == at_once["小学支部"] == ["B"]
    assert at_once["abc"] == at_once["𠮷祥"] == ["C"]


def found(text: str) -> list[str]:
    with reading():
        return [each.code for each in organisations.search(text, limit=10)]


def test_after_a_load_what_is_added_is_found() -> None:
    plant(*TREE)
    with transaction():
        execute(sa.update(organisations.table).where(organisations.table.c.code == "B").values(name="枫林支部"))
        row = execute(sa.select(organisations.table).where(organisations.table.c.code == "B")).mappings().one()
        organisation_search.refresh(row["id"], row)
    assert (found("枫林"), found("重庆路")) == (["B"], [])
