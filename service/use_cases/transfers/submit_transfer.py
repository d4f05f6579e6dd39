"""A member applies for himself, or an organisation for one of its members (R-050–R-081)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from service.domain import eligibility, identity_numbers
from service.domain.actors import Actor
from service.domain.cases import RouteCase
from service.domain.clock import local_date
from service.domain.errors import Refused
from service.domain.plain import plain
from service.domain.roles import Role
from service.domain.routes import Route
from service.storage import members, organisations, requests
from service.storage.db import reading, transaction
from service.storage.members import Person
from service.use_cases.deployment import Deployment
from service.use_cases.transfers import asking, checking
from service.use_cases.transfers.answer import Answer, digest_of, repeated
from service.use_cases.transfers.checking import Checked
from service.use_cases.transfers.starting import Start, start

Answers = Mapping[str, object]
_COMMON = "common"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The member that an organisation chose: by key, or by name and identity number (R-055)."""

    member_id: int | None = None
    name: str = ""
    id_number: str = ""


HIMSELF = Chosen()
"""Nobody was chosen: the member acts for himself."""


def submit_transfer(
    answers: Answers,
    *,
    actor: Actor,
    chosen: Chosen = HIMSELF,
    key: str,
    now: datetime,
    deployment: Deployment,
) -> Answer:
    """Start an outgoing or internal transfer.

    Refuses in the order of R-227 with the codes of 2.5; a refusal has changed nothing.
    """
    body = {
        "member": chosen.member_id,
        "name": chosen.name,
        "id_number": deployment.vault.index(chosen.id_number),
        "answers": plain(dict(answers)),
    }
    body_digest = digest_of(body)
    with transaction():
        if known := requests.find(actor.account_id, key, body_digest):
            return repeated(known)
        person, checked = _check(answers, actor, chosen, now, deployment)
        checking.plan(checked, deployment.profile)
        return start(Start(checked, person, actor, key, body_digest, now), deployment=deployment)


def preview_application(
    answers: Answers,
    *,
    actor: Actor,
    chosen: Chosen = HIMSELF,
    now: datetime,
    deployment: Deployment,
) -> Route:
    """Show the route of an application before it is confirmed (R-074); checks all but the tick-box."""
    ticked = {**answers, "attestation": True}
    with reading():
        _, checked = _check(ticked, actor, chosen, now, deployment)
        return checking.plan(checked, deployment.profile)


def _check(
    answers: Answers, actor: Actor, chosen: Chosen, now: datetime, deployment: Deployment
) -> tuple[Person, Checked]:
    profile = deployment.profile
    starter = checking.starter_chain(actor)
    # The right to start depends on the starter alone; the origin is looked up after it.
    own = starter or ()
    eligibility.check_start_right(RouteCase(origin=own, target=None, starter=starter), profile)
    person = _find(actor, chosen, now, deployment)
    origin = organisations.chain(person.branch_code) if person.branch_code else ()
    if not origin:
        raise Refused("E_NOT_SUBORDINATE")
    whereabouts = RouteCase(origin=origin, target=None, starter=starter)
    eligibility.check_subordinate(whereabouts, profile)
    _require_name(person, chosen.name)
    checking.check_person(person, case=whereabouts, profile=profile)
    case = asking.read_case(answers, origin=origin, starter=starter, is_graduate=person.member.is_graduate)
    form = deployment.catalogue.form(_COMMON, "apply")
    return person, checking.check_application(answers, case=case, form=form, profile=profile, now=now)


def _find(actor: Actor, chosen: Chosen, now: datetime, deployment: Deployment) -> Person:
    member_id, name, id_number = chosen.member_id, chosen.name, chosen.id_number
    found: Person | None
    if actor.role is Role.MEMBER:
        # A member can apply for himself only.
        if actor.member_id is None or member_id not in (None, actor.member_id) or name or id_number:
            raise Refused("E_FORBIDDEN")
        found = members.by_id(actor.member_id, deployment.vault)
    elif member_id is not None:
        found = members.by_id(member_id, deployment.vault)
    elif id_number:
        number = identity_numbers.parse(id_number, today=local_date(now))
        found = next(iter(members.by_id_number(number, deployment.vault)), None)
    else:
        raise Refused("E_NO_MEMBER_SELECTED", field="member_id")
    if found is None:
        raise Refused("E_MEMBER_NOT_FOUND")
    return found


def _require_name(person: Person, name: str) -> None:
    if name and name.strip() != person.member.name:
        raise Refused("E_ID_MISMATCH", field="name")
