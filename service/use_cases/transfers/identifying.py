"""Finds the member an application is for, and asks whether he may be transferred (R-055–R-057, R-227 groups 3 to 5)."""

from dataclasses import dataclass

from service.domain.applying import choosing, starts
from service.domain.applying.applicants import Candidate
from service.domain.applying.choosing import Chosen
from service.domain.errors import Refused
from service.domain.members import identity_numbers
from service.domain.organisations.organisations import Chain
from service.storage.accounts import offices
from service.storage.members import members
from service.storage.members.members import Person
from service.storage.organisations import organisations
from service.storage.transfers import transfers
from service.use_cases.transfers.opening import Opened


@dataclass(frozen=True, slots=True)
class Applicant:
    """A member who may be transferred; `home` is up(o), the chain of his branch."""

    person: Person
    home: Chain


def identify(chosen: Chosen, opened: Opened) -> Applicant:
    """Find and check the member.

    Refuses as `choosing.whom`, E_ID_FORMAT, E_ID_CHECKSUM, E_MEMBER_NOT_FOUND, as `applicants.check_candidate`.
    """
    meant = choosing.whom(chosen, opened.actor)
    person = _find(meant, opened)
    home = organisations.chain(person.branch_code) if person.branch_code else ()
    candidate = Candidate(
        member=person.member,
        home=home,
        typed_name=meant.name,
        is_in_transfer=transfers.unfinished_of(person.member.id) is not None,
        office=offices.of_member(person.member.id, person.member.branch_id),
    )
    starts.check_candidate(candidate, opened.starting, opened.profile)
    return Applicant(person, home)


def _find(chosen: Chosen, opened: Opened) -> Person:
    vault = opened.deployment.vault
    if chosen.member_id is not None:
        found = members.by_id(chosen.member_id, vault)
    else:
        number = identity_numbers.parse(chosen.id_number, today=opened.today)
        found = next(iter(members.by_id_number(number, vault)), None)
    if found is None:
        raise Refused("E_MEMBER_NOT_FOUND")
    return found
