"""What an applicant sees before he fills anything in: whose application it is, and what it will ask for (R-059, R-223).

What would refuse the application whatever is filled in refuses here already.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from service.definitions.forms import Form
from service.domain.accounts.actors import Actor
from service.domain.applying import applications, choosing, prefilled
from service.domain.applying.applications import Circumstances
from service.domain.applying.choosing import HIMSELF, Chosen, Selected
from service.domain.members import identity_numbers, members
from service.domain.organisations import tree
from service.domain.organisations.organisations import Chain
from service.domain.routes.cases import RouteCase
from service.storage.db import reading
from service.storage.organisations import organisations
from service.use_cases.deployment import Deployment
from service.use_cases.transfers.checking import form_of_start
from service.use_cases.transfers.identifying import Applicant as Found
from service.use_cases.transfers.identifying import identify
from service.use_cases.transfers.opening import Opened, open_start
from service.use_cases.transfers.submit_several import identify_one


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
    transfer outside, `not_asked` those it never asks the applicant for. `values` stand in the fields at first; those of
    read-only fields cannot be changed. `chooses_variety`: the starter says which variety it is (R-073). `member` is None
    for an incoming transfer and for several members, who are `members` then.
    """

    form: Form
    required: tuple[str, ...]
    required_outside: tuple[str, ...]
    asks_attestation: bool
    values: Mapping[str, str]
    not_asked: frozenset[str]
    chooses_variety: bool
    member: Applicant | None = None
    members: tuple[Applicant, ...] = ()


def draft_application(*, actor: Actor, chosen: Chosen = HIMSELF, now: datetime, deployment: Deployment) -> Draft:
    """Prepare an outgoing or internal transfer of the actor himself or of a member below his organisation.

    Refuses what would refuse the application whatever is filled in: as `open_start` and `identify`.
    """
    with reading():
        opened = open_start(actor, now=now, deployment=deployment)
        applicant = identify(chosen, opened)
        member = applicant.person.member
        case = RouteCase(applicant.home, None, opened.starting, is_graduate=member.is_graduate)
        around = Circumstances.of(case, profile=opened.profile, today=opened.today)
        values = _first_values(applicant, around, opened)
    return _draft(form_of_start(opened), around, values, _shown(applicant))


def draft_several(*, actor: Actor, selected: Iterable[Selected], now: datetime, deployment: Deployment) -> Draft:
    """Prepare one application for several members; what is each one's own is left to him (R-080).

    Refuses as `choosing.several`, then as `draft_application`, naming the member.
    """
    with reading():
        opened = open_start(actor, now=now, deployment=deployment)
        named = choosing.several(selected, opened.profile)
        found = [identify_one(each, opened) for each in named]
        assert opened.starting is not None  # noqa: S101 - a member chooses nobody
        case = RouteCase(found[0].home, None, opened.starting)
        around = Circumstances.of(case, profile=opened.profile, today=opened.today)
        values = {"issuer": prefilled.of_incoming(opened.starting)["issuer"], "application_date": around.first_date}
    draft = _draft(form_of_start(opened), around, values, None)
    return replace(draft, members=tuple(_shown(each) for each in found))


def draft_incoming(*, actor: Actor, now: datetime, deployment: Deployment) -> Draft:
    """Prepare the registration of a person from outside; refuses E_START_NOT_ALLOWED, E_NO_TRANSFER_PERMISSION."""
    with reading():
        opened = open_start(actor, now=now, deployment=deployment, is_incoming=True)
    assert opened.starting is not None  # noqa: S101 - nobody registers himself
    around = Circumstances.of(RouteCase(None, None, opened.starting), profile=opened.profile, today=opened.today)
    return _draft(form_of_start(opened, is_incoming=True), around, prefilled.of_incoming(opened.starting), None)


def _draft(form: Form, around: Circumstances, values: Mapping[str, str], member: Applicant | None) -> Draft:
    inside = applications.required(around)
    outside = () if around.is_incoming else applications.required(replace(around, is_outside=True))
    always = tuple(each.name for each in form.fields if each.required)
    return Draft(
        form=form,
        required=tuple(dict.fromkeys((*always, *inside))),
        required_outside=tuple(name for name in outside if name not in inside),
        asks_attestation=applications.asks_attestation(around),
        values=values,
        not_asked=applications.not_asked(around),
        chooses_variety=around.profile.flag("start.variety_choice") and not around.is_incoming,
        member=member,
    )


def _first_values(applicant: Found, around: Circumstances, opened: Opened) -> Mapping[str, str]:
    """What stands in the fields before anything is filled in (R-058, R-061, R-064, R-066)."""
    member = applicant.person.member
    values = {
        **prefilled.of_start(member, applicant.home, opened.starting, opened.today),
        "age": str(members.age(member.birth_date, opened.today)),
        "contact": member.mobile,
        "application_date": around.first_date,
    }
    if around.profile.flag("start.committee_block"):
        values |= _committee_block(applicant.home, around)
    return {name: value for name, value in values.items() if value}


def _committee_block(home: Chain, around: Circumstances) -> Mapping[str, str]:
    committee = next((org for org in home if tree.is_committee(org)), None)
    known = organisations.details(committee.code) if committee else None
    if known is None:
        return {}
    block = {name: str(known.get(name.removeprefix("committee_")) or "") for name in applications.COMMITTEE_BLOCK}
    return {**block, "committee_name": around.committee}


def _shown(applicant: Found) -> Applicant:
    member = applicant.person.member
    return Applicant(
        id=member.id,
        name=member.name,
        id_number=identity_numbers.masked(member.id_number),
        sex=member.sex.value,
        kind=member.kind.value,
        ethnicity=member.ethnicity,
        branch_name=applicant.home[0].name,
        mobile=member.mobile,
    )
