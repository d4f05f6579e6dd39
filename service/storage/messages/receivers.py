"""Who is to be told: administrators of organisations, the persons of a transfer, and where a message reaches them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from service.domain.accounts.roles import ORG_ADMINS, Role
from service.domain.routes.varieties import Variety
from service.storage.accounts import accounts, grants, phones
from service.storage.db import execute
from service.storage.members import members
from service.storage.organisations import organisations
from service.storage.transfers import transfers
from service.storage.vault import Vault

_ACTIVE = "ACTIVE"
_ADMINS = [role.value for role in ORG_ADMINS]
_org, _account, _grant, _member = organisations.table, accounts.table, grants.table, members.table


@dataclass(frozen=True, slots=True)
class Office:
    """An organisation as a receiver: `administrators` maps account to whether a telephone is known for it."""

    id: int
    superior_id: int | None
    administrators: Mapping[int, bool]


@dataclass(frozen=True, slots=True)
class Concerned:
    """The persons of a transfer: who applied, from which organisation if one started it, and the member's accounts."""

    transfer_id: int
    variety: Variety
    applicant_account_id: int
    starter_id: int | None
    member_id: int
    member_has_telephone: bool
    member_accounts: tuple[int, ...]

    @property
    def is_member_reachable_by_sms_only(self) -> bool:
        """Whether nothing but a short message reaches the member: he has no account to read a notice with."""
        return self.member_has_telephone and not self.member_accounts

    @property
    def accounts(self) -> tuple[int, ...]:
        """Applicant and member, each once."""
        return tuple(dict.fromkeys((self.applicant_account_id, *self.member_accounts)))


def offices(org_ids: Collection[int], *, on: date) -> Mapping[int, Office]:
    """These organisations with those who may act for them on this day (R-192)."""
    if not org_ids:
        return {}
    reachable = sa.or_(_member.c.mobile_sealed.is_not(None), _account.c.phone_sealed.is_not(None))
    holds = sa.and_(_grant.c.org_id == _org.c.id, _grant.c.role.in_(_ADMINS), _in_force(on))
    active = sa.and_(_account.c.id == _grant.c.account_id, _account.c.status == _ACTIVE)
    joined = (
        _org.outerjoin(_grant, holds)
        .outerjoin(_account, active)
        .outerjoin(_member, _member.c.id == _account.c.member_id)
    )
    query = sa.select(_org.c.id, _org.c.parent_id, _account.c.id, reachable).select_from(joined)
    found: dict[int, Office] = {}
    for org_id, superior_id, account_id, has_telephone in execute(query.where(_org.c.id.in_(list(org_ids)))):
        known = found.get(org_id, Office(org_id, superior_id, {}))
        administrators = dict(known.administrators) | ({account_id: bool(has_telephone)} if account_id else {})
        found[org_id] = Office(org_id, superior_id, administrators)
    return found


def org_ids(codes: Collection[str]) -> Mapping[str, int]:
    """The keys of organisations by their codes."""
    if not codes:
        return {}
    found = execute(sa.select(_org.c.code, _org.c.id).where(_org.c.code.in_(list(codes))))
    return {str(code): int(org_id) for code, org_id in found}


def superior_of(org_id: int) -> int | None:
    """The next higher organisation."""
    return execute(sa.select(_org.c.parent_id).where(_org.c.id == org_id)).scalar_one_or_none()


def concerned(transfer_ids: Collection[int]) -> Mapping[int, Concerned]:
    """The persons of these transfers (R-193)."""
    if not transfer_ids:
        return {}
    t = transfers.table
    own = sa.and_(_account.c.member_id == t.c.member_id, _account.c.status == _ACTIVE)
    query = (
        sa.select(
            t.c.id, t.c.variety, t.c.applicant_account_id, t.c.starter_id, t.c.member_id,
            _member.c.mobile_sealed.is_not(None), _account.c.id,
        )
        .select_from(t.join(_member, _member.c.id == t.c.member_id).outerjoin(_account, own))
        .where(t.c.id.in_(list(transfer_ids)))
    )  # fmt: skip
    found: dict[int, Concerned] = {}
    for transfer_id, variety, applicant, starter, member, has_telephone, account_id in execute(query):
        known = found[transfer_id].member_accounts if transfer_id in found else ()
        accounts_of = (*known, account_id) if account_id else known
        found[transfer_id] = Concerned(
            transfer_id, Variety(variety), applicant, starter, member, bool(has_telephone), accounts_of
        )
    return found


def system_administrators(*, on: date) -> Sequence[int]:
    """The accounts that look after the deployment on this day."""
    joined = _grant.join(_account, _account.c.id == _grant.c.account_id)
    query = sa.select(_account.c.id).select_from(joined).order_by(_account.c.id)
    holds = sa.and_(_grant.c.role == Role.SYSTEM_ADMIN.value, _in_force(on), _account.c.status == _ACTIVE)
    return list(execute(query.where(holds)).scalars())


def _in_force(on: date) -> sa.ColumnElement[bool]:
    return sa.or_(_grant.c.valid_until.is_(None), _grant.c.valid_until >= on)


def mobile_of_account(account_id: int, vault: Vault) -> str:
    """The telephone that short messages to an account go to: the bound one, else that of the record; or ""."""
    if bound := phones.of_account(account_id, vault):
        return bound
    joined = _account.join(_member, _member.c.id == _account.c.member_id)
    return _mobile(_MOBILE.select_from(joined).where(_account.c.id == account_id), vault)


def mobile_of_member(member_id: int, vault: Vault) -> str:
    """The telephone of a member who has no account; empty where none is known."""
    return _mobile(_MOBILE.where(_member.c.id == member_id), vault)


_MOBILE = sa.select(_member.c.person_key, _member.c.mobile_sealed)


def _mobile(query: sa.Select[Any], vault: Vault) -> str:
    row = execute(query).first()
    return vault.open_text(row[0], row[1]) if row and row[1] is not None else ""
