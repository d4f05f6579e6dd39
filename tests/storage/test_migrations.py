"""A migrated database is the database that the tables describe, and a wrong version says what helps."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from service.domain.errors import Refused
from service.storage import migrate, schema


@contextmanager
def _engine(url: str) -> Iterator[sa.Engine]:
    engine = sa.create_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


def test_the_migrations_make_exactly_the_tables_of_the_program(migrated_url: str) -> None:
    with _engine(migrated_url) as engine, engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_object": _is_comparable(engine)}
        )
        assert compare_metadata(context, schema.metadata) == []


def _is_comparable(engine: sa.Engine) -> Callable[..., bool]:
    """All but the index over names: on SQLite it is a virtual table with tables of its own, which no model describes."""
    is_sqlite = engine.dialect.name == "sqlite"

    def comparable(_thing: object, name: str, *_: object) -> bool:
        return not (is_sqlite and name.startswith(("organisation_fts", "ix_organisation_search_grams")))

    return comparable


def _shape(engine: sa.Engine) -> dict[str, object]:
    inspector = sa.inspect(engine)
    tables = [name for name in inspector.get_table_names() if name != "alembic_version"]
    return {table: _shape_of(inspector, table) for table in tables} | {"triggers": _triggers(engine)}


def _shape_of(inspector: sa.Inspector, table: str) -> list[object]:
    columns = [(c["name"], repr(c["type"]), c["nullable"], c["default"]) for c in inspector.get_columns(table)]
    keys = [inspector.get_pk_constraint(table)["constrained_columns"]]
    keys += sorted(unique["column_names"] for unique in inspector.get_unique_constraints(table))
    references = sorted((k["constrained_columns"], k["referred_table"]) for k in inspector.get_foreign_keys(table))
    indexes = sorted(
        (i["name"], i["column_names"], bool(i["unique"]), _condition(i)) for i in inspector.get_indexes(table)
    )
    return [columns, keys, references, indexes, sorted(c["sqltext"] for c in inspector.get_check_constraints(table))]


def _condition(index: dict) -> str:
    options = index.get("dialect_options", {})
    return str(options.get("sqlite_where", options.get("postgresql_where", "")))


def _triggers(engine: sa.Engine) -> list[str]:
    queries = {
        "sqlite": "SELECT sql FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    }
    with engine.connect() as connection:
        found = connection.execute(sa.text(queries[engine.dialect.name])).scalars()
        return sorted(" ".join(text.split()) for text in found)


def test_a_fresh_schema_is_the_migrated_one_to_the_last_index_and_trigger(migrated_url: str, database_url: str) -> None:
    with _engine(migrated_url) as migrated, _engine(database_url) as fresh:
        schema.metadata.create_all(fresh)
        assert _shape(migrated) == _shape(fresh)
        assert len(_triggers(fresh)) >= 6


def test_upgrading_again_changes_nothing(migrated_url: str) -> None:
    migrate.upgrade(migrated_url)
    with _engine(migrated_url) as engine:
        migrate.require_current_schema(engine)


def test_an_empty_database_is_refused_with_the_command_that_helps(database_url: str) -> None:
    with _engine(database_url) as engine, pytest.raises(Refused) as refusal:
        migrate.require_current_schema(engine)
    assert refusal.value.code == "E_SCHEMA_VERSION"
    assert migrate.UPGRADE_COMMAND in refusal.value.message_en
    assert migrate.newest() in refusal.value.message_en


def test_a_database_of_a_newer_program_is_refused(migrated_url: str) -> None:
    with _engine(migrated_url) as engine:
        with engine.begin() as connection:
            connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
        with pytest.raises(Refused, match="9999") as refusal:
            migrate.require_current_schema(engine)
    assert "upgrade the program" in refusal.value.message_en


def test_the_head_is_written_down() -> None:
    # Two branches that add a migration each change this file, so that their merge is noticed.
    assert (migrate.FOLDER / "versions" / "HEAD").read_text(encoding="utf-8").strip() == migrate.newest()
