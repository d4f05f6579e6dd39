"""What a member administers: his to-do lists, his branch, and who would stay there (R-198–R-201)."""

from collections.abc import Sequence

import sqlalchemy as sa

from service.domain.accounts.roles import ORG_ADMINS
from service.domain.transfers.leaving_administrators import NO_OFFICE, Office
from service.domain.transfers.transfers import TransferState
from service.storage.accounts import accounts
from service.storage.accounts.grants import table as grants
from service.storage.db import connection, execute, is_sqlite
from service.storage.members import members
from service.storage.prepared import Prepared
from service.storage.transfers import inbox, transfers

_ADMIN = sa.or_(*(grants.c.role == role.value for role in sorted(ORG_ADMINS)))
_FINAL = [state.value for state in TransferState if state.is_final]
_ACTIVE = accounts.table.c.status == "ACTIVE"
_OF_ACCOUNTS = grants.join(accounts.table, accounts.table.c.id == grants.c.account_id)


def of_member(member_id: int, branch_id: int | None, *, but: int | None = None) -> Office:
    """The office of a member of a branch; `but` is a transfer that does not count among his open tasks.

    In a change those who administer the same branch wait for each other: of two who leave at once one stays.
    """
    administered = _administered_by(member_id)
    if not administered:
        return NO_OFFICE
    of_own_branch = branch_id in administered
    if of_own_branch:
        _take_turns(branch_id)
    others = _others(member_id, branch_id) if of_own_branch else ()
    return Office(
        open_tasks=_open_tasks(administered, but),
        of_own_branch=of_own_branch,
        other_members=_other_members(member_id, branch_id) if of_own_branch else 0,
        other_administrators=len(others),
        staying=sum(stays for stays in others),
    )


_ADMINISTERED = Prepared(
    sa.select(grants.c.org_id)
    .select_from(_OF_ACCOUNTS)
    .distinct()
    .where(accounts.table.c.member_id == sa.bindparam("member_id"), _ACTIVE, _ADMIN, grants.c.org_id.is_not(None))
)


def _administered_by(member_id: int) -> Sequence[int]:
    return [int(found["org_id"]) for found in _ADMINISTERED.rows({"member_id": member_id})]


def _open_tasks(administered: Sequence[int], but: int | None) -> int:
    return sum(
        inbox.count(sa.and_(inbox.todo(org_id), transfers.table.c.id != but) if but else inbox.todo(org_id))
        for org_id in administered
    )


def _other_members(member_id: int, branch_id: int | None) -> int:
    query = sa.select(sa.func.count()).select_from(members.table)
    present = members.table.c.status.not_like("HIST%")
    return int(
        execute(
            query.where(members.table.c.branch_id == branch_id, members.table.c.id != member_id, present)
        ).scalar_one()
    )


def _others(member_id: int, branch_id: int | None) -> Sequence[bool]:
    """For each other administrator of the branch: does he stay? An account that is no member's does."""
    unfinished = sa.select(transfers.table.c.member_id).where(transfers.table.c.status.not_in(_FINAL))
    owner = accounts.table.c.member_id
    leaves = sa.and_(owner.is_not(None), owner.in_(unfinished))
    is_other = sa.or_(owner.is_(None), owner != member_id)
    query = sa.select(accounts.table.c.id, leaves.label("leaves")).select_from(_OF_ACCOUNTS).distinct()
    found = execute(query.where(grants.c.org_id == branch_id, _ADMIN, _ACTIVE, is_other))
    return [not row.leaves for row in found]


def _take_turns(branch_id: int | None) -> None:
    # On SQLite a change is alone anyway.
    if is_sqlite() or connection().get_execution_options().get("reads_only"):
        return
    execute(sa.select(grants.c.id).where(grants.c.org_id == branch_id).order_by(grants.c.id).with_for_update())
