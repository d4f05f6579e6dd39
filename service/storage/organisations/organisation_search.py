"""Finding organisations by a part of their name, short name or first letters, in any tree from an index (R-010).

PostgreSQL: pieces of two characters as an array under a GIN index, which needs no extension; a trigram index would find
no name by two Chinese characters. SQLite: the same pieces as words of an FTS5 table. It is an index, no record: what it
says is what `refresh` was last told.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Dialect, event, types
from sqlalchemy.dialects import postgresql

from service.domain import search_texts
from service.domain.organisations.organisations import HOLDING_NODES, OrgStatus
from service.storage import bulk
from service.storage.columns import Id
from service.storage.db import connection, db, execute, is_sqlite
from service.storage.pinyin import initials

LOOKED_AT = 500
"""Of more that fit, so many are looked at and the shortest shown; who wants another types more."""
_MOST_WORDS = 200_000
_SAMPLED_PERCENT = 0.2
_TIMES = 5
"""Where a sample holds a fifth of what is looked at, one several times as large holds all of it."""
_ENOUGH = 1.3
_HIDDEN_TYPES = frozenset(each.value for each in HOLDING_NODES)


class Grams(types.TypeDecorator[Sequence[int]]):
    """Pieces of a text: an array of whole numbers on PostgreSQL, words of eight hexadecimal digits on SQLite."""

    impl = types.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> types.TypeEngine[Any]:
        """An array where there is one."""
        kind = postgresql.ARRAY(sa.Integer) if dialect.name == "postgresql" else types.Text()
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: Iterable[int] | None, dialect: Dialect) -> Any:
        """Write them."""
        if value is None or dialect.name == "postgresql":
            return None if value is None else list(value)
        return _words(value)


table = sa.Table(
    "organisation_search",
    db.metadata,
    # No foreign key: it would be asked five million times by a national import, and the row is made by that import.
    sa.Column("org_id", Id, primary_key=True, autoincrement=False),
    # Active and no holding node: what the search for a target finds.
    sa.Column("is_findable", sa.Boolean, nullable=False),
    sa.Column("size", sa.SmallInteger, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("grams", Grams, nullable=False),
)
grams_index = sa.Index("ix_organisation_search_grams", table.c.grams, postgresql_using="gin")
grams_index.ddl_if(dialect="postgresql")

_FTS = """CREATE VIRTUAL TABLE organisation_fts USING fts5
(grams, content='organisation_search', content_rowid='org_id', detail='none', columnsize=0, tokenize='ascii')"""
_ADDED = """CREATE TRIGGER organisation_search_added AFTER INSERT ON organisation_search BEGIN
INSERT INTO organisation_fts(rowid, grams) VALUES (new.org_id, new.grams); END"""
_REMOVED = """CREATE TRIGGER organisation_search_removed AFTER DELETE ON organisation_search BEGIN
INSERT INTO organisation_fts(organisation_fts, rowid, grams) VALUES ('delete', old.org_id, old.grams); END"""
FTS_STATEMENTS = (_FTS, _ADDED, _REMOVED)
"""On SQLite: the words of the table above as an index, kept by triggers; a row is replaced, never updated."""
_REBUILT = (
    "INSERT INTO organisation_fts(organisation_fts, rank) VALUES ('hashsize', 67108864)",
    "INSERT INTO organisation_fts(organisation_fts) VALUES ('rebuild')",
    "INSERT INTO organisation_fts(organisation_fts, rank) VALUES ('hashsize', 1048576)",
)
"""One build with room for its words takes a tenth of the time of adding row by row; the last line is the usual room."""
_ALL_NAMES = sa.text(
    "SELECT id, name, short_name, org_type, status FROM organisations WHERE id > :last ORDER BY id LIMIT 20000"
)
for _statement in FTS_STATEMENTS:
    event.listen(table, "after_create", sa.DDL(_statement).execute_if(dialect="sqlite"))  # type: ignore[no-untyped-call]


def is_findable(org_type: str, status: str) -> bool:
    """Whether an organisation is among what a search finds: active, and no holding node (R-009, R-010)."""
    return status == OrgStatus.ACTIVE.value and org_type not in _HIDDEN_TYPES


def refresh(org_id: int, values: Mapping[Any, Any]) -> None:
    """Let an organisation be found by what its record says now."""
    execute(sa.delete(table).where(table.c.org_id == org_id))
    execute(sa.insert(table).values(**row_of(org_id, values)))


def row_of(org_id: int, values: Mapping[Any, Any]) -> dict[str, Any]:
    """The row by which an organisation is found, from its names, type and status."""
    text = _text(values["name"], values["short_name"])
    return {
        "org_id": org_id,
        "is_findable": is_findable(values["org_type"], values["status"]),
        "size": len(values["name"]),
        "text": text,
        "grams": sorted(search_texts.grams(text)),
    }


def fill() -> None:
    """Index the whole tree anew; refuses nothing, asks nothing."""
    begin_filling()
    last = 0
    while rows := execute(_ALL_NAMES, {"last": last}).mappings().all():
        append(packed(((row["id"], row) for row in rows), for_sqlite=is_sqlite()))
        last = rows[-1]["id"]
    finish_filling()


def begin_filling() -> None:
    """Begin with an empty index, which is built at the end: at once is faster than row by row."""
    if is_sqlite():
        execute(sa.text("DROP TRIGGER organisation_search_added"))
        execute(sa.delete(table))
        return
    execute(sa.delete(table))
    bulk.set_aside(table)


def packed(organisations: Iterable[tuple[int, Mapping[Any, Any]]], *, for_sqlite: bool) -> bulk.Packed:
    """What organisations, by id and values, are found by, as `append` takes it."""
    written = _words if for_sqlite else _array
    return bulk.packed((_raw(org_id, values, written) for org_id, values in organisations), for_sqlite=for_sqlite)


def append(found_by: bulk.Packed) -> None:
    """Add what was packed between the beginning and the end of filling."""
    bulk.load(table, table.c.keys(), found_by)


def finish_filling() -> None:
    """Build the index; from now on what is added is indexed row by row."""
    if is_sqlite():
        for statement in (*_REBUILT, _ADDED):
            connection().exec_driver_sql(statement)
    bulk.put_back(table)
    bulk.settle(table)


def find(text: str) -> Sequence[int]:
    """The ids of possible targets that fit a text, the shortest names first; of very many only some (`LOOKED_AT`)."""
    some = matching(text)
    if some is None:
        return ()
    found = [] if is_sqlite() else _common(search_texts.pattern(search_texts.folded(text)))
    if len(found) < LOOKED_AT:
        indexed = some.with_only_columns(table.c.size, table.c.org_id).where(table.c.is_findable).limit(LOOKED_AT)
        found = [tuple(row) for row in execute(indexed)]
    return [org_id for _, org_id in sorted(found)]


def _common(pattern: str) -> list[tuple[int, int]]:
    """Size and id of as many as are looked at of what very many names hold; fewer, or none, of anything else.

    The index would first name all of a million companies, and that pieces of names go together no planner knows.
    """
    few = _sampled(pattern, _SAMPLED_PERCENT)
    if not LOOKED_AT > len(few) >= LOOKED_AT / _TIMES:
        return few
    return _sampled(pattern, min(100.0, _SAMPLED_PERCENT * _ENOUGH * LOOKED_AT / len(few)))


def _sampled(pattern: str, percent: float) -> list[tuple[int, int]]:
    part = sa.tablesample(table, sa.func.system(percent), name="part", seed=sa.literal_column("1"))
    fits = part.c.text.like(pattern), part.c.is_findable
    return [tuple(row) for row in execute(sa.select(part.c.size, part.c.org_id).where(*fits).limit(LOOKED_AT))]


def matching(text: str) -> sa.Select[tuple[int]] | None:
    """The ids of all that fits a text; None when it is too short to look for."""
    query = search_texts.folded(text)
    pieces = search_texts.wanted(query)
    if not pieces:
        return None
    fits = table.c.text.like(search_texts.pattern(query))
    return sa.select(table.c.org_id).where(_holds(pieces), fits)


def _holds(pieces: Iterable[int]) -> sa.ColumnElement[bool]:
    if not is_sqlite():
        # Written into the statement: a plan made for any pieces takes the index for those that every name holds.
        wanted = sa.bindparam(None, sorted(pieces), type_=postgresql.ARRAY(sa.Integer), literal_execute=True)
        return table.c.grams.op("@>", is_comparison=True)(wanted)
    query = sa.text("SELECT rowid FROM organisation_fts WHERE organisation_fts MATCH :words")
    return table.c.org_id.in_(query.bindparams(words=" AND ".join(_words(pieces).split())))


def _raw(org_id: int, values: Mapping[Any, Any], written: Callable[[Iterable[int]], str]) -> bulk.Row:
    """The row as the driver takes it."""
    name = values["name"]
    text = _text(name, values["short_name"])
    findable = is_findable(values["org_type"], values["status"])
    return org_id, findable, len(name), text, written(search_texts.grams(text))


def _text(name: str, short_name: str) -> str:
    return search_texts.searchable(name, short_name, *initials(f"{name}\n{short_name}").split("\n"))


class _Written(dict[int, str]):
    """Each piece as it is written; those of a whole country come again and again."""

    def __init__(self, write: Callable[[int], str]) -> None:
        super().__init__()
        self._write = write

    def __missing__(self, piece: int) -> str:
        word = self._write(piece)
        if len(self) < _MOST_WORDS:
            self[piece] = word
        return word


_decimals = _Written(str)
_hexadecimals = _Written(lambda piece: f"{piece & 0xFFFFFFFF:08x}")


def _array(pieces: Iterable[int]) -> str:
    return "{" + ",".join(map(_decimals.__getitem__, pieces)) + "}"


def _words(pieces: Iterable[int]) -> str:
    return " ".join(map(_hexadecimals.__getitem__, pieces))
