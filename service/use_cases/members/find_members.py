"""The list of members with the completeness of each, searched, and as an Excel file (R-208, R-209, R-038)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from service.domain.accounts.actors import Actor
from service.domain.clock import local_date
from service.domain.errors import Refused
from service.domain.members import identity_numbers, member_details, member_keeping
from service.domain.members.member_details import NO_DETAILS
from service.domain.members.members import age
from service.printing import spreadsheets
from service.storage.db import reading
from service.storage.members import member_details as stored_details
from service.storage.members import member_search
from service.storage.members.member_search import Sought
from service.storage.members.members import Person
from service.storage.organisations import organisations
from service.use_cases.deployment import Deployment
from service.use_cases.organisations.chains import require_chain

PER_PAGE, MOST_PER_PAGE = 20, 200
_HEADER = (
    "姓名", "性别", "身份证号", "出生年份", "年龄", "民族", "党员类别", "入党日期", "转正日期", "失联", "所在党组织",
    "党组织编码", "信息完整度（%）",
)  # fmt: skip
_SEX = {"MALE": "男", "FEMALE": "女"}
_KIND = {"FULL": "正式党员", "PROBATIONARY": "预备党员"}


@dataclass(frozen=True, slots=True)
class ListedMember:
    """A member in a list; the identity number is masked, and no day of birth fills in what is missing (R-038).

    Completeness is in per cent.
    """

    id: int
    name: str
    id_number: str
    sex: str
    birth_year: int
    age: int
    ethnicity: str
    kind: str
    status: str
    joined_on: date | None
    full_on: date | None
    is_lost_contact: bool
    branch_code: str
    branch_name: str
    completeness: int


@dataclass(frozen=True, slots=True)
class FoundMembers:
    """One page; `is_more` says that there are more than the `total` that was counted."""

    items: Sequence[ListedMember]
    total: int
    is_more: bool
    page: int
    per_page: int


def find_members(
    code: str, sought: Sought, *, actor: Actor, now: datetime, deployment: Deployment, page: int = 1
) -> FoundMembers:
    """Members of an organisation and below; refuses E_ORG_NOT_FOUND, E_FORBIDDEN, E_NOT_FOUND, E_QUERY_INVALID."""
    most = member_search.most_counted(sought)
    if page < 1 or (page - 1) * PER_PAGE > most:
        raise Refused("E_QUERY_INVALID", field="page")
    with reading():
        path, vault = _path(code, actor), deployment.vault
        found, total = member_search.page(path, sought, vault, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
        items = _listed(found, deployment, local_date(now))
        return FoundMembers(items, min(total, most), total > most, page, PER_PAGE)


def export_members(code: str, sought: Sought, *, actor: Actor, now: datetime, deployment: Deployment) -> bytes:
    """The whole list as an Excel file, identity numbers masked; refuses as the list does, and E_EXPORT_LIMIT."""
    with reading():
        path = _path(code, actor)
        found = member_search.found(path, sought, deployment.vault, limit=spreadsheets.MOST_ROWS + 1)
        if len(found) > spreadsheets.MOST_ROWS:
            raise Refused("E_EXPORT_LIMIT")
        listed = _listed(found, deployment, local_date(now))
    return spreadsheets.write("党员", _HEADER, map(_row, listed))


def _path(code: str, actor: Actor) -> str:
    chain = require_chain(code)
    member_keeping.require_seen(actor, chain)
    return organisations.path_of(chain[0].id)


def _listed(found: Sequence[Person], deployment: Deployment, today: date) -> list[ListedMember]:
    keys = [person.member.id for person in found]
    filled, details = _in_parts(keys, found, deployment)
    chains = organisations.chains({person.branch_code for person in found if person.branch_code})
    listed = []
    for person in found:
        member, code = person.member, person.branch_code or ""
        listed.append(
            ListedMember(
                **{name: getattr(member, name) for name in ("id", "name", "ethnicity", "joined_on")},
                birth_year=member.birth_date.year,
                full_on=member.full_on,
                id_number=identity_numbers.masked(member.id_number),
                sex=member.sex.value,
                age=age(member.birth_date, today),
                kind=member.kind.value,
                status=member.status.value,
                is_lost_contact=details.get(member.id, NO_DETAILS).is_lost_contact,
                branch_code=code,
                branch_name=chains[code][0].name if code in chains else "",
                completeness=member_details.percent(filled[member.id], member.kind),
            )
        )
    return listed


_PART = 500


def _in_parts(
    keys: Sequence[int], found: Sequence[Person], deployment: Deployment
) -> tuple[dict[int, int], dict[int, member_details.Details]]:
    """What is asked by key, so many keys at a time as a statement may hold."""
    filled: dict[int, int] = {}
    details: dict[int, member_details.Details] = {}
    for first in range(0, len(keys), _PART):
        filled |= member_search.filled_of(keys[first : first + _PART])
        details |= stored_details.of_people(found[first : first + _PART], deployment.vault)
    return filled, details


def _row(member: ListedMember) -> tuple[object, ...]:
    return (
        member.name,
        _SEX[member.sex],
        member.id_number,
        member.birth_year,
        member.age,
        member.ethnicity,
        _KIND[member.kind],
        member.joined_on,
        member.full_on,
        "是" if member.is_lost_contact else "否",
        member.branch_name,
        member.branch_code,
        member.completeness,
    )
