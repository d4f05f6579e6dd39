"""What the database says about itself: version, durability, soundness. For `zhuanjie doctor`; it changes nothing."""

from dataclasses import dataclass

import sqlalchemy as sa

from service.storage import migrate
from service.storage.db import db, execute, is_sqlite, make_engine, reading
from service.storage.deadlines import deadlines
from service.storage.messages import dead_messages
from service.storage.organisations import organisations
from service.storage.reachable import reached

_SYNCHRONOUS_FULL = "2"


@dataclass(frozen=True, slots=True)
class Schema:
    """The version found, None in an empty database, and the one this program needs."""

    found: str | None
    expected: str


@dataclass(frozen=True, slots=True)
class Health:
    """What was found; `durable` is what must be on so that a commit survives a power cut."""

    durable: bool
    durability: str
    sound: bool
    roots: int
    organisations: int
    dead_messages: int
    parked: int


def schema(database_url: str) -> Schema:
    """The version of the schema; refuses E_SETTING_INVALID when the database cannot be reached."""
    engine = make_engine(database_url, poolclass=sa.NullPool)
    try:
        with reached():
            return Schema(migrate.version(engine), migrate.newest())
    finally:
        engine.dispose()


def ask() -> None:
    """Ask the open database for one value; raises what it raises when it cannot be reached."""
    with reading():
        execute(sa.select(1))


def require_schema() -> None:
    """Refuse E_SCHEMA_VERSION unless the open database has the schema of this program."""
    migrate.require_current_schema(db.engine)


def examine() -> Health:
    """Look at a database of the current schema."""
    with reading():
        durability = _durability()
        return Health(
            durable=durability in (_SYNCHRONOUS_FULL, "on/on"),
            durability=durability,
            sound=_is_sound(),
            roots=organisations.roots(),
            organisations=organisations.count(),
            dead_messages=dead_messages.count(),
            parked=deadlines.count_parked(),
        )


def _durability() -> str:
    if is_sqlite():
        return str(execute(sa.text("PRAGMA synchronous")).scalar_one())
    parts = (execute(sa.text(f"SHOW {name}")).scalar_one() for name in ("fsync", "synchronous_commit"))
    return "/".join(parts)


def _is_sound() -> bool:
    """SQLite can check its own pages; PostgreSQL does so while it reads."""
    return not is_sqlite() or execute(sa.text("PRAGMA quick_check(1)")).scalar_one() == "ok"
