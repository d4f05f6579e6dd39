"""Worlds in which organisations are kept: seeded databases of each kind, and short words for what is done to them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import count

import pytest
import sqlalchemy as sa

from service.storage import audit
from service.storage.audit import Entry
from service.storage.db import execute, reading, transaction
from service.storage.organisations import organisations
from service.storage.organisations.organisations import table
from service.use_cases.organisations.change_superior import Verdict, Wanted, move_organisation
from service.use_cases.organisations.configure_permissions import set_permissions
from service.use_cases.organisations.create_organisation import create_organisation
from service.use_cases.organisations.dissolve_organisation import dissolve_organisation
from service.use_cases.organisations.edit_organisation import edit_organisation
from tests.reference.seeding import World, seed
from tests.support.applications import storing
from tests.support.databases import Databases

NOW = datetime(2018, 11, 5, 1, 0, tzinfo=UTC)
BRANCH = {
    "name": "中国共产党星海大学信息学院本科生支部委员会", "short_name": "星海信院本科生党支部", "org_type": "BRANCH",
    "affiliation": "2", "category": "631", "approved_on": "2018-09-18",
}  # fmt: skip
_KEYS = count(1)


class Upkeep:
    """A seeded world and who does what in it; `by` is the code of the acting administrator's organisation."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.now = NOW

    def create(self, below: str, /, *, by: str, key: str = "", **answers: object) -> str:
        return create_organisation(
            {**BRANCH, **answers},
            superior=below,
            actor=self.world.admins[by],
            key=key or f"org-{next(_KEYS)}",
            now=self.now,
            deployment=self.world.deployment,
        ).code

    def edit(self, this: str, /, *, by: str, version: int | None = None, **answers: object) -> int:
        return edit_organisation(
            this,
            {**BRANCH, "unit_relation": "1", **answers},
            version=self.column(this, "version") if version is None else version,
            actor=self.world.admins[by],
            now=self.now,
            deployment=self.world.deployment,
        )

    def dissolve(self, code: str, *, by: str) -> None:
        dissolve_organisation(code, actor=self.world.admins[by], now=self.now, deployment=self.world.deployment)

    def move(self, code: str, *, below: str, by: str, as_a_whole: bool = True) -> None:
        move_organisation(
            Wanted(code, below),
            Verdict(approves=True, as_a_whole=as_a_whole),
            actor=self.world.admins[by],
            now=self.now,
            deployment=self.world.deployment,
        )

    def configure(self, code: str, *, by: str, **wanted: object) -> None:
        set_permissions(code, wanted, actor=self.world.admins[by], now=self.now)

    def column(self, code: str, name: str) -> object:
        with reading():
            return execute(sa.select(table.c[name]).where(table.c.code == code)).scalar_one()

    def set(self, code: str, /, **values: object) -> None:
        """Change the tree behind the back of the rules."""
        with transaction():
            execute(sa.update(table).where(table.c.code == code).values(**values))
            organisations.tree_changed()

    def superiors(self, code: str) -> list[str]:
        with reading():
            return [org.code for org in organisations.chain(code)]

    def log(self) -> list[Entry]:
        """The audit log, the oldest entry first."""
        with reading():
            return list(reversed(audit.entries(sa.true(), limit=1000)))


@pytest.fixture
def make_upkeep(databases_of_session: Databases, database_kind: str) -> Iterator[Callable[..., Upkeep]]:
    """Make a fresh world of a profile, on SQLite and on PostgreSQL in turn."""
    with ExitStack() as stack:

        def make(profile: str, **wishes: object) -> Upkeep:
            url = stack.enter_context(databases_of_session.migrated(database_kind))
            app = stack.enter_context(storing(url))
            world = seed(profile, **wishes)
            world.app = app
            return Upkeep(world)

        yield make


@pytest.fixture
def university(make_upkeep: Callable[..., Upkeep]) -> Upkeep:
    """The tree of the municipality under the rules of the media university."""
    return make_upkeep("beijing-cuc")


@pytest.fixture
def province(make_upkeep: Callable[..., Upkeep]) -> Upkeep:
    """The tree of the province under the rules of Shandong."""
    return make_upkeep("shandong")
