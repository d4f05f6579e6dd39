"""The members an organisation may choose for a transfer, and why some of them cannot be chosen (R-053, R-054, R-057)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from service.domain.accounts.actors import Actor
from service.domain.applying import applicants, eligibility
from service.domain.errors import Refused
from service.domain.members import identity_numbers
from service.domain.names import normalised
from service.domain.organisations.organisations import Chain
from service.storage.db import reading
from service.storage.members import members
from service.storage.members.members import Person
from service.storage.organisations import organisations, own_branches
from service.storage.organisations.own_branches import Branches
from service.storage.transfers import transfers
from service.use_cases.deployment import Deployment
from service.use_cases.transfers.opening import Opened, open_start

PER_PAGE = 20
MOST_PER_PAGE = 200


@dataclass(frozen=True, slots=True)
class CandidateLine:
    """A member in the list; the identity number is masked (R-038). `hindrance` is why he cannot be chosen."""

    id: int
    name: str
    id_number: str
    sex: str
    kind: str
    branch_code: str
    branch_name: str
    hindrance: Refused | None


@dataclass(frozen=True, slots=True)
class Candidates:
    """One page of members, counted from 1; `takes_several`: whether more than one may be chosen (R-080)."""

    items: tuple[CandidateLine, ...]
    total: int
    page: int
    per_page: int
    takes_several: bool


def list_candidates(
    *, actor: Actor, now: datetime, deployment: Deployment, name: str = "", page: int = 1, per_page: int = PER_PAGE
) -> Candidates:
    """Members whose transfer this organisation may start, by exact name where one is given.

    Refuses E_START_NOT_ALLOWED, E_NO_TRANSFER_PERMISSION, E_QUERY_INVALID.
    """
    if page < 1 or not 1 <= per_page <= MOST_PER_PAGE:
        raise Refused("E_QUERY_INVALID", field="page")
    with reading():
        opened = open_start(actor, now=now, deployment=deployment)
        branches, wanted = _branches(opened), normalised(name)
        found = members.present(branches, deployment.vault, name=wanted, limit=per_page, offset=(page - 1) * per_page)
        total = members.count_present(branches, name=wanted)
        chains = organisations.chains({person.branch_code for person in found if person.branch_code})
        busy = transfers.in_transfer(person.member.id for person in found)
    lines = tuple(_line(person, chains, busy, opened) for person in found)
    return Candidates(lines, total, page, per_page, opened.profile.flag("start.multi_member"))


def _branches(opened: Opened) -> Branches:
    if opened.starting is None:
        # A member chooses nobody; his own application names him.
        raise Refused("E_FORBIDDEN")
    starter = opened.starting[0]
    if eligibility.starts_for_own_branches(starter, opened.profile):
        return own_branches.of(starter.id)
    return organisations.inside(organisations.path_of(starter.id))


def _line(person: Person, chains: Mapping[str, Chain], busy: frozenset[int], opened: Opened) -> CandidateLine:
    member, code = person.member, person.branch_code or ""
    candidate = applicants.Candidate(member, chains.get(code, ()), is_in_transfer=member.id in busy)
    return CandidateLine(
        id=member.id,
        name=member.name,
        id_number=identity_numbers.masked(member.id_number),
        sex=member.sex.value,
        kind=member.kind.value,
        branch_code=code,
        branch_name=chains[code][0].name if code in chains else "",
        hindrance=_hindrance(candidate, opened),
    )


def _hindrance(candidate: applicants.Candidate, opened: Opened) -> Refused | None:
    # What he administers is asked when he is chosen.
    try:
        applicants.check_candidate(candidate, opened.starting, opened.profile)
    except Refused as refusal:
        return refusal
    return None
