"""The members an administrator looks after: those of his organisation and all below it (R-039, R-056)."""

from dataclasses import dataclass

from service.domain.accounts.actors import Actor
from service.domain.errors import Refused
from service.domain.members import identity_numbers
from service.storage.db import reading
from service.storage.members import members
from service.storage.members.members import Person
from service.storage.organisations import organisations
from service.use_cases.deployment import Deployment

PER_PAGE = 20
MOST_PER_PAGE = 200


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A member in a list; the identity number is masked (R-038)."""

    id: int
    name: str
    id_number: str
    sex: str
    kind: str
    branch_code: str | None
    branch_name: str


@dataclass(frozen=True, slots=True)
class MemberPage:
    """One page of members; pages count from 1."""

    items: tuple[MemberLine, ...]
    total: int
    page: int
    per_page: int


def list_members(
    *, actor: Actor, deployment: Deployment, name: str = "", page: int = 1, per_page: int = PER_PAGE
) -> MemberPage:
    """Members of the acting organisation's subtree, by exact name where one is given.

    Refuses E_FORBIDDEN for a role that does not decide for an organisation, E_QUERY_INVALID.
    """
    if actor.org is None or not actor.decides_for_org:
        raise Refused("E_FORBIDDEN")
    if page < 1 or not 1 <= per_page <= MOST_PER_PAGE:
        raise Refused("E_QUERY_INVALID", field="page")
    with reading():
        path = organisations.path_of(actor.org.id)
        found = members.of_branches(
            path, deployment.vault, name=name.strip(), limit=per_page, offset=(page - 1) * per_page
        )
        total = members.count_of_branches(path, name=name.strip())
        chains = organisations.chains({person.branch_code for person in found if person.branch_code})
    names = {code: chain[0].name for code, chain in chains.items()}
    return MemberPage(tuple(_line(person, names) for person in found), total, page, per_page)


def _line(person: Person, names: dict[str, str]) -> MemberLine:
    member = person.member
    return MemberLine(
        id=member.id,
        name=member.name,
        id_number=identity_numbers.masked(member.id_number),
        sex=member.sex.value,
        kind=member.kind.value,
        branch_code=person.branch_code,
        branch_name=names.get(person.branch_code or "", ""),
    )
