"""What an applicant sees before he fills anything in: whose application it is, and what it will ask for (R-059, R-223).

What would refuse the application whatever is filled in refuses here already.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from service.definitions.forms import Form
from service.domain import applications, eligibility, identity_numbers
from service.domain.actors import Actor
from service.domain.applications import Circumstances
from service.domain.cases import RouteCase
from service.domain.clock import local_date
from service.domain.errors import Refused
from service.domain.organisations import Chain
from service.domain.roles import Role
from service.domain.varieties import Variety
from service.storage import members, organisations
from service.storage.db import reading
from service.storage.members import Person
from service.use_cases.deployment import Deployment
from service.use_cases.transfers import checking


@dataclass(frozen=True, slots=True)
class Applicant:
    """The member an application is for; the identity number is masked (R-038)."""

    id: int
    name: str
    id_number: str
    sex: str
    kind: str
    ethnicity: str
    branch_name: str
    mobile: str


@dataclass(frozen=True, slots=True)
class Draft:
    """An application to be filled in.

    `required` are the fields this profile asks for inside the province, `required_outside` those besides for a
    transfer outside. `member` is None for an incoming transfer.
    """

    form: Form
    required: tuple[str, ...]
    required_outside: tuple[str, ...]
    asks_attestation: bool
    member: Applicant | None = None


def draft_application(*, actor: Actor, member_id: int | None = None, now: datetime, deployment: Deployment) -> Draft:
    """Prepare an outgoing or internal transfer of the actor himself or of a member below his organisation.

    Refuses E_START_NOT_ALLOWED, E_NO_TRANSFER_PERMISSION, E_NO_MEMBER_SELECTED, E_MEMBER_NOT_FOUND,
    E_NOT_SUBORDINATE, and what concerns the member himself (R-056, R-057).
    """
    with reading():
        starter = checking.starter_chain(actor)
        own = starter or ()
        eligibility.check_start_right(RouteCase(origin=own, target=None, starter=starter), deployment.profile)
        person = _find(actor, member_id, deployment)
        origin = organisations.chain(person.branch_code) if person.branch_code else ()
        if not origin:
            raise Refused("E_NOT_SUBORDINATE")
        case = RouteCase(origin=origin, target=None, starter=starter)
        checking.check_person(person, case=case, profile=deployment.profile)
    around = Circumstances(
        profile=deployment.profile,
        today=local_date(now),
        is_outside=False,
        is_graduate=person.member.is_graduate,
        by_member=starter is None,
    )
    return _draft(deployment.catalogue.form("common", "apply"), around, _applicant(person, origin))


def draft_incoming(*, actor: Actor, now: datetime, deployment: Deployment) -> Draft:
    """Prepare the registration of a person from outside; refuses E_START_NOT_ALLOWED, E_NO_TRANSFER_PERMISSION."""
    with reading():
        starter = checking.starter_chain(actor)
        eligibility.check_start_right(RouteCase(origin=None, target=None, starter=starter), deployment.profile)
    around = Circumstances(profile=deployment.profile, today=local_date(now), is_outside=False, is_incoming=True)
    return _draft(deployment.catalogue.form(Variety.INCOMING.process_id, "apply"), around, None)


def _draft(form: Form, around: Circumstances, member: Applicant | None) -> Draft:
    inside = applications.required(around)
    outside = applications.required(replace(around, is_outside=True))
    always = tuple(each.name for each in form.fields if each.required)
    return Draft(
        form=form,
        required=tuple(dict.fromkeys((*always, *inside))),
        required_outside=tuple(name for name in outside if name not in inside),
        asks_attestation=around.profile.flag("start.attestation") and not around.is_incoming,
        member=member,
    )


def _find(actor: Actor, member_id: int | None, deployment: Deployment) -> Person:
    wanted = actor.member_id if actor.role is Role.MEMBER else member_id
    if wanted is None:
        raise Refused("E_NO_MEMBER_SELECTED", field="member_id")
    found = members.by_id(wanted, deployment.vault)
    if found is None:
        raise Refused("E_MEMBER_NOT_FOUND")
    return found


def _applicant(person: Person, origin: Chain) -> Applicant:
    member = person.member
    return Applicant(
        id=member.id,
        name=member.name,
        id_number=identity_numbers.masked(member.id_number),
        sex=member.sex.value,
        kind=member.kind.value,
        ethnicity=member.ethnicity,
        branch_name=origin[0].name,
        mobile=member.mobile,
    )
