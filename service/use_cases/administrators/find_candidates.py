"""Whom a role may be given to: by exact name, identity number or assigned name; nobody else is found (R-028)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.domain.accounts import granting
from service.domain.accounts.actors import Actor
from service.domain.accounts.granting import Candidate, HeldRole
from service.domain.accounts.roles import Role
from service.domain.errors import Refused
from service.domain.organisations.organisations import Chain
from service.storage.accounts import accounts, grants
from service.storage.accounts.accounts import Account
from service.storage.db import reading
from service.storage.members import members
from service.storage.members.members import Person
from service.storage.organisations import organisations
from service.use_cases.accounts.log_in import login_index
from service.use_cases.administrators.reach import require_grantable
from service.use_cases.deployment import Deployment
from service.use_cases.organisations.chains import require_chain

MOST = 20
_Candidacy = tuple[Candidate, str, int | None]
_NUMBER = re.compile(r"[0-9]{17}[0-9Xx]")


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate with the name of his branch; `hindrance` says why he may not get the usual role, None if he may."""

    candidate: Candidate
    branch_name: str
    member_id: int | None
    hindrance: Refused | None


def find_candidates(code: str, text: str, *, actor: Actor, deployment: Deployment) -> Sequence[Found]:
    """Members below the acting organisation with this name or number, and virtual accounts of this name.

    Refuses as `granting.require_may_grant`, E_REQUIRED_FIELD without a text.
    """
    wanted = text.strip()
    if not wanted:
        raise Refused("E_REQUIRED_FIELD", field="text")
    with reading():
        chain, role = _reach(code, actor, deployment)
        held = held_for(chain[0].id)
        found = [*_members(wanted, actor, chain, deployment), *_virtual(wanted, deployment)]
        judged = ((each, _hindrance(each[0], role, chain, held, deployment)) for each in found[:MOST])
        return [Found(candidate, branch, member_id, why) for (candidate, branch, member_id), why in judged]


def _reach(code: str, actor: Actor, deployment: Deployment) -> tuple[Chain, Role | None]:
    """The organisation and its usual role; None for who may only record duties there (R-026)."""
    try:
        chain = require_grantable(code, actor=actor, profile=deployment.profile)
    except Refused:
        chain = require_chain(code)
        granting.require_may_record_duty(actor, chain, deployment.profile)
        return chain, None
    return chain, granting.possible_roles(chain[0], actor, deployment.profile)[0]


def held_for(org_id: int) -> Sequence[HeldRole]:
    """Who holds which role for an organisation."""
    return [HeldRole(each.account_id, each.role) for each in grants.of_organisation(org_id)]


def candidate_of(account: Account, deployment: Deployment) -> Candidate:
    """An account as a candidate; inside a reading or change."""
    person = members.by_id(account.member_id, deployment.vault) if account.member_id else None
    chain = organisations.chain(person.branch_code) if person and person.branch_code else ()
    return Candidate(account.id, account.name, chain, account.member_id is None, account.has_phone)


def _members(text: str, actor: Actor, chain: Chain, deployment: Deployment) -> Iterator[_Candidacy]:
    above = actor.org or chain[-1]
    people: Sequence[Person]
    if _NUMBER.fullmatch(text):
        people = [each for each in members.by_id_number(text.upper(), deployment.vault) if each.branch_code]
    else:
        people = members.of_branches(organisations.path_of(above.id), deployment.vault, name=text, limit=MOST)
    for person in people:
        branch = organisations.chain(person.branch_code or "")
        account = accounts.of_member(person.member.id)
        if account and branch and any(org.code == above.code for org in branch):
            yield candidate_of(account, deployment), branch[0].name, person.member.id


def _virtual(text: str, deployment: Deployment) -> Iterator[_Candidacy]:
    account = accounts.by_login(login_index(text, deployment))
    if account is not None and account.member_id is None:
        yield candidate_of(account, deployment), "", None


def _hindrance(
    candidate: Candidate, role: Role | None, chain: Chain, held: Sequence[HeldRole], deployment: Deployment
) -> Refused | None:
    if role is None:
        return None
    try:
        granting.require_candidate(candidate, role, chain[0], deployment.profile, held=held)
    except Refused as refused:
        return refused
    return None
