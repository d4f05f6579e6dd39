"""Finding organisations by a part of their name, short name or first letters, in any tree from an index (R-010).

PostgreSQL: pieces of two characters as an array under a GIN index, which needs no extension; a trigram index would find
no name by two Chinese characters. SQLite: the same pieces as words of an FTS5 table. Only what can be a target is
in here: active, no holding node. It is an index, no record: what it says is what `refresh` was last told.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Dialect, event, types
from sqlalchemy.dialects import postgresql

from service.domain import search_texts
from service.domain.organisations import HOLDING_NODES, OrgStatus
from service.storage.columns import Id
from service.storage.db import db, execute, is_sqlite
from service.storage.pinyin import initials

LOOKED_AT = 500
"""Of more that fit, so many are looked at and the shortest shown; who wants another types more."""
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
for _statement in FTS_STATEMENTS:
    event.listen(table, "after_create", sa.DDL(_statement).execute_if(dialect="sqlite"))  # type: ignore[no-untyped-call]


def is_findable(org_type: str, status: str) -> bool:
    """Whether an organisation is among what a search finds: active, and no holding node (R-009, R-010)."""
    return status == OrgStatus.ACTIVE.value and org_type not in _HIDDEN_TYPES


def refresh(org_id: int, *, name: str, short_name: str, findable: bool) -> None:
    """Let an organisation be found by what it is called now, or not at all any more."""
    execute(sa.delete(table).where(table.c.org_id == org_id))
    if findable:
        execute(sa.insert(table).values(**row_of(org_id, name, short_name)))


def row_of(org_id: int, name: str, short_name: str) -> dict[str, Any]:
    """The row by which an organisation is found."""
    text = search_texts.searchable(name, short_name, initials(name), initials(short_name))
    return {"org_id": org_id, "text": text, "grams": sorted(search_texts.grams(text))}


def find(text: str) -> Sequence[int]:
    """The ids of organisations that fit a text, the shortest names first; of very many only some (`LOOKED_AT`)."""
    query = search_texts.folded(text)
    pieces = search_texts.wanted(query)
    if not pieces:
        return ()
    fits = table.c.text.like(search_texts.pattern(query))
    found = sa.select(table.c.org_id, table.c.text).where(_holds(pieces), fits).limit(LOOKED_AT).subquery()
    ordered = sa.select(found.c.org_id).order_by(sa.func.length(found.c.text), found.c.org_id)
    return [int(key) for key in execute(ordered).scalars()]


def _holds(pieces: Iterable[int]) -> sa.ColumnElement[bool]:
    if not is_sqlite():
        return table.c.grams.op("@>", is_comparison=True)(sorted(pieces))
    query = sa.text("SELECT rowid FROM organisation_fts WHERE organisation_fts MATCH :words")
    return table.c.org_id.in_(query.bindparams(words=" AND ".join(_words(pieces).split())))


def _words(pieces: Iterable[int]) -> str:
    return " ".join(f"{piece & 0xFFFFFFFF:08x}" for piece in pieces)
