"""Opens an account and grants it a role: the ground on which set-up, demo and tests stand."""

from service.domain.accounts.passwords import PasswordKind
from service.domain.accounts.roles import Role
from service.storage.accounts import accounts, grants
from service.storage.accounts.grants import NewGrant
from service.use_cases.accounts.hashing import hash_password
from service.use_cases.accounts.log_in import login_index
from service.use_cases.deployment import Deployment


def open_account(
    login_name: str,
    *,
    name: str,
    password: str | None,
    member_id: int | None = None,
    kind: PasswordKind = PasswordKind.OWN,
    deployment: Deployment,
) -> int:
    """Store an account, inside a transaction; with neither password nor initial one nobody can log in to it."""
    hashed = hash_password(password) if password else None
    index = login_index(login_name, deployment)
    return accounts.add(login_index=index, name=name, password_hash=hashed, member_id=member_id, password_kind=kind)


def grant_role(account_id: int, role: Role, *, org_id: int | None, is_default: bool = True) -> int:
    """Grant a role for an organisation, or for the whole deployment where `org_id` is None."""
    return grants.add(NewGrant(account_id, role, org_id, is_default=is_default))
