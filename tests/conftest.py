"""Fixtures for every folder of tests. Those that need PostgreSQL or Chromium fail without it; none skips."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, Page

from tests.support import browser, databases, network

# The fast suite is the same each time it runs; the slow one looks further, and prints how to repeat what it found.
settings.register_profile(
    "fast", deadline=None, max_examples=30, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "slow", deadline=None, max_examples=300, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("fast")


def pytest_configure() -> None:
    network.forbid()


@pytest.fixture(scope="session")
def databases_of_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[databases.Databases]:
    """Makes any number of databases, where one per test is not enough."""
    with databases.databases(tmp_path_factory.mktemp("databases")) as made:
        yield made


@pytest.fixture(params=databases.KINDS)
def database_kind(request: pytest.FixtureRequest) -> str:
    """Runs the test once on SQLite and once on PostgreSQL."""
    return str(request.param)


@pytest.fixture
def database_url(databases_of_session: databases.Databases, database_kind: str) -> Iterator[str]:
    """The address of an empty database, of each kind in turn; not migrated."""
    with databases_of_session.empty(database_kind) as url:
        yield url


@pytest.fixture
def migrated_url(databases_of_session: databases.Databases, database_kind: str) -> Iterator[str]:
    """The address of a database of the newest version without data, of each kind in turn."""
    with databases_of_session.migrated(database_kind) as url:
        yield url


@pytest.fixture
def migrated_sqlite_url(databases_of_session: databases.Databases) -> Iterator[str]:
    """As `migrated_url`, for what concerns SQLite alone."""
    with databases_of_session.migrated("sqlite") as url:
        yield url


@pytest.fixture
def migrated_postgresql_url(databases_of_session: databases.Databases) -> Iterator[str]:
    """As `migrated_url`, for what concerns PostgreSQL alone."""
    with databases_of_session.migrated("postgresql") as url:
        yield url


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser of this session."""
    with browser.running_chromium() as running:
        yield running


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page of its own; the test fails when the page complains or asks a foreign address."""
    with browser.watched_page(chromium) as watched:
        yield watched
