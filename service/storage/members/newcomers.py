"""People who come in, or come back: entered, entered anew, taken back as members (R-128, R-139, R-140)."""

from datetime import date

import sqlalchemy as sa

from service.domain.errors import Refused
from service.domain.members.members import Member, MemberStatus
from service.domain.routes.varieties import Variety
from service.storage.db import execute
from service.storage.members import member_names, members
from service.storage.transfers import transfers
from service.storage.vault import Vault

_PRESENT = ("uq_members_present", "members.id_number_index")


def enter(member: Member, vault: Vault) -> int:
    """Store a person nobody knew and return his key; refuses E_TRANSFER_IN_PROGRESS when another was first."""
    try:
        return members.add(member, vault)
    except sa.exc.IntegrityError as error:
        if any(name in str(error) for name in _PRESENT):
            raise Refused("E_TRANSFER_IN_PROGRESS") from error
        raise


def enter_anew(member: Member) -> None:
    """Correct what was typed of a person whose first registration came to nothing."""
    provisional = sa.and_(members.table.c.id == member.id, members.table.c.status == MemberStatus.PROVISIONAL.value)
    values = {
        "name": member.name,
        "initials": member_names.initials(member.name),
        "kind": member.kind.value,
        "ethnicity": member.ethnicity,
    }
    execute(sa.update(members.table).where(provisional).values(**values))


def came_into(member_id: int, branch_id: int) -> bool:
    """Whether he became a member of this branch by coming in from outside."""
    gained = members.increases.c
    joined = members.increases.join(transfers.table, transfers.table.c.id == gained.transfer_id)
    own = sa.and_(gained.member_id == member_id, gained.org_id == branch_id)
    incoming = transfers.table.c.variety == Variety.INCOMING.value
    return execute(sa.select(gained.id).select_from(joined).where(own, incoming).limit(1)).first() is not None


def take_back(member_id: int, *, branch_id: int, transfer_id: int, on: date) -> None:
    """Let a person who was closed out be a member of his branch again; refuses E_RETRIEVE_NOT_ALLOWED when he is one."""
    gone = sa.and_(members.table.c.id == member_id, members.table.c.status == MemberStatus.HIST_TRANSFERRED_OUT.value)
    try:
        changed = execute(sa.update(members.table).where(gone).values(status=MemberStatus.ACTIVE.value)).rowcount
    except sa.exc.IntegrityError as error:
        raise Refused("E_RETRIEVE_NOT_ALLOWED") from error
    if changed != 1:
        raise Refused("E_RETRIEVE_NOT_ALLOWED")
    execute(
        sa.insert(members.increases).values(member_id=member_id, org_id=branch_id, transfer_id=transfer_id, on_date=on)
    )
