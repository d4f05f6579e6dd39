"""Unfinished transfers that lock an organisation: from it, to it, through it, or of its members (R-202–R-204, R-207)."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from service.storage.db import execute
from service.storage.members import members
from service.storage.organisations import organisations
from service.storage.transfers import transfer_rows
from service.storage.transfers.transfers import hops, table

_FINAL = "status IN ('COMPLETED','VOIDED','REVOKED')"
# Finished transfers lock nobody; the index holds the few others. In words, as SQLite takes a partial index for nothing else.
_UNFINISHED = sa.text(f"NOT ({_FINAL})")
_IS_UNFINISHED = sa.text(f"NOT ({table.name}.{_FINAL})")
sa.Index("ix_transfers_origin", table.c.origin_id, sqlite_where=_UNFINISHED, postgresql_where=_UNFINISHED)
_AHEAD = ("PENDING", "RETURNED")
"""States of a hop that is open or will be: one that sent the transfer back waits for it to come again."""


@dataclass(frozen=True, slots=True)
class Blocking:
    """A transfer that stands in the way; `origin` and `target` are names."""

    id: int
    member_name: str
    origin: str
    target: str
    status: str


def of_organisation(org_id: int, *, limit: int) -> Sequence[Blocking]:
    """The oldest unfinished transfers that concern one organisation."""
    return _blocking(sa.select(sa.literal(org_id, type_=organisations.table.c.id.type)), limit=limit)


def of_subtree(path: str, *, limit: int) -> Sequence[Blocking]:
    """The oldest unfinished transfers that concern an organisation or any below it."""
    return _blocking(sa.select(organisations.table.c.id).where(organisations.inside(path)), limit=limit)


def _blocking(concerned: sa.Select[tuple[int]], *, limit: int) -> Sequence[Blocking]:
    # A target in the tree always has an open hop, to receive or to confirm; an origin may have none at all.
    inside = concerned.subquery().select()
    open_hops = (
        sa.select(hops.c.transfer_id)
        .join(table, table.c.id == hops.c.transfer_id)
        .where(hops.c.org_id.in_(inside), hops.c.state.in_(_AHEAD), _IS_UNFINISHED)
    )
    of_members = (
        sa.select(table.c.id)
        .join(members.table, members.table.c.id == table.c.member_id)
        .where(members.table.c.branch_id.in_(inside), _IS_UNFINISHED)
    )
    from_here = sa.select(table.c.id).where(table.c.origin_id.in_(inside), _IS_UNFINISHED)
    keys = sa.union(from_here, of_members, open_hops).subquery()
    query = (
        sa.select(table.c.id, members.table.c.name, table.c.origin, table.c.target, table.c.target_id, table.c.status)
        .join(members.table, members.table.c.id == table.c.member_id)
        .where(table.c.id.in_(sa.select(keys)))
        .order_by(table.c.id)
        .limit(limit)
    )
    return [_row(*row) for row in execute(query)]


def _row(key: int, name: str, origin: str, target: str, target_id: int | None, status: str) -> Blocking:
    shown = transfer_rows.shown_name(target) if target_id else target
    return Blocking(key, name, transfer_rows.shown_name(origin), shown, status)
