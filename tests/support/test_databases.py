"""The databases that tests lean on are real, fresh and of both kinds."""

import psycopg
import pytest
from sqlalchemy import create_engine, text

from service.storage.migrate import require_current_schema
from tests.support.databases import Databases


def test_each_test_gets_an_empty_database_of_both_kinds(database_url: str, database_kind: str) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE mark (word TEXT)"))
    engine.dispose()
    assert engine.dialect.name == database_kind


def test_the_postgresql_cluster_does_not_collate_by_bytes_of_its_own_accord(
    databases_of_session: Databases,
) -> None:
    with databases_of_session.empty("postgresql") as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT 'a' < 'B', 'a' < 'B' COLLATE \"C\"").fetchone() == (True, False)
        assert connection.execute("SHOW fsync").fetchone() == ("on",)


def test_a_dropped_database_is_gone(databases_of_session: Databases) -> None:
    with databases_of_session.empty("postgresql") as url:
        pass
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(url)


def test_a_migrated_database_is_of_the_newest_version_and_holds_no_data(migrated_url: str) -> None:
    engine = create_engine(migrated_url)
    require_current_schema(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM organisations")).scalar() == 0
    engine.dispose()
