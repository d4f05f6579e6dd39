"""The lists of an organisation and of a member: to-do, handled, not reported, auto-approved, own (R-175, R-186)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from service.domain.accounts.actors import Actor
from service.domain.accounts.roles import Role
from service.domain.members import identity_numbers
from service.domain.routes.hops import HANDLED, HopState
from service.domain.transfers.transfers import TransferState
from service.storage.db import execute
from service.storage.members import members
from service.storage.organisations import organisations
from service.storage.transfers import transfer_rows
from service.storage.transfers.transfers import hops, table
from service.storage.vault import Vault

_FINAL = [state.value for state in TransferState if state.is_final]
_UNREPORTED = "report_in"
_COLUMNS = (
    table.c.id,
    table.c.version,
    table.c.variety,
    table.c.status,
    table.c.cause,
    table.c.step,
    table.c.position,
    table.c.origin,
    table.c.target,
    table.c.target_id,
    table.c.opened_at,
    table.c.created_at,
    table.c.valid_until,
    table.c.due_at,
    members.table.c.name.label("member_name"),
    members.table.c.id_number_sealed,
    members.table.c.person_key,
)


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One line of a list; `origin` and `target` are names, `hops` the number of steps of the route.

    `member_number` is masked (R-038).
    """

    id: int
    version: int
    variety: str
    status: str
    cause: str | None
    step: str
    position: int
    origin: str
    target: str
    opened_at: datetime
    created_at: datetime
    valid_until: date | None
    due_at: datetime | None
    member_name: str
    member_number: str
    hops: int = 0


def todo(org_id: int) -> sa.ColumnElement[bool]:
    """Items the organisation must decide; those on the not-reported list stand there instead."""
    return sa.and_(table.c.holder_id == org_id, table.c.status.not_in(_FINAL), table.c.step != _UNREPORTED)


def handled(org_id: int) -> sa.ColumnElement[bool]:
    """Unfinished items in which the organisation has decided a hop and is not at turn.

    What the system approved or filled in in its name does not count (R-157).
    """
    decided = [state.value for state in HANDLED]
    acted = sa.select(hops.c.transfer_id).where(hops.c.org_id == org_id, hops.c.state.in_(decided))
    elsewhere = sa.or_(table.c.holder_id.is_(None), table.c.holder_id != org_id)
    return sa.and_(table.c.id.in_(acted), table.c.status.not_in(_FINAL), elsewhere)


def auto_approved(org_id: int) -> sa.ColumnElement[bool]:
    """Items, finished or not, that the system approved in the name of the organisation (R-157)."""
    passed = sa.select(hops.c.transfer_id).where(hops.c.org_id == org_id, hops.c.state == HopState.AUTO_APPROVED.value)
    return table.c.id.in_(passed)


def finished(path: str) -> sa.ColumnElement[bool]:
    """Finished items of the organisation and all its subordinates; who was received counts before he reports in (A-19)."""
    inside = organisations.inside(path)
    took_part = (
        sa.select(hops.c.transfer_id)
        .select_from(hops.join(organisations.table, organisations.table.c.id == hops.c.org_id))
        .where(inside)
    )
    return sa.and_(table.c.id.in_(took_part), sa.or_(table.c.status.in_(_FINAL), table.c.step == _UNREPORTED))


def touching(path: str | None) -> sa.ColumnElement[bool]:
    """All items, or those with an end or a hop in this subtree, for who looks over them (R-217)."""
    if path is None:
        return sa.true()
    below = sa.select(organisations.table.c.id).where(organisations.inside(path))
    passed = sa.select(hops.c.transfer_id).where(hops.c.org_id.in_(below))
    ends = (table.c.origin_id, table.c.target_id, table.c.branch_id)
    return sa.or_(table.c.id.in_(passed), *(each.in_(below) for each in ends))


def not_reported(path: str) -> sa.ColumnElement[bool]:
    """Received members of the organisation and all its subordinates who have not reported in (R-123)."""
    below = sa.select(organisations.table.c.id).where(organisations.inside(path))
    return sa.and_(table.c.holder_id.in_(below), table.c.step == _UNREPORTED, table.c.status.not_in(_FINAL))


def about(condition: sa.ColumnElement[bool], *, name: str, number_index: str) -> sa.ColumnElement[bool]:
    """Of these items those of persons with exactly this name and this number; what is empty is not asked (R-124)."""
    person = members.table.c
    asked = [
        column == value for column, value in ((person.name, name), (person.id_number_index, number_index)) if value
    ]
    return condition & table.c.member_id.in_(sa.select(person.id).where(*asked)) if asked else condition


def own(account_id: int, member_id: int | None) -> sa.ColumnElement[bool]:
    """Everything that concerns the person himself (R-081)."""
    return table.c.member_id == member_id if member_id else table.c.applicant_account_id == account_id


def of_actor(name: str, actor: Actor) -> sa.ColumnElement[bool] | None:
    """The condition of a list for the acting role; None for a list it has no part in."""
    if name == "own":
        # What an administrator started, not what is done with him: as a member he sees that.
        return own(actor.account_id, actor.member_id if actor.role is Role.MEMBER else None)
    if actor.org is None or not actor.decides_for_org:
        return None
    if name == "todo":
        return todo(actor.org.id)
    if name == "handled":
        return handled(actor.org.id)
    if name == "auto_approved":
        return auto_approved(actor.org.id)
    path = organisations.path_of(actor.org.id)
    return not_reported(path) if name == "not_reported" else finished(path)


def rows(
    condition: sa.ColumnElement[bool], vault: Vault, *, by_expiry: bool, limit: int, offset: int
) -> Sequence[InboxRow]:
    """One page of a list: soonest expiry first, or newest first; always in a stable order (R-178, R-186)."""
    order = (table.c.valid_until.is_(None), table.c.valid_until, table.c.id) if by_expiry else (table.c.id.desc(),)
    query = (
        sa.select(*_COLUMNS)
        .select_from(table.join(members.table, members.table.c.id == table.c.member_id))
        .where(condition)
        .order_by(*order)
        .limit(limit)
        .offset(offset)
    )
    found = execute(query).mappings().all()
    lengths = _lengths([row["id"] for row in found])
    return [_row(row, lengths, vault) for row in found]


def count(condition: sa.ColumnElement[bool]) -> int:
    """How many lines a list has."""
    return int(execute(sa.select(sa.func.count()).select_from(table).where(condition)).scalar_one())


def _lengths(ids: Sequence[int]) -> Mapping[int, int]:
    if not ids:
        return {}
    query = (
        sa.select(hops.c.transfer_id, sa.func.count()).where(hops.c.transfer_id.in_(ids)).group_by(hops.c.transfer_id)
    )
    return {int(key): int(number) for key, number in execute(query)}


def _row(row: Mapping[Any, Any], lengths: Mapping[int, int], vault: Vault) -> InboxRow:
    values = dict(row)
    number = vault.open_text(values.pop("person_key"), values.pop("id_number_sealed"))
    values["member_number"] = identity_numbers.masked(number)
    outside = values.pop("target_id") is None
    values["origin"] = transfer_rows.shown_name(values["origin"])
    values["target"] = values["target"] if outside else transfer_rows.shown_name(values["target"])
    return InboxRow(**values, hops=lengths.get(values["id"], 0))
