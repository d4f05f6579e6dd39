"""Invented members: numbers with a correct check character, of a prefecture (99) that does not exist.

The same seed always makes the same people, so that a demonstration can be told again.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import TextIO

from service.domain.members.identity_numbers import check_character
from service.domain.members.members import MemberKind, Sex
from service.use_cases.demo.rows import write_lines

REGION = "359901"
_SURNAMES = "陈林黄张吴李王郑刘杨许蔡苏叶谢何曾罗江邱徐周赖郭洪沈"
_GIVEN = "安博晨达恩芳国海嘉杰康丽敏宁平清荣书涛婷伟文欣秀雪雅英永玉远云泽志"
_ETHNICITIES = ("汉族",) * 18 + ("畲族", "回族")
_ADULT = 18
_OLDEST = 75
_PROBATION = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRow:
    """One line of the members file; the fields stand in the order of its header."""

    id_number: str
    name: str
    sex: Sex
    kind: MemberKind
    branch_code: str
    ethnicity: str
    joined_on: date
    full_on: date | None
    mobile: str
    status: str = "ACTIVE"
    is_graduate: bool = False


HEADER = tuple(field.name for field in fields(MemberRow))


def write_members(rows: Iterable[MemberRow], file: TextIO) -> int:
    """Write a whole file of members; answer their number."""
    return write_lines(HEADER, rows, file)


def invent_members(branches: Iterable[str], *, per_branch: int, today: date, seed: int = 1) -> Iterator[MemberRow]:
    """Invent members of these branches; the first of each branch is a full member."""
    chance = random.Random(seed)  # noqa: S311 - invented people are no secrets
    number = 0
    for branch in branches:
        for place in range(per_branch):
            number += 1
            yield _member(branch, number, is_full=place == 0, today=today, chance=chance)


def id_number(born: date, order: int, sex: Sex) -> str:
    """Make a number from a birth date and an order below 500; its 17th digit tells the sex."""
    sequence = order * 2 + (sex is Sex.MALE)
    body = f"{REGION}{born:%Y%m%d}{sequence:03d}"
    return body + check_character(body)


def _member(branch: str, number: int, *, is_full: bool, today: date, chance: random.Random) -> MemberRow:
    sex = chance.choice((Sex.MALE, Sex.FEMALE))
    age = timedelta(days=chance.randrange(366 * (_ADULT + 3), 365 * _OLDEST))
    born = today - age
    grown = born + timedelta(days=366 * _ADULT)
    joined = grown + timedelta(days=chance.randrange((today - grown).days))
    full_on = joined + _PROBATION
    is_member = is_full or full_on <= today
    if full_on > today and is_member:
        joined, full_on = grown, grown + _PROBATION
    return MemberRow(
        id_number=id_number(born, number % 500, sex),
        name=chance.choice(_SURNAMES) + "".join(chance.choices(_GIVEN, k=chance.choice((1, 2, 2)))),
        sex=sex,
        kind=MemberKind.FULL if is_member else MemberKind.PROBATIONARY,
        branch_code=branch,
        ethnicity=chance.choice(_ETHNICITIES),
        joined_on=joined,
        full_on=full_on if is_member else None,
        mobile=f"139000{number:05d}",
    )
