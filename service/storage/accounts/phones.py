"""Telephones bound to accounts: one number, one regular account; a virtual one may share it (R-032)."""

from collections.abc import Sequence

import sqlalchemy as sa

from service.storage.accounts.accounts import table
from service.storage.db import execute
from service.storage.members import members
from service.storage.vault import Vault

_NAME = "phone"


def bind(account_id: int, phone: str, vault: Vault) -> None:
    """Bind a number; another regular account must have let go of it before."""
    values = {"phone_sealed": vault.seal_secret(phone, name=_NAME), "phone_index": index(phone, vault)}
    execute(sa.update(table).where(table.c.id == account_id).values(**values))


def unbind(account_id: int) -> None:
    """Let an account have no bound number."""
    execute(sa.update(table).where(table.c.id == account_id).values(phone_sealed=None, phone_index=None))


def regular_holders(phone: str, vault: Vault) -> Sequence[int]:
    """The regular accounts that have this number bound; at most one."""
    regular = sa.and_(table.c.phone_index == index(phone, vault), table.c.member_id.is_not(None))
    return list(execute(sa.select(table.c.id).where(regular)).scalars())


def of_account(account_id: int, vault: Vault) -> str:
    """The bound number, empty where there is none."""
    sealed = execute(sa.select(table.c.phone_sealed).where(table.c.id == account_id)).scalar()
    return vault.open_secret(sealed, name=_NAME) if sealed else ""


def keep_contact(account_id: int, phone: str, vault: Vault) -> None:
    """Keep a number that was told to us, for the authorisation code."""
    sealed = vault.seal_secret(phone, name=_NAME)
    execute(sa.update(table).where(table.c.id == account_id).values(contact_sealed=sealed))


def contact_of(account_id: int, vault: Vault) -> str:
    """Where an authorisation code goes: the bound number, that of the member's record, the one told to us; or ""."""
    if bound := of_account(account_id, vault):
        return bound
    row = execute(sa.select(table.c.contact_sealed, table.c.member_id).where(table.c.id == account_id)).one()
    if row[0]:
        return vault.open_secret(row[0], name=_NAME)
    person = members.by_id(row[1], vault) if row[1] else None
    return person.member.mobile if person else ""


def is_reported(account_id: int) -> bool:
    """Whether the account is of somebody who was reported with a telephone (R-034)."""
    return execute(sa.select(table.c.contact_sealed).where(table.c.id == account_id)).scalar_one_or_none() is not None


def clear_recorded(member_id: int) -> None:
    """Clear the number in the record of a member."""
    cleared = {"mobile_sealed": None, "mobile_index": None}
    execute(sa.update(members.table).where(members.table.c.id == member_id).values(**cleared))


def index(phone: str, vault: Vault) -> str:
    """The keyed index of a number."""
    return vault.index(f"phone:{phone}")
