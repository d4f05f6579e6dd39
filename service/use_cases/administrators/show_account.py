"""An account of others as the superior who grants roles sees it, before he resets or binds anything (R-029, R-036)."""

from collections.abc import Sequence
from dataclasses import dataclass

from service.domain.accounts import certificates as rules
from service.domain.accounts import phone_binding
from service.domain.accounts.actors import Actor
from service.domain.accounts.passwords import PasswordKind
from service.domain.accounts.roles import Role
from service.domain.errors import Refused
from service.domain.organisations.organisations import Organisation
from service.storage.accounts import certificates, grants, phones, second_factors
from service.storage.accounts.certificates import Bound
from service.storage.accounts.grants import Grant
from service.storage.db import reading
from service.use_cases.accounts.authorise_account import is_to_be_activated
from service.use_cases.accounts.reset_password import account_here, initial_kind, require_not_above
from service.use_cases.deployment import Deployment


@dataclass(frozen=True, slots=True)
class ShownAccount:
    """An account; `roles` are those for this organisation, `phone` is masked, `may_reset` covers password and factors.

    `opens_with`: by what password it would be opened after a reset; OWN where a code goes to the telephone.
    """

    account_id: int
    name: str
    organisation: Organisation
    is_virtual: bool
    is_to_be_activated: bool
    phone: str
    roles: Sequence[Grant]
    second_factors: int
    certificates: Sequence[Bound]
    needs_certificate: bool
    may_reset: bool
    opens_with: PasswordKind

    @property
    def takes_certificates(self) -> bool:
        """Certificates are bound to who has a role here."""
        return any(grant.role is not Role.MEMBER for grant in self.roles)


def show_account(code: str, account_id: int, *, actor: Actor, deployment: Deployment) -> ShownAccount:
    """Refuses as `reset_password.account_here`."""
    with reading():
        account, chain = account_here(code, account_id, actor, deployment)
        return ShownAccount(
            account_id=account.id,
            name=account.name,
            organisation=chain[0],
            is_virtual=account.member_id is None,
            is_to_be_activated=is_to_be_activated(account, deployment),
            phone=phone_binding.masked(phones.of_account(account.id, deployment.vault)),
            roles=[grant for grant in grants.of_account(account.id) if grant.org_code == code],
            second_factors=len(second_factors.of_account(account.id)),
            certificates=certificates.of_account(account.id),
            needs_certificate=rules.is_needed(chain[0].org_type, deployment.profile),
            may_reset=_may_reset(account.id, actor, deployment),
            opens_with=initial_kind(account, deployment),
        )


def _may_reset(account_id: int, actor: Actor, deployment: Deployment) -> bool:
    try:
        require_not_above(account_id, actor, deployment)
    except Refused:
        return False
    return True
