"""What stands below an organisation: the next level for a tree, filtered lists, and how many there are (R-011, R-012)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from service.domain.organisations.organisations import BRANCHES, OrgStatus, OrgType
from service.storage.db import execute
from service.storage.members import members
from service.storage.organisations import kept_counts, organisation_search
from service.storage.organisations.organisations import inside, table

_SHOWN = (
    "id", "code", "name", "short_name", "org_type", "affiliation", "unit_kind", "unit_relation", "is_mainly_older",
    "is_functional", "status", "approved_on", "contact", "telephone",
)  # fmt: skip
_ACTIVE = table.c.status == OrgStatus.ACTIVE.value
_ORDER = (table.c.sort_order, table.c.id)


@dataclass(frozen=True, slots=True)
class Listed:
    """An organisation in a list; `members` are those who belong to it directly."""

    id: int
    code: str
    name: str
    short_name: str
    org_type: OrgType
    affiliation: str
    unit_kind: str
    unit_relation: str
    is_mainly_older: bool
    is_functional: bool
    status: OrgStatus
    approved_on: Any
    contact: str
    telephone: str
    has_children: bool = False
    members: int = 0


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list asks for; empty means everything. `deep` includes all levels, else the next level only."""

    text: str = ""
    deep: bool = False
    org_type: OrgType | None = None
    is_mainly_older: bool | None = None
    dissolved: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """How many organisations of each type stand below one, and how many members of each kind are in it (R-011)."""

    organisations: Mapping[str, int]
    members: Mapping[str, int]

    @property
    def committees(self) -> int:
        """Committees of every kind."""
        return sum(number for kind, number in self.organisations.items() if kind.endswith("_COMMITTEE"))

    @property
    def general_branches(self) -> int:
        """General branches."""
        return self.organisations.get(OrgType.GENERAL_BRANCH.value, 0)

    @property
    def branches(self) -> int:
        """Branches, directly affiliated ones among them."""
        return sum(self.organisations.get(kind.value, 0) for kind in BRANCHES)


def below(path: str, parent_id: int, wanted: Filter, *, limit: int, offset: int = 0) -> Sequence[Listed]:
    """Organisations below one, in the order their superiors gave them; a deep list goes down branch by branch."""
    order = (table.c.path,) if wanted.deep else _ORDER
    query = _query(wanted, path, parent_id).order_by(*order).limit(limit).offset(offset)
    rows = execute(query).mappings().all()
    counted = _direct_members([row["id"] for row in rows])
    return [_listed(row, counted) for row in rows]


def count_below(path: str, parent_id: int, wanted: Filter) -> int:
    """How many lines such a list has."""
    query = _query(wanted, path, parent_id).subquery()
    return int(execute(sa.select(sa.func.count()).select_from(query)).scalar_one())


def counts(path: str) -> Counts:
    """Active organisations below one by type, and present members in it and below by kind; see `kept_counts`."""
    return kept_counts.kept("counts", path, _counts, _size)


def _size(found: Counts) -> int:
    return sum(found.organisations.values()) + sum(found.members.values())


def _counts(path: str) -> Counts:
    under = sa.and_(inside(path), table.c.path != path, _ACTIVE)
    types = sa.select(table.c.org_type, sa.func.count()).where(under).group_by(table.c.org_type)
    people = members.table
    kinds = (
        sa.select(people.c.kind, sa.func.count())
        .select_from(people.join(table, table.c.id == people.c.branch_id))
        .where(inside(path), people.c.status.not_like("HIST%"))
        .group_by(people.c.kind)
    )
    return Counts(_by_name(types), _by_name(kinds))


def has_members(org_id: int) -> int:
    """How many present members belong to an organisation directly."""
    return _direct_members([org_id]).get(org_id, 0)


def active_children(org_id: int) -> int:
    """How many active organisations stand directly below one."""
    return int(execute(sa.select(sa.func.count()).where(table.c.parent_id == org_id, _ACTIVE)).scalar_one())


def codes_in_order(org_id: int) -> Sequence[tuple[int, str, str]]:
    """Key, code and name of all active subordinates of the next level, in their order."""
    query = sa.select(table.c.id, table.c.code, table.c.name).where(table.c.parent_id == org_id, _ACTIVE)
    return [tuple(row) for row in execute(query.order_by(*_ORDER))]


def _query(wanted: Filter, path: str, parent_id: int) -> sa.Select[Any]:
    child = table.alias("child")
    has_children = sa.exists().where(child.c.parent_id == table.c.id, child.c.status == OrgStatus.ACTIVE.value)
    where = [sa.and_(inside(path), table.c.path != path) if wanted.deep else table.c.parent_id == parent_id]
    where.append(table.c.status == (OrgStatus.DISSOLVED if wanted.dissolved else OrgStatus.ACTIVE).value)
    if wanted.org_type:
        where.append(table.c.org_type == wanted.org_type.value)
    if wanted.is_mainly_older is not None:
        where.append(table.c.is_mainly_older.is_(wanted.is_mainly_older))
    if wanted.text:
        where.append(_fits(wanted.text))
    columns = [table.c[name] for name in _SHOWN]
    return sa.select(*columns, has_children.label("has_children")).where(*where)


def _fits(text: str) -> sa.ColumnElement[bool]:
    """The code, or a part of name, short name or first letters; too short a part is looked for where it stands."""
    found = organisation_search.matching(text)
    if found is None:
        escaped = text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
        found_here = [column.like(f"%{escaped}%", escape="\\") for column in (table.c.name, table.c.short_name)]
        return sa.or_(table.c.code == text, *found_here)
    return sa.or_(table.c.code == text, table.c.id.in_(found))


def _direct_members(ids: Sequence[int]) -> Mapping[int, int]:
    people = members.table
    if not ids:
        return {}
    present = sa.and_(people.c.branch_id.in_(ids), people.c.status.not_like("HIST%"))
    query = sa.select(people.c.branch_id, sa.func.count()).where(present).group_by(people.c.branch_id)
    return {int(key): int(number) for key, number in execute(query)}


def _by_name(query: sa.Select[Any]) -> Mapping[str, int]:
    return {str(name): int(number) for name, number in execute(query)}


def _listed(row: Mapping[Any, Any], counted: Mapping[int, int]) -> Listed:
    values = {name: row[name] for name in _SHOWN if name not in ("org_type", "status")}
    return Listed(
        **values,
        org_type=OrgType(row["org_type"]),
        status=OrgStatus(row["status"]),
        has_children=bool(row["has_children"]),
        members=counted.get(row["id"], 0),
    )
