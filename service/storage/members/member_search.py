"""Members of a subtree, searched by the beginning of the name, first letters, or the whole identity number (R-209).

All of it is bounded in SQL: a page of rows, and a count that stops at ten thousand.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from service.domain.members.identity_numbers import LENGTH
from service.domain.members.members import MemberKind, MemberStatus
from service.domain.names import normalised
from service.storage.db import execute, is_sqlite
from service.storage.members.members import Person, count_some, people, table
from service.storage.organisations import organisations
from service.storage.vault import Vault

_FEW = 2_000
_BEHIND_ALL = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for; `status` None means all who are members."""

    text: str = ""
    kind: MemberKind | None = None
    status: MemberStatus | None = None


def found(path: str, sought: Sought, vault: Vault, *, limit: int, offset: int = 0) -> Sequence[Person]:
    """The members of a subtree that fit, branch by branch, so that a page is read without sorting a province."""
    order = (organisations.table.c.path, table.c.id)
    return people(_fitting(path, sought, vault), vault, limit=limit, offset=offset, order=order)


def filled_of(keys: Sequence[int]) -> dict[int, int]:
    """How many of the counted fields are filled in, by the key of the member."""
    rows = execute(sa.select(table.c.id, table.c.filled).where(table.c.id.in_(list(keys))))
    return {row[0]: int(row[1]) for row in rows}


def count(path: str, sought: Sought, vault: Vault) -> int:
    """How many fit; counting stops at `MOST_COUNTED`."""
    return count_some(_fitting(path, sought, vault))


def _fitting(path: str, sought: Sought, vault: Vault) -> sa.ColumnElement[bool]:
    conditions = [organisations.inside(path), _of_status(sought.status)]
    if sought.kind is not None:
        conditions.append(table.c.kind == sought.kind.value)
    if text := normalised(sought.text):
        named = _named(text, vault)
        few = _few(sa.and_(named, _of_status(sought.status)))
        conditions.append(named if few is None else table.c.id.in_(few))
    return sa.and_(*conditions)


def _few(condition: sa.ColumnElement[bool]) -> list[int] | None:
    """The keys of those who fit anywhere, None for many: where a planner expects too many it reads the whole tree."""
    keys = list(execute(sa.select(table.c.id).where(condition).limit(_FEW + 1)).scalars())
    return keys if len(keys) <= _FEW else None


def _of_status(status: MemberStatus | None) -> sa.ColumnElement[bool]:
    return table.c.status.not_like("HIST%") if status is None else table.c.status == status.value


def _named(text: str, vault: Vault) -> sa.ColumnElement[bool]:
    number = text.upper()
    if len(number) == LENGTH and number[:-1].isascii() and number[:-1].isdigit():
        return table.c.id_number_index == vault.index(number)
    if text.isascii():
        letters = text.lower()
        return sa.and_(table.c.initials >= letters, table.c.initials < letters + _BEHIND_ALL)
    return _begins(text)


def _begins(text: str) -> sa.ColumnElement[bool]:
    """Compared byte by byte, so that the index over names serves whatever the language of the database is."""
    if is_sqlite():
        return sa.and_(table.c.name >= text, table.c.name < text + _BEHIND_ALL)
    return sa.and_(table.c.name.op("~>=~")(text), table.c.name.op("~<~")(text + _BEHIND_ALL))
