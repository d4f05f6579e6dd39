"""Seeded worlds: a migrated database of each kind with the reference tree of a profile."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.reference.seeding import World, seed
from tests.support.applications import storing
from tests.support.databases import Databases

MakeWorld = Callable[..., World]


@pytest.fixture
def make_world(databases_of_session: Databases, database_kind: str) -> Iterator[MakeWorld]:
    """Make a fresh world of a profile, on SQLite and on PostgreSQL in turn."""
    with ExitStack() as stack:

        def make(profile: str, **wishes: object) -> World:
            url = stack.enter_context(databases_of_session.migrated(database_kind))
            app = stack.enter_context(storing(url))
            world = seed(profile, **wishes)
            world.app = app
            return world

        yield make
