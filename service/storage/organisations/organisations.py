"""Organisations of the tree: chains up to the root, subtrees, search (requirements 2.1; subtree: see decisions).

`path` holds the ids of all superiors and of the organisation itself, each of fixed width, each followed by '/'.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from service.domain.errors import Refused
from service.domain.organisations.organisations import (
    AuthorityLevel,
    Chain,
    Organisation,
    OrgStatus,
    OrgType,
    Scope,
    UnitKind,
)
from service.storage.columns import Binary, Code, Id
from service.storage.db import db, execute, is_sqlite, learnt
from service.storage.organisations import organisation_search
from service.storage.organisations.tree_memory import TreeMemory
from service.storage.prepared import Prepared

ID_WIDTH = 9
UNSORTED = 1_000_000_000
"""The place of an organisation among its siblings that nobody has put in order: behind all that have been."""

table = sa.Table(
    "organisations",
    db.metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=True),
    sa.Column("code", Code, nullable=False, unique=True),
    sa.Column("parent_id", Id, sa.ForeignKey("organisations.id")),
    sa.Column("path", Binary, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("short_name", sa.Text, nullable=False, server_default=""),
    sa.Column("org_type", sa.String(24), nullable=False),
    sa.Column("unit_kind", sa.String(12), nullable=False),
    sa.Column("authority_level", sa.String(24)),
    sa.Column("scope", sa.SmallInteger, nullable=False),
    sa.Column("can_transfer", sa.Boolean, nullable=False),
    sa.Column("auto_approve_children", sa.Boolean, nullable=False),
    sa.Column("is_functional", sa.Boolean, nullable=False),
    sa.Column("letter_heading", sa.Text, nullable=False, server_default=""),
    sa.Column("contact", sa.Text, nullable=False, server_default=""),
    sa.Column("telephone", sa.Text, nullable=False, server_default=""),
    sa.Column("status", sa.String(12), nullable=False),
    sa.Column("affiliation", sa.String(4), nullable=False, server_default=""),
    sa.Column("category", sa.String(8), nullable=False, server_default=""),
    sa.Column("approved_on", sa.Date),
    sa.Column("unit_relation", sa.String(4), nullable=False, server_default=""),
    sa.Column("is_mainly_older", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("term_from", sa.Date),
    sa.Column("term_until", sa.Date),
    sa.Column("fax", sa.Text, nullable=False, server_default=""),
    sa.Column("postcode", sa.Text, nullable=False, server_default=""),
    sa.Column("address", sa.Text, nullable=False, server_default=""),
    sa.Column("sort_order", sa.Integer, nullable=False, server_default=str(UNSORTED)),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    sa.Column("dissolved_on", sa.Date),
)
sa.Index("ix_organisations_children", table.c.parent_id, table.c.sort_order, table.c.id)
# Whether a level is outranked below, and whether there is a city at all, is told by the few that have a high level.
HAS_HIGH_LEVEL = sa.text("authority_level <> 'BELOW_FIRST'")
sa.Index(
    "ix_organisations_levels",
    table.c.authority_level,
    table.c.path,
    sqlite_where=HAS_HIGH_LEVEL,
    postgresql_where=HAS_HIGH_LEVEL,
)
# One row: its version is another one after every change of the tree, so that each process knows when to forget.
tree_versions = sa.Table(
    "tree_versions",
    db.metadata,
    sa.Column("id", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("version", Id, nullable=False),
    sa.Column("has_cities", sa.Boolean, nullable=False),
)

_VERSION = Prepared(sa.select(tree_versions.c.version, tree_versions.c.has_cities).where(tree_versions.c.id == 1))
_RULES = tuple(
    table.c[name]
    for name in (
        "id", "code", "name", "org_type", "authority_level", "scope", "can_transfer", "auto_approve_children",
        "unit_kind", "is_functional", "status", "letter_heading",
    )
)  # fmt: skip
"""What the rules look at, in the order of the fields of an Organisation."""
_SAID = tuple(
    table.c[name]
    for name in ("code", "name", "short_name", "contact", "telephone", "fax", "postcode", "address", "path")
)
_AT_ONCE = 4
_CODES = tuple(f"code_{n}" for n in range(_AT_ONCE))
_superior = table.alias("superior")
# A chain is asked for by four codes at most, whose places in the statement never change; each organisation
# comes with its immediate superior, since those further up are mostly remembered.
_BY_CODE = (
    sa.select(table.c.path, *_RULES, *(_superior.c[column.name] for column in _RULES))
    .select_from(table.outerjoin(_superior, _superior.c.id == table.c.parent_id))
    .where(table.c.code.in_([sa.bindparam(name) for name in _CODES]))
)
_BY_ID = sa.select(*_RULES).where(table.c.id.in_(sa.bindparam("ids", expanding=True)))
_memory = TreeMemory(None, 0)


def chains(codes: Iterable[str]) -> Mapping[str, Chain]:
    """up(x) of each code that exists."""
    wanted = dict.fromkeys(codes)
    if not wanted:
        return {}
    memory = _current_memory()
    found = memory.known(wanted)
    missing = [code for code in wanted if code not in found]
    for start in range(0, len(missing), _AT_ONCE):
        found |= _load(missing[start : start + _AT_ONCE], memory)
    return found


def chain(code: str) -> Chain:
    """up(x) of one organisation, () when there is none."""
    return chains((code,)).get(code, ())


def require_unchanged(looked_at: Iterable[Chain]) -> None:
    """Refuse E_STALE when organisations were dissolved or moved since this change looked at them.

    To be asked once rows name them: from then on whoever wants to change them waits. On SQLite nobody else changes.
    """
    known = None if is_sqlite() else learnt().pop("tree", None)
    if known is None or _current_memory() is known:
        return
    before = {chain[0].code: chain for chain in looked_at}
    if dict(chains(before)) != before:
        raise Refused("E_STALE", detail_zh="党组织已变更", detail_en="an organisation was changed meanwhile")


def has_cities() -> bool:
    """Whether the tree has a city committee at all; a municipality has none (requirements 4.3)."""
    return _current_memory().has_cities


def details(code: str) -> Mapping[str, Any] | None:
    """What the page of an organisation and the letters of its members say besides what the rules look at."""
    row = execute(sa.select(*_SAID).where(table.c.code == code)).mappings().first()
    return dict(row) if row else None


def children(code: str, *, limit: int, offset: int = 0) -> Sequence[Organisation]:
    """The next level below an organisation, in the order its superior gave it, else as it was entered."""
    parent = sa.select(table.c.id).where(table.c.code == code).scalar_subquery()
    query = sa.select(*_RULES).where(table.c.parent_id == parent).order_by(table.c.sort_order, table.c.id)
    return [_organisation(row) for row in execute(query.limit(limit).offset(offset))]


def search(text: str, *, limit: int) -> Sequence[Organisation]:
    """Active organisations of the tree with this code, or found by a part of name or first letters (R-010)."""
    found = organisation_search.find(text)[:limit]
    fits = sa.or_(table.c.code == text, table.c.id.in_(found)) if found else table.c.code == text
    targets = sa.and_(table.c.status == OrgStatus.ACTIVE.value, table.c.org_type.not_like("HOLDING%"))
    rows = {row[0]: row for row in execute(sa.select(*_RULES).where(fits, targets))}
    by_code = [key for key, row in rows.items() if row[1] == text]
    return [_organisation(rows[key]) for key in dict.fromkeys((*by_code, *found)) if key in rows][:limit]


def codes_of_name(name: str, *, limit: int) -> Sequence[str]:
    """Codes of the organisations with exactly this name: the active ones, or, where there are none, any."""
    named = sa.select(table.c.code).where(table.c.name == name).order_by(table.c.id).limit(limit)
    if (known := organisation_search.matching(name)) is not None:
        named = named.where(table.c.id.in_(known))
    active = named.where(table.c.status == OrgStatus.ACTIVE.value, table.c.org_type.not_like("HOLDING%"))
    return list(execute(active).scalars()) or list(execute(named).scalars())


def roots() -> int:
    """How many organisations have no superior; one, or none in an empty tree."""
    return int(execute(sa.select(sa.func.count()).where(table.c.parent_id.is_(None))).scalar_one())


def count() -> int:
    """How many organisations there are."""
    return int(execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def holding_node(org_type: OrgType) -> Organisation | None:
    """The holding node of a type, if the tree has one (R-009)."""
    row = execute(sa.select(*_RULES).where(table.c.org_type == org_type.value).limit(1)).first()
    return _organisation(row) if row else None


def path_of(org_id: int) -> str:
    """The path of an organisation."""
    return str(execute(sa.select(table.c.path).where(table.c.id == org_id)).scalar_one())


def paths_of(keys: Sequence[int]) -> dict[int, str]:
    """The paths of several."""
    return {row[0]: str(row[1]) for row in execute(sa.select(table.c.id, table.c.path).where(table.c.id.in_(keys)))}


def inside(path: str, column: sa.ColumnElement[str] = table.c.path) -> sa.ColumnElement[bool]:
    """The condition "lies in this subtree": a range, since '0' is the character after '/'."""
    prefix = path.removesuffix("/")
    return sa.and_(column >= prefix + "/", column < prefix + "0")


def segment(org_id: int) -> str:
    """One step of a path."""
    return f"{org_id:0{ID_WIDTH}d}/"


def tree_changed(*, levels: bool = True) -> None:
    """Tell every process that the tree has changed; to be called in the change itself.

    `levels`: whether authority levels may have changed or gone, so that it is asked again whether there are cities.
    """
    cities = table.c.authority_level == AuthorityLevel.CITY_COMMITTEE.value
    known = sa.exists().where(cities, HAS_HIGH_LEVEL)
    # A random number, not the next one: a change that is undone must not leave its number to the one after it.
    values: dict[str, Any] = {"version": secrets.randbits(62)}
    if levels:
        values["has_cities"] = bool(execute(sa.select(known)).scalar_one())
    if not execute(sa.update(tree_versions).where(tree_versions.c.id == 1).values(**values)).rowcount:
        values["has_cities"] = bool(execute(sa.select(known)).scalar_one())
        execute(sa.insert(tree_versions).values(id=1, **values))
    learnt().pop("tree", None)


def _current_memory() -> TreeMemory:
    known: TreeMemory | None = learnt().get("tree")
    if known is None:
        known = learnt()["tree"] = _fitting_memory()
    return known


def _fitting_memory() -> TreeMemory:
    global _memory  # noqa: PLW0603 - replaced as a whole, so that readers of the old one are not disturbed
    row = _VERSION.first({})
    version, knows_cities = (row["version"], row["has_cities"]) if row else (0, True)
    memory, engine = _memory, db.engine
    if not memory.is_of(engine, version):
        memory = _memory = TreeMemory(engine, version, has_cities=knows_cities)
    return memory


def _load(codes: Sequence[str], memory: TreeMemory) -> Mapping[str, Chain]:
    filled = (*codes, *(codes[0] for _ in range(_AT_ONCE - len(codes))))
    rows = execute(_BY_CODE, dict(zip(_CODES, filled, strict=True))).all()
    fresh = [_organisation(row[1 + len(_RULES) :]) for row in rows if row[1 + len(_RULES)] is not None]
    ids = {row[2]: _superior_ids(row[0]) for row in rows}
    known = _superiors({each for line in ids.values() for each in line}, {org.id: org for org in fresh}, memory)
    found = {row[2]: (_organisation(row[1 : 1 + len(_RULES)]), *(known[each] for each in ids[row[2]])) for row in rows}
    memory.remember(found)
    return found


def _superiors(ids: set[int], fresh: dict[int, Organisation], memory: TreeMemory) -> Mapping[int, Organisation]:
    known = {each: org for each in ids if (org := fresh.get(each) or memory.superiors.get(each))}
    unknown = [each for each in ids if each not in known]
    if unknown:
        known |= {row[0]: _organisation(row) for row in execute(_BY_ID, {"ids": unknown})}
    return known


def _superior_ids(path: str) -> list[int]:
    """Ids of the superiors, the nearest first."""
    return [int(each) for each in reversed(path.split("/")[:-2])]


def _organisation(row: Sequence[Any]) -> Organisation:
    """Make the value from the columns of `_RULES`."""
    key, code, name, org_type, level, scope, can_transfer, auto, unit_kind, is_functional, status, heading = row
    return Organisation(
        id=key,
        code=code,
        name=name,
        org_type=OrgType(org_type),
        level=AuthorityLevel(level) if level else None,
        scope=Scope(scope),
        can_transfer=can_transfer,
        auto_approve_children=auto,
        unit_kind=UnitKind(unit_kind),
        is_functional=is_functional,
        status=OrgStatus(status),
        letter_heading=heading,
    )
