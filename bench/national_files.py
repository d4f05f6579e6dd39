"""A nation to measure with: the real divisions with invented branches below their townships, and invented members.

The same numbers always make the same files. Nobody in them exists: the prefecture of the identity numbers (99) does
not, nor does any telephone number.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import chain, count, islice
from pathlib import Path
from typing import TextIO

from service.domain.members.identity_numbers import check_character
from service.domain.organisations.organisations import OrgType
from service.use_cases.demo.divisions import read_divisions
from service.use_cases.demo.local_organisations import COUNTRY, local_organisations, root_of_country
from service.use_cases.demo.people import HEADER as MEMBER_HEADER
from service.use_cases.demo.people import REGION
from service.use_cases.demo.rows import HEADER, OrganisationRow, write_lines

_TOWNSHIPS = frozenset({OrgType.WORKING_COMMITTEE, OrgType.PRIMARY_COMMITTEE})
_MARKS = "华兴同安永宁和顺金龙天河长青东方新盛德源宏远嘉禾广达百川"
_KINDS = (
    "中学", "第一小学", "中心幼儿园", "卫生院", "有限公司", "农业合作社", "建筑工程有限公司", "退休干部", "电子科技有限公司",
    "供销社", "养老院", "机械厂", "派出所", "税务所", "信用社", "物流有限公司",
)  # fmt: skip
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
_WEIGHTS = [100 / (place + 6) for place in range(len(_SURNAMES))]
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰建国文辉力宁海波志红春梅晓云飞雪莲"
_FIRST_BIRTH = date(1945, 1, 1)
_BIRTHS = 20_000
_SAMPLE = 20_000


def write_organisations(rows: int, file: TextIO) -> None:
    """Write so many organisations: root and divisions, at most half of them, then branches by township."""
    divisions = chain([root_of_country()], local_organisations(read_divisions(), root=COUNTRY))
    real = list(islice(divisions, rows // 2))
    write_lines(HEADER, real, file)
    townships = [row for row in real if row.org_type in _TOWNSHIPS]
    for number in range(rows - len(real)):
        above = townships[number % len(townships)]
        file.write(_branch(above, number, number // len(townships)))


def write_members(branches: Path, rows: int, file: TextIO) -> None:
    """Write so many members into the branches of a file that `write_organisations` wrote, province after province."""
    file.write(",".join(MEMBER_HEADER) + "\n")
    chance = random.Random(4)
    names = _names(chance)
    file.writelines(
        _member(number, branch, names[chance.randrange(_SAMPLE)])
        for number, branch in zip(range(rows), _branches(branches, rows, chance), strict=False)
    )


def _branch(above: OrganisationRow, number: int, place: int) -> str:
    mark = _MARKS[place % len(_MARKS)] + _MARKS[(place * 7 + number) % len(_MARKS)]
    seat = above.short_name.removesuffix("党工委").removesuffix("党委")
    name = f"{mark}{_KINDS[place % len(_KINDS)]}党支部"
    code, heading = f"{above.code}-{place}", f"中共{seat}{name}"
    return f"{code},{above.code},{seat}{name},{name},BRANCH,OTHER,BELOW_FIRST,NONE,true,,false,{heading},,,\n"


def _branches(file: Path, rows: int, chance: random.Random) -> Iterator[str]:
    """Codes of branches in the order of their codes, each as often as it has members."""
    with file.open(encoding="utf-8") as lines:
        codes = sorted(line.partition(",")[0] for line in lines if ",BRANCH," in line)
    for done in count():
        left = rows / len(codes) - done
        for code in codes:
            yield from [code] * chance.randrange(0, max(3, int(2 * left) + 1))


def _names(chance: random.Random) -> list[str]:
    surnames = chance.choices(_SURNAMES, _WEIGHTS, k=_SAMPLE)
    return [each + "".join(chance.choices(_GIVEN, k=chance.choice((1, 2, 2)))) for each in surnames]


def _member(number: int, branch: str, name: str) -> str:
    born = _FIRST_BIRTH + timedelta(days=number % _BIRTHS)
    order, is_man = divmod(number // _BIRTHS, 1)[0] % 500, number % 3
    body = f"{REGION}{born:%Y%m%d}{order * 2 + (is_man > 0):03d}"
    joined, full = born.replace(day=1, year=born.year + 19), born.replace(day=1, year=born.year + 20)
    mobile = f"139{number:08d}"
    sex = "MALE" if is_man else "FEMALE"
    return f"{body}{check_character(body)},{name},{sex},FULL,{branch},汉族,{joined},{full},{mobile},ACTIVE,false\n"
