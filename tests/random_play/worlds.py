"""Worlds to play in: a database with a random tree and its people, made once per tree and copied for each history."""

import pickle
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from random import Random

from service.definitions.profiles import profile as profile_of
from service.domain.errors import Refused
from service.domain.organisations.organisations import AuthorityLevel, Chain
from service.domain.routes.cases import RouteCase
from service.domain.routes.routes import preview_route
from service.domain.routes.varieties import DestinationKind, Variety
from tests.random_play.trees import random_tree
from tests.reference import trees
from tests.reference.seeding import World, seed
from tests.support.applications import storing
from tests.support.databases import Databases

PROFILES = ("beijing", "beijing-cuc", "default", "fujian", "national", "shandong")
_TRIED = 400


@dataclass(frozen=True, slots=True)
class Way:
    """A start that the rules permit, by codes; `origin` None comes in, `target` None goes out, `starter` None himself."""

    origin: str | None
    target: str | None
    starter: str | None


@dataclass(slots=True)
class Worlds:
    """Databases of one kind; a template is a database that only copies are made of."""

    databases: Databases
    kind: str = "sqlite"
    _templates: dict[tuple[str, int], tuple[str, bytes]] = field(default_factory=dict)

    @contextmanager
    def opened(self, profile: str, tree: int) -> Iterator[tuple[str, World, list[Way]]]:
        """A fresh copy of a world: the address of its database, its people, and ways to start in it."""
        if (profile, tree) not in self._templates:
            self._templates[profile, tree] = self._made(profile, tree)
        template, people = self._templates[profile, tree]
        with self.databases.copied(self.kind, template) as url:
            yield url, *pickle.loads(people)  # noqa: S301 - written a few lines below

    def _made(self, profile: str, tree: int) -> tuple[str, bytes]:
        name = f"random {tree}"
        trees.TREES[name] = random_tree(tree)
        template = self.databases.template(self.kind, f"play_{profile.replace('-', '_')}_{tree}")
        with storing(template):
            world = seed(profile, tree=name)
        people = World(deployment=None, chains=world.chains, admins=world.admins, people=world.people)
        return template, pickle.dumps((people, ways(profile, world.chains)))


def ways(profile: str, tree: Mapping[str, Chain]) -> list[Way]:
    """Some starts that the profile permits in this tree, those that are rare as often as those that are common."""
    rules, chance = profile_of(profile), Random(f"ways {profile} {len(tree)}")
    has_cities = any(chain[0].level is AuthorityLevel.CITY_COMMITTEE for chain in tree.values())
    found: dict[Variety, list[Way]] = {}
    branches = sorted(code for code, chain in tree.items() if chain[0].is_branch)
    for _ in range(_TRIED):
        origin = None if chance.random() < 0.15 else chance.choice(branches)
        target = None if origin and chance.random() < 0.2 else chance.choice(sorted(tree))
        if target and chance.random() < 0.7:
            target = chance.choice(branches)
        above = [None, *(org.code for org in tree[origin])] if origin else sorted(tree)
        way = Way(origin, target, chance.choice(above))
        with suppress(Refused):
            found.setdefault(preview_route(_case(way, tree, has_cities=has_cities), rules).variety, []).append(way)
    return [chance.choice(found[variety]) for variety in sorted(found) for _ in range(12)]


def _case(way: Way, tree: Mapping[str, Chain], *, has_cities: bool) -> RouteCase:
    origin, target, starter = (tree[code] if code else None for code in (way.origin, way.target, way.starter))
    outside = {} if target else {"destination_kind": DestinationKind.OTHER_PROVINCE}
    return RouteCase(origin=origin, target=target, starter=starter, has_cities=has_cities, **outside)
