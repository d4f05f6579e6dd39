"""Real servers on loopback: one with the demonstration, and one with a reference tree for each test that changes it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page

from service.app import create_app
from service.config import Settings
from service.storage.db import db
from service.use_cases.demo.build_demo import build_demo
from service.use_cases.demo.logins import LogIn
from service.web.deployed import deployed
from tests.browser.visitors import Visitor
from tests.reference.seeding import PASSWORD, World, deployment_of, seed
from tests.support.databases import Databases
from tests.support.servers import serving
from tests.use_cases.walker import NOW
from tests.web.programs import Site

THREADS = 8


@dataclass(slots=True)
class Demonstration:
    """The demonstration behind a server; its log-ins by seat."""

    app: Flask
    base: str
    logins: dict[str, LogIn] = field(default_factory=dict)


@dataclass(slots=True)
class Served:
    """A reference tree behind a server, three days after the stories of the tests began."""

    app: Flask
    base: str
    world: World


@pytest.fixture(scope="session")
def demonstration(databases_of_session: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demonstration]:
    """A whole province with invented members, as `zhuanjie demo` builds it."""
    folder = tmp_path_factory.mktemp("demonstration")
    with databases_of_session.migrated("sqlite") as url, _application(url, folder) as app:
        with app.app_context():
            built = build_demo(
                data=folder,
                database=url,
                now=datetime.now(UTC),
                deployment=deployed(app).deployment,
                say=lambda _: None,
            )
        with serving(app, threads=THREADS) as base:
            yield Demonstration(app, base, {each.seat: each for each in built})


ServeProfile = Callable[[str], Served]


@pytest.fixture
def serve(databases_of_session: Databases, tmp_path: Path) -> Iterator[ServeProfile]:
    """Makes a server of a profile; every account has the password of the tests."""
    with ExitStack() as stack:
        yield lambda profile: _served(profile, databases_of_session, tmp_path, stack)


@pytest.fixture
def served(serve: ServeProfile) -> Served:
    """A server of the fujian profile."""
    return serve("fujian")


@pytest.fixture
def visitor(page: Page, served: Served) -> Visitor:
    """Somebody in front of the reference tree."""
    return Visitor(page, served.base)


@pytest.fixture
def guest(page: Page, demonstration: Demonstration) -> Visitor:
    """Somebody in front of the demonstration."""
    return Visitor(page, demonstration.base)


@pytest.fixture
def password() -> str:
    """The password of every account of the reference tree."""
    return PASSWORD


def _served(profile: str, databases: Databases, folder: Path, stack: ExitStack) -> Served:
    url = stack.enter_context(databases.migrated("sqlite"))
    app = stack.enter_context(_application(url, folder, profile))
    with app.app_context():
        world = seed(profile)
    site = Site(app, world).open_log_ins()
    site.now = NOW + timedelta(days=3)
    return Served(app, stack.enter_context(serving(app, threads=THREADS)), world)


@contextmanager
def _application(url: str, folder: Path, profile: str = "fujian") -> Iterator[Flask]:
    settings = Settings(data=folder, database_url=url, profile=profile, log_level="ERROR")
    app = create_app(settings, deployment=deployment_of(profile))
    try:
        yield app
    finally:
        with app.app_context():
            db.engine.dispose()
