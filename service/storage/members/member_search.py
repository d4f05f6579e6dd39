"""Members of a subtree, searched by the beginning of the name, first letters, or the whole identity number (R-209).

All of it is bounded in SQL: a page of rows, and a count that stops.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from service.domain.members.identity_numbers import LENGTH
from service.domain.members.members import MemberKind, MemberStatus
from service.domain.names import normalised
from service.storage.db import execute, planned_anew
from service.storage.members.members import MOST_COUNTED, Person, people, table
from service.storage.organisations import organisations
from service.storage.vault import Vault

MOST_FITTING = 500
_BEHIND_ALL = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for; `status` None means all who are members."""

    text: str = ""
    kind: MemberKind | None = None
    status: MemberStatus | None = None


def found(path: str, sought: Sought, vault: Vault, *, limit: int, offset: int = 0) -> Sequence[Person]:
    """The members of a subtree that fit, in the order of an index, so that a page is read without sorting a province.

    Branch by branch; where a text is looked for in the order of the names or first letters, so the exact one first.
    """
    order = _order(normalised(sought.text))
    with planned_anew():
        return people(_fitting(path, sought, vault), vault, limit=limit, offset=offset, order=order)


def filled_of(keys: Sequence[int]) -> dict[int, int]:
    """How many of the counted fields are filled in, by the key of the member."""
    rows = execute(sa.select(table.c.id, table.c.filled).where(table.c.id.in_(list(keys))))
    return {row[0]: int(row[1]) for row in rows}


def page(path: str, sought: Sought, vault: Vault, *, limit: int, offset: int) -> tuple[Sequence[Person], int]:
    """Some of them in the same order, and how many fit; counting stops behind `most_counted`."""
    order = _order(normalised(sought.text))
    with planned_anew():
        rows = execute(_keys(_fitting(path, sought, vault), order, most_counted(sought) + 1, limit, offset)).all()
    keys = [row.id for row in rows if row.id is not None]
    return people(table.c.id.in_(keys), vault, order=order) if keys else (), int(rows[0].number)


def _keys(
    condition: sa.ColumnElement[bool], order: Sequence[sa.ColumnElement[Any]], most: int, limit: int, offset: int
) -> sa.Select[Any]:
    """How many fit, beside each key of a page: the range is walked once for both, and only the page leaves it."""
    joined = table.join(organisations.table, organisations.table.c.id == table.c.branch_id)
    all_of_them = sa.select(order[0].label("first"), table.c.id).select_from(joined).where(condition)
    fitting = all_of_them.order_by(*order).limit(most).cte("fitting")
    number = sa.select(sa.func.count().label("number")).select_from(fitting).subquery("counted")
    shown = sa.select(fitting).order_by(fitting.c.first, fitting.c.id).limit(limit).offset(offset).subquery("shown")
    both = number.outerjoin(shown, sa.true())
    return sa.select(number.c.number, shown.c.id).select_from(both).order_by(shown.c.first, shown.c.id)


def most_counted(sought: Sought) -> int:
    """So far is counted; of hundreds who are called so one types more of the name."""
    return MOST_FITTING if normalised(sought.text) else MOST_COUNTED


def _fitting(path: str, sought: Sought, vault: Vault) -> sa.ColumnElement[bool]:
    conditions = [organisations.inside(path), _of_status(sought.status)]
    if sought.kind is not None:
        conditions.append(table.c.kind == sought.kind.value)
    if text := normalised(sought.text):
        conditions.append(_named(text, vault))
    return sa.and_(*conditions)


def _of_status(status: MemberStatus | None) -> sa.ColumnElement[bool]:
    return table.c.status.not_like("HIST%") if status is None else table.c.status == status.value


def _named(text: str, vault: Vault) -> sa.ColumnElement[bool]:
    if _is_number(text):
        return table.c.id_number_index == vault.index(text.upper())
    column, beginning = (table.c.initials, text.lower()) if text.isascii() else (table.c.name, text)
    return sa.and_(column >= beginning, column < beginning + _BEHIND_ALL)


def _order(text: str) -> tuple[sa.ColumnElement[Any], ...]:
    if not text or _is_number(text):
        return organisations.table.c.path, table.c.id
    return table.c.initials if text.isascii() else table.c.name, table.c.id


def _is_number(text: str) -> bool:
    return len(text) == LENGTH and text[:-1].isascii() and text[:-1].isdigit()
