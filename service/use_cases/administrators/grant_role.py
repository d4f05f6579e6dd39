"""Give a role of an organisation to somebody, or what the operator appoints (R-025–R-028, R-030, R-031, R-034)."""

from dataclasses import dataclass
from datetime import date, datetime

from service.domain.accounts import granting
from service.domain.accounts.actors import Actor
from service.domain.accounts.granting import Candidate
from service.domain.accounts.roles import Role
from service.domain.clock import local_date
from service.domain.errors import Refused
from service.domain.plain import plain
from service.storage import audit
from service.storage.accounts import accounts, grants, phones
from service.storage.accounts.grants import Grant, NewGrant
from service.storage.audit import Subject
from service.storage.db import transaction
from service.use_cases.accounts.authorise_account import is_to_be_activated, issue_code
from service.use_cases.administrators.find_candidates import candidate_of, held_for
from service.use_cases.administrators.reach import require_grantable
from service.use_cases.deployment import Deployment

LONGEST_DIVISION = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be granted to whom; `role` None is the usual one of the organisation, `division` the division of work."""

    account_id: int
    role: Role | None = None
    is_default: bool = False
    division: str = ""
    valid_until: date | None = None


def grant_role(code: str, wanted: Wanted, *, actor: Actor, now: datetime, deployment: Deployment) -> Grant:
    """Grant a role of this organisation; it may be used from the next log-in on.

    Refuses as `granting.require_may_grant`, `require_eligible` and `require_candidate`, E_NOT_FOUND for an unknown account,
    E_FIELD_INVALID.
    """
    with transaction():
        chain = require_grantable(code, actor=actor, profile=deployment.profile)
        org = chain[0]
        possible = granting.possible_roles(org, actor, deployment.profile)
        role = wanted.role or possible[0]
        if role not in possible:
            raise Refused("E_FORBIDDEN", field="role", detail_zh=role.value, detail_en=role.value)
        granting.require_validity(wanted.valid_until, today=local_date(now))
        account = accounts.by_id(wanted.account_id)
        if account is None:
            raise Refused("E_NOT_FOUND")
        candidate = candidate_of(account, deployment)
        require_eligible(candidate, actor)
        granting.require_candidate(candidate, role, org, deployment.profile, held=held_for(org.id))
        new = NewGrant(
            account_id=account.id,
            role=role,
            org_id=org.id,
            is_default=wanted.is_default,
            division=wanted.division.strip()[:LONGEST_DIVISION],
            granted_by=actor.account_id,
            granted_at=now,
            valid_until=wanted.valid_until,
        )
        grant = add_grant(new, actor=actor, now=now)
        if actor.role is Role.SECURITY_OFFICER and is_to_be_activated(account, deployment):
            issue_code(account, actor=actor, now=now, deployment=deployment)
        return grant


def require_eligible(candidate: Candidate, actor: Actor) -> None:
    """Refuse whom this actor gives nothing, as `granting.require_eligible`; inside a change."""
    holds = {grant.role for grant in grants.of_account(candidate.account_id)}
    is_reported = phones.is_reported(candidate.account_id)
    granting.require_eligible(candidate, actor, holds=holds, is_reported=is_reported)


def add_grant(new: NewGrant, *, actor: Actor | None, now: datetime) -> Grant:
    """Store a grant with its entry in the log; inside a change."""
    grant = grants.get(grants.add(new))
    assert grant is not None  # noqa: S101 - it was stored just now
    after = {name: plain(getattr(grant, name)) for name in ("role", "org_code", "is_default", "duty", "valid_until")}
    audit.append("authorise", subject=subject_of(grant, new.org_id), actor=actor, now=now, after=after)
    return grant


def subject_of(grant: Grant, org_id: int | None) -> Subject:
    """A grant as the log names it."""
    return Subject("account", str(grant.account_id), org_id)
