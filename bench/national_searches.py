"""What people ask of a whole nation: for targets by name, first letters and code, for members page by page."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median

from bench.measures import Measure
from service.domain.accounts.actors import Actor
from service.domain.accounts.roles import admin_role
from service.domain.errors import Refused
from service.storage.db import reading
from service.storage.members import members
from service.storage.members.member_search import Sought
from service.storage.organisations import organisations
from service.storage.pinyin import initials
from service.use_cases.demo.local_organisations import COUNTRY
from service.use_cases.deployment import Deployment
from service.use_cases.members.find_members import PER_PAGE, find_members
from service.use_cases.members.list_completeness import list_completeness
from service.use_cases.organisations.search_organisations import search_organisations
from service.use_cases.organisations.show_record import count_organisation

COMMON = (
    "街道", "中学", "有限公司", "党支部", "第一小学", "合作社", "村党支部", "社区", "卫生院", "新城", "zx", "dzb", "yxgs",
    "幼儿园党支部", "城关镇",
)  # fmt: skip
"""What hundreds of thousands of names hold."""
_NAMES = ("王", "张伟", "李娜", "陈建国", "刘", "赵静", "欧阳", "zw", "wxm", "lg")
_SEARCHES = 1_000
_PAGES = 40
_DEEP = 10_000 // PER_PAGE
_SHOWN = 20
_TOWNSHIP = 9
"""Digits of the code of a township; the first two are its province, the first four its city."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Codes and short names of some organisations of the tree, by lot."""

    codes: Sequence[str]
    names: Sequence[str]

    def places(self) -> tuple[str, str]:
        """A province and a city: those of the middle of the sample."""
        code = sorted(each for each in self.codes if len(each) >= _TOWNSHIP)[len(self.codes) // 2]
        return code[:2], code[:4]


def target_searches(sample: Sample, *, group: str, goal: str) -> Iterator[Measure]:
    """A mixture of searches: parts of names, first letters, codes, and what very many names hold."""
    chance = random.Random(5)
    kinds: dict[str, Callable[[], str]] = {
        "part of a name": lambda: _part(chance.choice(sample.names), chance, chance.choice((2, 3, 4, 6))),
        "first letters": lambda: _part(initials(chance.choice(sample.names)), chance, chance.choice((3, 4, 5, 6))),
        "code": lambda: chance.choice(sample.codes),
        "very common": lambda: chance.choice(COMMON),
    }
    everything: list[float] = []
    for kind, text in kinds.items():
        texts = [text() for _ in range(_SEARCHES // len(kinds))]
        _search(texts[0])
        taken = [_timed(lambda text=text: _search(text)) for text in texts]  # type: ignore[misc]
        everything += taken
        yield Measure(group, f"target search, {kind}, p99", _p99(taken), "ms")
    yield Measure(group, "target search, all, median", median(everything), "ms")
    yield Measure(group, "target search, all, p99", _p99(everything), "ms", goal=goal)


def member_pages(codes: Sequence[str], deployment: Deployment, *, group: str, goal: str) -> Iterator[Measure]:
    """Pages of the list of members of the root, a province and a city: first, middle, deep; by name, by number."""
    actor, now = _actor(), datetime.now(UTC)
    numbers = _numbers(deployment)
    everything: list[float] = []
    for kind, sought, pages in (
        ("no text, first page", [Sought()], (1,)),
        ("no text, middle page", [Sought()], (_DEEP // 2,)),
        ("no text, deepest page", [Sought()], (_DEEP,)),
        ("by name", [Sought(text=name) for name in _NAMES], (1, 2, 5)),
        ("by number", [Sought(text=number) for number in numbers], (1,)),
    ):
        asked = [(code, each, page) for code in codes for each in sought for page in pages]
        find_members(*asked[0][:2], actor=actor, now=now, deployment=deployment, page=asked[0][2])
        taken = [
            _timed(lambda one=one: find_members(*one[:2], actor=actor, now=now, deployment=deployment, page=one[2]))  # type: ignore[misc]
            for one in asked * max(1, _PAGES // len(asked))
        ]
        everything += taken
        yield Measure(group, f"members, {kind}, p99", _p99(taken), "ms")
    yield Measure(group, "members, all, median", median(everything), "ms")
    yield Measure(group, "members, all, p99", _p99(everything), "ms", goal=goal)


def counts(codes: Sequence[str], *, group: str) -> Iterator[Measure]:
    """Counts and completeness of the root, a province and a city: asked for the first time, and again."""
    actor = _actor()
    questions: dict[str, Callable[[str], object]] = {
        "counts": lambda code: count_organisation(code, actor=actor),
        "completeness": lambda code: list_completeness(code, actor=actor),
    }
    for name, ask in questions.items():
        for code in codes:
            yield Measure(group, f"{name} of {code}, first", _timed(lambda ask=ask, code=code: ask(code)), "ms")  # type: ignore[misc]
        again = [_timed(lambda ask=ask, code=code: ask(code)) for code in [*codes] * 5]  # type: ignore[misc]
        yield Measure(group, f"{name}, again, slowest", max(again), "ms", goal="<= 100")


def _actor() -> Actor:
    with reading():
        root = organisations.chain(COUNTRY)[0]
    return Actor(account_id=0, name="bench", role=admin_role(root.org_type), org=root)


def _numbers(deployment: Deployment) -> list[str]:
    with reading():
        path = organisations.path_of(organisations.chain(COUNTRY)[0].id)
        return [each.member.id_number for each in members.of_branches(path, deployment.vault, limit=10)]


def _search(text: str) -> None:
    with suppress(Refused):  # a part of a name may be too short: that, too, is an answer
        search_organisations(text, limit=_SHOWN)


def _part(text: str, chance: random.Random, length: int) -> str:
    first = chance.randrange(max(1, len(text) - length + 1))
    return text[first : first + length]


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1e3


def _p99(taken: Sequence[float]) -> float:
    return sorted(taken)[max(0, -(-len(taken) * 99 // 100) - 1)]
