"""Worlds in which members are kept: seeded databases of each kind, and short words for what is done to them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest

from service.domain.accounts.actors import Actor
from service.storage.db import reading
from service.storage.members import members
from service.storage.members.members import Person
from service.use_cases.members.edit_member import answers_of, edit_member
from service.use_cases.members.show_member import MemberView, show_member
from tests.reference.seeding import VAULT, World, seed
from tests.support.applications import storing
from tests.support.databases import Databases

NOW = datetime(2018, 11, 5, 1, 0, tzinfo=UTC)
WHOLE = {
    "name": "罗样例", "ethnicity": "汉族", "native_place": "样例省样例市", "education": "硕士研究生",
    "work_post": "事业单位专业技术岗位", "professional_title": "讲师", "social_stratum": "无", "joined_on": "2010-07-01",
    "full_on": "2011-07-01", "mobile": "13900000002", "other_contact": "010-00001111", "home_address": "样例路 1 号",
}  # fmt: skip
"""Everything that counts, of a full member."""


class Keeping:
    """A seeded world; `by` is the code of the acting administrator's organisation."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.now = NOW

    def add(self, branch: str, **wishes: object) -> int:
        actor: Actor = self.world.newcomer(branch, **wishes)
        assert actor.member_id is not None
        return actor.member_id

    def show(self, member: int, *, by: str) -> MemberView:
        return show_member(member, actor=self.world.admins[by], deployment=self.world.deployment)

    def edit(self, member: int, /, *, by: str, version: int | None = None, **answers: object) -> int:
        """Change these answers and leave the others as they are."""
        if version is None:
            version = self.version(member)
        return edit_member(
            member,
            {**self.answers(member), **answers},
            version=version,
            actor=self.world.admins[by],
            now=self.now,
            deployment=self.world.deployment,
        )

    def answers(self, member: int) -> dict[str, object]:
        view = self.show(member, by=self.root)
        return answers_of(view.member, view.details)

    def version(self, member: int) -> int:
        return self.show(member, by=self.root).version

    @property
    def root(self) -> str:
        return next(iter(self.world.admins))

    def person(self, member: int) -> Person:
        with reading():
            found = members.by_id(member, VAULT)
        assert found is not None
        return found


@pytest.fixture
def make_keeping(databases_of_session: Databases, database_kind: str) -> Iterator[Callable[..., Keeping]]:
    """Make a fresh world of a profile, on SQLite and on PostgreSQL in turn."""
    with ExitStack() as stack:

        def make(profile: str, **wishes: object) -> Keeping:
            url = stack.enter_context(databases_of_session.migrated(database_kind))
            app = stack.enter_context(storing(url))
            world = seed(profile, **wishes)
            world.app = app
            return Keeping(world)

        yield make


@pytest.fixture
def university(make_keeping: Callable[..., Keeping]) -> Keeping:
    """The tree of the municipality under the rules of the media university."""
    return make_keeping("beijing-cuc")
