"""Sites: the real application on a migrated database of each kind, with the reference tree of a profile."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from service.app import create_app
from service.config import Settings
from service.storage.db import db
from tests.reference.seeding import deployment_of, seed
from tests.support.databases import Databases
from tests.web.programs import Program, Site

MakeSite = Callable[..., Site]


@pytest.fixture
def make_site(databases_of_session: Databases, database_kind: str, tmp_path: Path) -> Iterator[MakeSite]:
    """Make a fresh site of a profile, on SQLite and on PostgreSQL in turn."""
    with ExitStack() as stack:
        yield lambda profile="fujian", **settings: _site(
            stack.enter_context(databases_of_session.migrated(database_kind)), stack, tmp_path, profile, **settings
        )


@pytest.fixture
def site(make_site: MakeSite) -> Site:
    """A site of the fujian profile."""
    return make_site()


@pytest.fixture
def plain_site(databases_of_session: Databases, tmp_path: Path) -> Iterator[Site]:
    """A site for what has nothing to do with the database; on SQLite alone."""
    with ExitStack() as stack:
        yield _site(stack.enter_context(databases_of_session.migrated("sqlite")), stack, tmp_path, "fujian")


@pytest.fixture(scope="module")
def still_site(databases_of_session: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One site for all tests of a file that change nothing in it; on SQLite alone."""
    with ExitStack() as stack:
        url = stack.enter_context(databases_of_session.migrated("sqlite"))
        yield _site(url, stack, tmp_path_factory.mktemp("still"), "fujian")


@pytest.fixture(scope="module")
def reader(still_site: Site) -> Program:
    """The administrator of a county of that site."""
    return still_site.admin("A1")


def _site(url: str, stack: ExitStack, folder: Path, profile: str, **settings: object) -> Site:
    chosen = Settings(**{"data": folder, "database_url": url, "profile": profile, "certificates": "off", **settings})
    app = create_app(chosen, deployment=deployment_of(profile))
    with app.app_context():
        stack.callback(db.engine.dispose)
        world = seed(profile)
    return Site(app, world).open_log_ins()
