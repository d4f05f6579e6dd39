"""Change or take back a role that was granted (R-025, R-029)."""

from dataclasses import dataclass
from datetime import date, datetime

from service.domain.accounts import granting
from service.domain.accounts.actors import Actor
from service.domain.accounts.roles import BY_OPERATOR, Role
from service.domain.clock import local_date
from service.domain.errors import Refused
from service.domain.organisations.organisations import Organisation
from service.domain.plain import plain
from service.storage import audit
from service.storage.accounts import accounts, grants
from service.storage.accounts.grants import Grant
from service.storage.db import transaction
from service.use_cases.administrators.grant_role import LONGEST_DIVISION, subject_of
from service.use_cases.administrators.reach import require_grantable
from service.use_cases.deployment import Deployment

_CHANGED = ("is_default", "division", "valid_until")


@dataclass(frozen=True, slots=True)
class Terms:
    """What may be changed of a grant: default after log-in, division of work, last day."""

    is_default: bool = False
    division: str = ""
    valid_until: date | None = None


def change_grant(
    code: str,
    grant_id: int,
    terms: Terms,
    *,
    actor: Actor,
    now: datetime,
    deployment: Deployment,
) -> Grant:
    """Change default, division of work and last day; refuses E_ROLE_NOT_HELD and as `granting.require_may_grant`."""
    with transaction():
        before, org = require_grant(code, grant_id, actor=actor, deployment=deployment)
        granting.require_validity(terms.valid_until, today=local_date(now))
        text = terms.division.strip()[:LONGEST_DIVISION]
        grants.change(grant_id, is_default=terms.is_default, division=text, valid_until=terms.valid_until)
        after = grants.get(grant_id)
        assert after is not None  # noqa: S101 - it was changed just now
        audit.append(
            "change_grant",
            subject=subject_of(before, org.id),
            actor=actor,
            now=now,
            before={"role": before.role.value, **{name: plain(getattr(before, name)) for name in _CHANGED}},
            after={"role": after.role.value, **{name: plain(getattr(after, name)) for name in _CHANGED}},
        )
        return after


def revoke_role(code: str, grant_id: int, *, actor: Actor, now: datetime, deployment: Deployment) -> None:
    """Take a role back; sessions that act in it end at once. Refuses as above (R-029)."""
    with transaction():
        grant, org = require_grant(code, grant_id, actor=actor, deployment=deployment)
        take_back(grant, org_id=org.id, actor=actor, now=now)


def end_expired_grants(*, now: datetime) -> int:
    """Take back the roles whose last day is over; answers how many."""
    with transaction():
        over = grants.ended_before(local_date(now))
        for grant in over:
            take_back(grant, org_id=None, actor=None, now=now)
    return len(over)


def take_back(grant: Grant, *, org_id: int | None, actor: Actor | None, now: datetime) -> None:
    """End a grant and its sessions, with an entry in the log; inside a change."""
    accounts.close_sessions_of(grant.id)
    grants.remove(grant.id)
    before = {"role": grant.role.value, "org_code": grant.org_code, "valid_until": plain(grant.valid_until)}
    audit.append("revoke_role", subject=subject_of(grant, org_id), actor=actor, now=now, before=before)


def require_grant(code: str, grant_id: int, *, actor: Actor, deployment: Deployment) -> tuple[Grant, Organisation]:
    """A grant of this organisation that the actor may change.

    Refuses E_ROLE_NOT_HELD for any other, E_FORBIDDEN for one that only the operator or a security officer gives.
    """
    chain = require_grantable(code, actor=actor, profile=deployment.profile)
    grant = grants.get(grant_id)
    if grant is None or grant.org_code != code:
        raise Refused("E_ROLE_NOT_HELD")
    if actor.role is not Role.SECURITY_OFFICER and grant.role is Role.DATA_COLLECTOR:
        raise Refused("E_FORBIDDEN")
    # Whoever gives rights must not be rid of the auditor, nor the superior of the security officer below him.
    if grant.role in BY_OPERATOR:
        raise Refused("E_FORBIDDEN")
    return grant, chain[0]
