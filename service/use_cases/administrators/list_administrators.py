"""Who holds which role and which duty for an organisation, and what the actor may do about it (R-025, R-027, R-029)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from service.domain.accounts import granting
from service.domain.accounts.account_states import AccountState
from service.domain.accounts.actors import Actor
from service.domain.accounts.roles import Role
from service.domain.clock import local_date
from service.domain.errors import Refused
from service.domain.organisations.organisation_changes import require_in_reach
from service.domain.organisations.organisations import Organisation
from service.storage.accounts import accounts, duties, grants
from service.storage.accounts.duties import HeldDuty
from service.storage.accounts.grants import Grant
from service.storage.db import reading
from service.storage.members import members
from service.use_cases.accounts.show_member_account import state_of
from service.use_cases.administrators.reach import require_grantable
from service.use_cases.deployment import Deployment
from service.use_cases.organisations.chains import require_chain


@dataclass(frozen=True, slots=True)
class NamedDuty:
    """A duty with the name of who has it, and whether he can log in to make use of it."""

    held: HeldDuty
    name: str
    account: AccountState


@dataclass(frozen=True, slots=True)
class Administrators:
    """`roles` are those the actor may grant here, () when he may none; `states` how the accounts of the grants stand."""

    organisation: Organisation
    grants: Sequence[Grant]
    duties: Sequence[NamedDuty]
    roles: tuple[Role, ...]
    records_duties: bool
    states: Mapping[int, AccountState]


def list_administrators(code: str, *, actor: Actor, now: datetime, deployment: Deployment) -> Administrators:
    """Roles and duties of an organisation that is the actor's own or below it, or in a security officer's scope.

    Refuses E_ORG_NOT_FOUND, E_FORBIDDEN, E_ORG_OUT_OF_SCOPE.
    """
    with reading():
        chain = require_chain(code)
        roles = _roles(code, actor, deployment)
        if not roles:
            require_in_reach(actor, chain)
        held, today = grants.of_organisation(chain[0].id), local_date(now)
        return Administrators(
            organisation=chain[0],
            grants=held,
            duties=[_named(each, deployment, today) for each in duties.of_organisation(chain[0].id)],
            roles=roles,
            records_duties=_records_duties(code, actor, deployment),
            states={
                key: state_of(accounts.by_id(key), deployment.profile, today=today)
                for key in {each.account_id for each in held}
            },
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


def _named(duty: HeldDuty, deployment: Deployment, today: date) -> NamedDuty:
    person = members.by_id(duty.member_id, deployment.vault)
    state = state_of(accounts.of_member(duty.member_id), deployment.profile, today=today)
    return NamedDuty(duty, person.member.name if person else "", state)
