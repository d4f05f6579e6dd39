"""Who holds which role and which duty for an organisation, and what the actor may do about it (R-025, R-027, R-029)."""

from collections.abc import Sequence
from dataclasses import dataclass

from service.domain.accounts import granting
from service.domain.accounts.actors import Actor
from service.domain.accounts.roles import Role
from service.domain.errors import Refused
from service.domain.organisations.organisation_changes import require_in_reach
from service.domain.organisations.organisations import Organisation
from service.storage.accounts import duties, grants
from service.storage.accounts.duties import HeldDuty
from service.storage.accounts.grants import Grant
from service.storage.db import reading
from service.storage.members import members
from service.use_cases.administrators.reach import require_grantable
from service.use_cases.deployment import Deployment
from service.use_cases.organisations.chains import require_chain


@dataclass(frozen=True, slots=True)
class NamedDuty:
    """A duty with the name of who has it."""

    held: HeldDuty
    name: str


@dataclass(frozen=True, slots=True)
class Administrators:
    """`roles` are those the actor may grant here, () when he may none."""

    organisation: Organisation
    grants: Sequence[Grant]
    duties: Sequence[NamedDuty]
    roles: tuple[Role, ...]
    records_duties: bool


def list_administrators(code: str, *, actor: Actor, deployment: Deployment) -> Administrators:
    """Roles and duties of an organisation that is the actor's own or below it, or in a security officer's scope.

    Refuses E_ORG_NOT_FOUND, E_FORBIDDEN, E_ORG_OUT_OF_SCOPE.
    """
    with reading():
        chain = require_chain(code)
        roles = _roles(code, actor, deployment)
        if not roles:
            require_in_reach(actor, chain)
        return Administrators(
            organisation=chain[0],
            grants=grants.of_organisation(chain[0].id),
            duties=[NamedDuty(each, _name(each, deployment)) for each in duties.of_organisation(chain[0].id)],
            roles=roles,
            records_duties=_records_duties(code, actor, deployment),
        )


def _roles(code: str, actor: Actor, deployment: Deployment) -> tuple[Role, ...]:
    try:
        chain = require_grantable(code, actor=actor, profile=deployment.profile)
    except Refused:
        return ()
    return granting.possible_roles(chain[0], actor, deployment.profile)


def _records_duties(code: str, actor: Actor, deployment: Deployment) -> bool:
    try:
        granting.require_may_record_duty(actor, require_chain(code), deployment.profile)
    except Refused:
        return False
    return True


def _name(duty: HeldDuty, deployment: Deployment) -> str:
    person = members.by_id(duty.member_id, deployment.vault)
    return person.member.name if person else ""
