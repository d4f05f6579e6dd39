"""One site with everybody in it who may ask, and everything there is to be asked for."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.access.place import Place, furnish
from tests.support.databases import Databases


@pytest.fixture(scope="module")
def place(databases_of_session: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """On SQLite alone; whatever a request changes is put back."""
    with ExitStack() as stack:
        url = stack.enter_context(databases_of_session.migrated("sqlite"))
        yield furnish(url, stack, tmp_path_factory.mktemp("access"))
