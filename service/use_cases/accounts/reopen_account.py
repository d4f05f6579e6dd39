"""A branch opens an account again that was closed because it still used the initial password (R-023)."""

from datetime import datetime

from service.domain.accounts import passwords
from service.domain.accounts.actors import Actor
from service.domain.accounts.passwords import PasswordKind
from service.domain.clock import local_date
from service.domain.errors import Refused
from service.storage import audit
from service.storage.accounts import accounts
from service.storage.accounts.accounts import Account
from service.storage.audit import Subject
from service.storage.db import transaction
from service.storage.members import members
from service.storage.members.members import Person
from service.storage.organisations import organisations
from service.use_cases.accounts.log_in import login_index
from service.use_cases.deployment import Deployment


def reopen_account(member_id: int, *, actor: Actor, now: datetime, deployment: Deployment) -> None:
    """Let the member log in with the initial password again; only the branch's own administrator may.

    Refuses E_MEMBER_NOT_FOUND for who is out of sight, E_FORBIDDEN, E_ACTION_NOT_ALLOWED for an account that is open.
    """
    with transaction():
        person = members.by_id(member_id, deployment.vault)
        chain = organisations.chain(person.branch_code or "") if person else ()
        if person is None or actor.org is None or all(org.code != actor.org.code for org in chain):
            raise Refused("E_MEMBER_NOT_FOUND")
        if not actor.decides_for_org or chain[0].code != actor.org.code:
            raise Refused("E_FORBIDDEN")
        account = accounts.of_member(member_id) or _unopened(person, deployment)
        today = local_date(now)
        if not passwords.is_closed(account.password_kind, account.activated_at, deployment.profile, today=today):
            raise Refused("E_ACTION_NOT_ALLOWED")
        accounts.activate(account.id, now=now)
        subject = Subject("account", str(account.id), chain[0].id)
        audit.append("reopen_account", subject=subject, actor=actor, now=now)


def _unopened(person: Person, deployment: Deployment) -> Account:
    """An account for a member who never logged in."""
    member = person.member
    if passwords.initial_password(deployment.profile, member.id_number) is None:
        raise Refused("E_ACTION_NOT_ALLOWED")
    index = login_index(member.id_number, deployment)
    kind = PasswordKind.INITIAL
    account_id = accounts.add(
        login_index=index, name=member.name, password_hash=None, member_id=member.id, password_kind=kind
    )
    return Account(account_id, member.name, member.id, None, password_kind=kind)
