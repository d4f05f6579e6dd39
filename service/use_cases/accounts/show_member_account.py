"""The account of a member as an administrator of his branch, or above it, sees it (R-023, R-033)."""

from dataclasses import dataclass
from datetime import date, datetime

from service.domain.accounts import passwords, phone_binding
from service.domain.accounts.account_states import AccountState, account_state
from service.domain.accounts.actors import Actor
from service.domain.accounts.passwords import PasswordKind
from service.domain.clock import local_date
from service.domain.errors import Refused
from service.domain.profile import Profile
from service.storage.accounts import accounts, phones
from service.storage.accounts.accounts import Account
from service.storage.db import reading
from service.storage.members import members
from service.storage.organisations import organisations
from service.use_cases.deployment import Deployment


@dataclass(frozen=True, slots=True)
class MemberAccount:
    """`phone` is the bound number, masked; `is_closed`: the initial password opens it no more (R-023)."""

    name: str
    state: AccountState
    phone: str
    is_closed: bool
    may_reopen: bool

    @property
    def is_open(self) -> bool:
        """Whether he has ever opened it and not had it reset since."""
        return self.state is not AccountState.NOT_OPEN


def show_member_account(member_id: int, *, actor: Actor, now: datetime, deployment: Deployment) -> MemberAccount:
    """Refuses E_MEMBER_NOT_FOUND for who is out of sight or has left, E_FORBIDDEN."""
    profile = deployment.profile
    with reading():
        person = members.by_id(member_id, deployment.vault)
        if person is None or person.member.status.is_historical:
            raise Refused("E_MEMBER_NOT_FOUND")
        chain = organisations.chain(person.branch_code or "")
        phone_binding.require_may_bind_for(actor, chain)
        account = accounts.of_member(member_id)
        kind = (
            account.password_kind
            if account
            else _kind_of_new(passwords.initial_password(profile, person.member.id_number))
        )
        since = account.activated_at if account else None
        is_closed = passwords.is_closed(kind, since, profile, today=local_date(now))
        return MemberAccount(
            name=person.member.name,
            state=state_of(account, profile, today=local_date(now)),
            phone=phone_binding.masked(phones.of_account(account.id, deployment.vault)) if account else "",
            is_closed=is_closed,
            may_reopen=is_closed and actor.org is not None and chain[0].code == actor.org.code,
        )


def state_of(account: Account | None, profile: Profile, *, today: date) -> AccountState:
    """How an account stands, None where somebody has none."""
    if account is None:
        return AccountState.NOT_OPEN
    return account_state(
        account.password_kind,
        has_password=account.password_hash is not None,
        is_active=account.status == "ACTIVE",
        is_closed=passwords.is_closed(account.password_kind, account.activated_at, profile, today=today),
    )


def _kind_of_new(initial: str | None) -> PasswordKind:
    """An account that nobody opened yet is opened with the initial password, where there is one."""
    return PasswordKind.OWN if initial is None else PasswordKind.INITIAL
