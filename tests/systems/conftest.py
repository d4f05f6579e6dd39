"""The five systems, each at the date of its scenarios; on SQLite, and on PostgreSQL too where a test says `on_both`."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from service.app import create_app
from service.config import Settings
from service.storage.db import db
from tests.reference.seeding import deployment_of, seed
from tests.support.databases import Databases
from tests.systems.people import settle
from tests.systems.playing import System
from tests.web.programs import Site

MakeSystem = Callable[..., System]


@pytest.fixture
def kind(request: pytest.FixtureRequest) -> str:
    """The kind of database; `on_both` runs a test on each."""
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture
def make_system(databases_of_session: Databases, kind: str, tmp_path: Path) -> Iterator[MakeSystem]:
    """Make a system of a profile; `changes` overrides columns of organisations by code."""
    with ExitStack() as stack:

        def make(profile: str, moment: str, **wishes: object) -> System:
            url = stack.enter_context(databases_of_session.migrated(kind))
            settings = Settings(data=tmp_path, database_url=url, profile=profile, certificates="off")
            app = create_app(settings, deployment=deployment_of(profile))
            with app.app_context():
                stack.callback(db.engine.dispose)
                world = seed(profile, without_people=True, **wishes)
                settle(world, profile)
            return System(Site(app, world).open_log_ins(), profile).at(moment)

        yield make


@pytest.fixture
def shandong(make_system: MakeSystem) -> System:
    return make_system("shandong", "2025-03-10")


@pytest.fixture
def fujian(make_system: MakeSystem) -> System:
    return make_system("fujian", "2017-12-07")


@pytest.fixture
def national(make_system: MakeSystem) -> System:
    return make_system("national", "2019-04-15")


@pytest.fixture
def beijing(make_system: MakeSystem) -> System:
    return make_system("beijing", "2017-06-15")


@pytest.fixture
def beijing_cuc(make_system: MakeSystem) -> System:
    return make_system("beijing-cuc", "2018-11-05")


@pytest.fixture
def standard(make_system: MakeSystem) -> System:
    """The profile `default`, at the date of Shandong's scenarios."""
    return make_system("default", "2025-03-10")
