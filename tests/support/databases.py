"""Databases for tests: empty ones, and migrated ones that are copies of a template made once per session."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from importlib import import_module
from itertools import count
from pathlib import Path

from tests.support.postgresql import Cluster, running_cluster

KINDS = ("sqlite", "postgresql")
TEMPLATE = "template_migrated"
_SQLITE = "sqlite:///"


class Databases:
    """Makes databases of both kinds; whatever it started ends with it."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._folder = folder
        self._stack = stack
        self._numbers = count(1)

    @contextmanager
    def empty(self, kind: str) -> Iterator[str]:
        """The address of a database without a table."""
        if kind == "sqlite":
            yield _sqlite_url(self._new_file())
        else:
            with self._cloned("template1") as url:
                yield url

    @contextmanager
    def migrated(self, kind: str) -> Iterator[str]:
        """The address of a database of the newest version that holds no data."""
        if kind == "sqlite":
            copy = self._new_file()
            shutil.copyfile(self._sqlite_template, copy)
            yield _sqlite_url(copy)
        else:
            with self._cloned(self._postgresql_template) as url:
                yield url

    def template(self, kind: str, name: str) -> str:
        """The address of a migrated database to be filled once, of which `copied` makes copies; it stays to the end."""
        if kind == "sqlite":
            copy = self._new_file()
            shutil.copyfile(self._sqlite_template, copy)
            return _sqlite_url(copy)
        return self.cluster.create(name, template=self._postgresql_template)

    @contextmanager
    def copied(self, kind: str, template: str) -> Iterator[str]:
        """The address of a copy of a database that nobody has open; it goes when it is no longer needed."""
        if kind == "sqlite":
            copy = self._new_file()
            shutil.copyfile(template.removeprefix(_SQLITE), copy)
            yield _sqlite_url(copy)
            shutil.rmtree(copy.parent)
        else:
            with self._cloned(template.rpartition("/")[2]) as url:
                yield url

    @cached_property
    def cluster(self) -> Cluster:
        """The PostgreSQL of this session; started by the first test that asks."""
        return self._stack.enter_context(running_cluster())

    @cached_property
    def _sqlite_template(self) -> Path:
        template = self._folder / "template.db"
        _upgrade()(_sqlite_url(template))
        journal = template.with_name("template.db-wal")
        if journal.exists():
            raise AssertionError("upgrade() must close its connections: a write-ahead log was left behind")
        return template

    @cached_property
    def _postgresql_template(self) -> str:
        _upgrade()(self.cluster.create(TEMPLATE))
        return TEMPLATE

    @contextmanager
    def _cloned(self, template: str) -> Iterator[str]:
        name = f"test_{next(self._numbers)}"
        try:
            yield self.cluster.create(name, template=template)
        finally:
            self.cluster.drop(name)

    def _new_file(self) -> Path:
        folder = self._folder / str(next(self._numbers))
        folder.mkdir()
        return folder / "zhuanjie.db"


@contextmanager
def databases(folder: Path) -> Iterator[Databases]:
    """Open the factory for one test session."""
    with ExitStack() as stack:
        yield Databases(folder, stack)


def _sqlite_url(file: Path) -> str:
    return f"{_SQLITE}{file}"


def _upgrade() -> Callable[[str], None]:
    """Imported late: tests of the pure layers must not need the database to be importable."""
    upgrade: Callable[[str], None] = import_module("service.storage.migrate").upgrade
    return upgrade
