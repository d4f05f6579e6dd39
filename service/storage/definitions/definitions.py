"""What transfers run with, stored once by content hash: diagrams, forms, letter templates, profiles, lineages."""

from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from service.domain.errors import Refused
from service.storage.db import db, execute
from service.storage.prepared import Prepared

table = sa.Table(
    "definitions",
    db.metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("kind", sa.String(24), nullable=False, index=True),
    sa.Column("body", sa.LargeBinary, nullable=False),
)


class Document(NamedTuple):
    """One definition; `digest` is the sha256 of `body` in hex."""

    kind: str
    digest: str
    body: bytes


_STORED = Prepared(sa.select(table.c.digest).where(table.c.digest == sa.bindparam("digest")))


def keep(documents: Iterable[Document]) -> None:
    """Store what is not stored yet."""
    wanted = {document.digest: document for document in documents}
    if not wanted:
        return
    missing = [document._asdict() for digest, document in wanted.items() if _STORED.first({"digest": digest}) is None]
    if not missing:
        return
    # Another process may store the same content at the same moment.
    dialect = db.engine.dialect.name
    execute(insert_ignoring(table, dialect), missing)


def body(digest: str) -> bytes:
    """The content of a hash; refuses E_NOT_FOUND."""
    return _body(db.engine, digest)


@lru_cache(maxsize=20_000)
def _body(_engine: sa.Engine, digest: str) -> bytes:
    found = execute(sa.select(table.c.body).where(table.c.digest == digest)).scalar_one_or_none()
    if found is None:
        raise Refused("E_NOT_FOUND", detail_zh=f"定义 {digest}", detail_en=f"definition {digest}")
    content = bytes(found)
    if sha256(content).hexdigest() != digest:
        # Somebody changed the row behind our back: what it says now is not what transfers ran with.
        raise RuntimeError(f"definition {digest} does not hold what its hash says")
    return content


def insert_ignoring(into: sa.Table, dialect: str) -> sa.Insert:
    """An insert that passes over rows which are there already."""
    if dialect == "sqlite":
        return sqlite.insert(into).on_conflict_do_nothing()
    return postgresql.insert(into).on_conflict_do_nothing()
