"""Record the duty of a member in an organisation; by profile it confers the role that goes with it (R-026, R-030)."""

from datetime import datetime

from service.domain.accounts import granting
from service.domain.accounts.actors import Actor
from service.domain.accounts.duties import Duty
from service.domain.errors import Refused
from service.storage import audit
from service.storage.accounts import accounts, duties, grants
from service.storage.accounts.grants import NewGrant
from service.storage.audit import Subject
from service.storage.db import transaction
from service.storage.members import members
from service.storage.organisations import organisations
from service.use_cases.administrators.change_grant import take_back
from service.use_cases.administrators.find_candidates import candidate_of, held_for
from service.use_cases.administrators.grant_role import add_grant, require_eligible
from service.use_cases.deployment import Deployment
from service.use_cases.organisations.chains import require_chain


def record_duty(
    code: str, member_id: int, duty: Duty | None, *, actor: Actor, now: datetime, deployment: Deployment
) -> None:
    """Record or, with None, take back a duty, and with it the role it confers.

    Refuses as `granting.require_may_record_duty`, E_MEMBER_NOT_FOUND, E_CANDIDATE_NOT_MEMBER for who is no member
    there, E_CANDIDATE_NOT_IN_BRANCH.
    """
    with transaction():
        chain = require_chain(code)
        granting.require_may_record_duty(actor, chain, deployment.profile)
        person = members.by_id(member_id, deployment.vault)
        if person is None:
            raise Refused("E_MEMBER_NOT_FOUND")
        place = organisations.chain(person.branch_code or "")
        if all(org.code != code for org in place):
            raise Refused("E_CANDIDATE_NOT_MEMBER")
        org = chain[0]
        before = next((each.duty for each in duties.of_member(member_id) if each.org_code == code), None)
        _take_back_conferred(member_id, org.id, actor, now)
        if duty is None:
            duties.remove(member_id, org.id)
        else:
            duties.record(member_id, org.id, duty, recorded_by=actor.account_id, now=now)
            _confer(member_id, code, duty, actor, now, deployment)
        audit.append(
            "record_duty",
            subject=Subject("member", str(member_id), org.id),
            actor=actor,
            now=now,
            before={"org": code, "duty": before.value if before else None},
            after={"org": code, "duty": duty.value if duty else None},
        )


def _confer(member_id: int, code: str, duty: Duty, actor: Actor, now: datetime, deployment: Deployment) -> None:
    org = require_chain(code)[0]
    role = granting.role_of_duty(duty, org, deployment.profile)
    account = accounts.of_member(member_id)
    if role is None or account is None:
        return
    held = held_for(org.id)
    if any(each.account_id == account.id and each.role is role for each in held):
        return
    candidate = candidate_of(account, deployment)
    require_eligible(candidate, actor)
    granting.require_candidate(candidate, role, org, deployment.profile, held=held)
    is_first = not grants.of_account(account.id)
    new = NewGrant(
        account_id=account.id, role=role, org_id=org.id, is_default=is_first, duty=duty.value,
        granted_by=actor.account_id, granted_at=now,
    )  # fmt: skip
    add_grant(new, actor=actor, now=now)


def _take_back_conferred(member_id: int, org_id: int, actor: Actor, now: datetime) -> None:
    """What a duty conferred ends with it; a role granted by itself stays."""
    account = accounts.of_member(member_id)
    for grant in grants.of_organisation(org_id):
        if account is not None and grant.account_id == account.id and grant.duty is not None:
            take_back(grant, org_id=org_id, actor=actor, now=now)
