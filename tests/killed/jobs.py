"""A thousand transfers as a plan: who is moved where under which profile, and how far."""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import sqlalchemy as sa

from service.domain.errors import Refused
from service.storage.accounts import accounts
from service.storage.db import execute, transaction
from service.use_cases.upkeep.keep_definitions import keep_definitions
from tests.reference.seeding import World, deployment_of, seed
from tests.use_cases.walker import NOW, submit

TREE = "T1"
PROFILES = ("beijing", "beijing-cuc", "default", "fujian", "national", "shandong")
OUTSIDE, INCOMING = "", "incoming"
_HELD = 0.15
_TELEPHONES = ("A1-T1", "A1", "A2", "A2-T1")


@dataclass(frozen=True, slots=True)
class Job:
    """One transfer to play; `origin` "incoming" is from outside, `target` "" to outside, `starter` "" the member.

    `steps` is how many decisions are taken before it is left alone; -1 plays it to its end.
    """

    number: int
    profile: str
    origin: str
    target: str
    starter: str
    steps: int
    member_id: int = 0
    account_id: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """What the processes need to know: the jobs, and the accounts of the administrators by organisation."""

    jobs: tuple[Job, ...]
    admins: dict[str, int]

    def write(self, path: Path) -> None:
        path.write_text(json.dumps({"jobs": [asdict(job) for job in self.jobs], "admins": self.admins}))

    @classmethod
    def read(cls, path: Path) -> "Plan":
        known = json.loads(path.read_text())
        return cls(tuple(Job(**each) for each in known["jobs"]), known["admins"])


# Each is played to its end once while the plan is made; what a profile refuses is left out of its share.
_WAYS = (
    ("A1-T1-B1", "A1-T1-B2"), ("A1-T1-B1", "A1-T2-B1"), ("A1-T1-B2", "A2-T1-B1"), ("A2-T1-B1", "A1-D-B1"),
    ("U-G1-B1", "U-G1-B2"), ("U-G1-B1", "A1-T1-B1"), ("PD1-C-B1", "B1-S1-B1"), ("A1-T2-B1", "A1-T1"),
    ("A1-T1-B1", "A2-T1"), ("A1-T1-B1", OUTSIDE), ("A2-T1-B1", OUTSIDE), (INCOMING, "A1-T1-B1"), (INCOMING, "A2-T1-B1"),
)  # fmt: skip
_STARTERS = ("", "origin", "committee", "county")


def make_plan(number: int, profiles: Sequence[str], *, chance: random.Random) -> Plan:
    """Fill the database with tree and people, and plan so many transfers over these profiles and all ways."""
    first = seed("default", tree=TREE)
    worlds = {profile: world_of(profile, first.chains, first.admins) for profile in profiles}
    with transaction():
        for world in worlds.values():
            keep_definitions(world.deployment, now=NOW)
    possible = {profile: tuple(_possible(profile, world, chance)) for profile, world in worlds.items()}
    assert all(len(each) >= 3 for each in possible.values()), {name: len(each) for name, each in possible.items()}
    jobs = []
    for each in range(number):
        profile = profiles[each % len(profiles)]
        origin, target, starter = chance.choice(possible[profile])
        steps = chance.randrange(3) if chance.random() < _HELD else -1
        member = first.newcomer("A1-T1-B1" if origin == INCOMING else origin)
        jobs.append(Job(each, profile, origin, target, starter, steps, member.member_id or 0, member.account_id))
    _give_telephones(first)
    return Plan(tuple(jobs), {code: actor.account_id for code, actor in first.admins.items()})


def world_of(profile: str, chains: dict, admins: dict) -> World:
    """The same tree and people under the rules of a profile."""
    return World(deployment_of(profile), chains, admins)


def _possible(profile: str, world: World, chance: random.Random) -> Iterator[tuple[str, str, str]]:
    for origin, target in _WAYS:
        if origin == INCOMING:
            # The others ask for photos and for the register, which belong to other tests.
            if profile == "national":
                yield origin, target, "A1"
            continue
        for kind in sorted(_STARTERS, key=lambda _: chance.random()):
            starter = _starter(world, origin, kind)
            try:
                submit(world, origin, target, starter=starter, **wishes(profile, target)).to_end()
            except (Refused, StopIteration, IndexError, AssertionError):
                continue
            yield origin, target, starter
            break


def wishes(profile: str, target: str) -> dict[str, object]:
    """What else an application says."""
    return {"variety": "OUT_OF_PROVINCE"} if target == OUTSIDE and profile == "national" else {}


def _starter(world: World, origin: str, kind: str) -> str:
    line = [org.code for org in world.chains[origin]]
    return {"": "", "origin": line[0], "committee": line[1], "county": line[-2]}[kind]


def _give_telephones(world: World) -> None:
    # Some administrators are persons with a telephone, so that short messages go out.
    with transaction():
        for code, person in zip(_TELEPHONES, world.people.values(), strict=False):
            account, member = world.admins[code].account_id, person.member_id
            execute(sa.update(accounts.table).where(accounts.table.c.id == account).values(member_id=member))
