"""Organisations of the tree: chains up to the root, subtrees, search (requirements 2.1; subtree: see decisions).

`path` holds the ids of all superiors and of the organisation itself, each of fixed width, each followed by '/'.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from threading import Lock
from typing import Any

import sqlalchemy as sa

from service.domain.organisations import (
    AuthorityLevel,
    Chain,
    Organisation,
    OrgStatus,
    OrgType,
    Scope,
    UnitKind,
)
from service.storage.columns import Binary, Code, Id
from service.storage.db import db, execute

ID_WIDTH = 9
REMEMBERED_ORGANISATIONS = 100_000

table = sa.Table(
    "organisations",
    db.metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=True),
    sa.Column("code", Code, nullable=False, unique=True),
    sa.Column("parent_id", Id, sa.ForeignKey("organisations.id"), index=True),
    sa.Column("path", Binary, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False, index=True),
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
)
# One row: its number grows with every change of the tree, so that each process knows when to forget.
tree_versions = sa.Table(
    "tree_versions",
    db.metadata,
    sa.Column("id", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("version", Id, nullable=False),
    sa.Column("has_cities", sa.Boolean, nullable=False),
)
sa.Index("ix_organisations_level", table.c.authority_level)


class _Memory:
    """Chains by code, remembered for one version of the tree."""

    def __init__(self) -> None:
        self.key: tuple[str, int] | None = None
        self.has_cities = True
        self.chains: OrderedDict[str, Chain] = OrderedDict()
        self.organisations: dict[int, Organisation] = {}
        self.lock = Lock()


_memory = _Memory()


def chains(codes: Iterable[str]) -> Mapping[str, Chain]:
    """up(x) of each code that exists."""
    _refresh()
    wanted = dict.fromkeys(codes)
    found = {code: _memory.chains[code] for code in wanted if code in _memory.chains}
    missing = [code for code in wanted if code not in found]
    if missing:
        found.update(_load(missing))
    return found


def chain(code: str) -> Chain:
    """up(x) of one organisation, () when there is none."""
    return chains((code,)).get(code, ())


def has_cities() -> bool:
    """Whether the tree has a city committee at all; a municipality has none (requirements 4.3)."""
    _refresh()
    return _memory.has_cities


def by_id(org_id: int) -> Organisation | None:
    """One organisation."""
    row = execute(sa.select(table).where(table.c.id == org_id)).mappings().first()
    return _organisation(row) if row else None


def details(code: str) -> Mapping[str, Any] | None:
    """What the page of an organisation shows besides what the rules look at."""
    wanted = (table.c.code, table.c.name, table.c.short_name, table.c.contact, table.c.telephone, table.c.path)
    row = execute(sa.select(*wanted).where(table.c.code == code)).mappings().first()
    return dict(row) if row else None


def children(code: str, *, limit: int, offset: int = 0) -> Sequence[Organisation]:
    """The next level below an organisation, in the order in which it was entered."""
    parent = sa.select(table.c.id).where(table.c.code == code).scalar_subquery()
    query = sa.select(table).where(table.c.parent_id == parent).order_by(table.c.id)
    return [_organisation(row) for row in execute(query.limit(limit).offset(offset)).mappings()]


def search(text: str, *, limit: int) -> Sequence[Organisation]:
    """Active organisations of the tree with this code or with this text in their name (R-010)."""
    pattern = "%" + text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"
    matches = sa.or_(table.c.code == text, table.c.name.like(pattern, escape="\\"))
    active = table.c.status == OrgStatus.ACTIVE.value
    real = table.c.org_type.not_like("HOLDING%")
    query = sa.select(table).where(matches, active, real).order_by(sa.func.length(table.c.name), table.c.id)
    return [_organisation(row) for row in execute(query.limit(limit)).mappings()]


def roots() -> int:
    """How many organisations have no superior; one, or none in an empty tree."""
    return int(execute(sa.select(sa.func.count()).where(table.c.parent_id.is_(None))).scalar_one())


def count() -> int:
    """How many organisations there are."""
    return int(execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def holding_node(org_type: OrgType) -> Organisation | None:
    """The holding node of a type, if the tree has one (R-009)."""
    row = execute(sa.select(table).where(table.c.org_type == org_type.value).limit(1)).mappings().first()
    return _organisation(row) if row else None


def path_of(org_id: int) -> str:
    """The path of an organisation."""
    return str(execute(sa.select(table.c.path).where(table.c.id == org_id)).scalar_one())


def inside(path: str, column: sa.ColumnElement[str] = table.c.path) -> sa.ColumnElement[bool]:
    """The condition "lies in this subtree": a range, since '0' is the character after '/'."""
    prefix = path.removesuffix("/")
    return sa.and_(column >= prefix + "/", column < prefix + "0")


def segment(org_id: int) -> str:
    """One step of a path."""
    return f"{org_id:0{ID_WIDTH}d}/"


def tree_changed() -> None:
    """Tell every process that the tree has changed; to be called in the change itself."""
    cities = sa.exists().where(table.c.authority_level == AuthorityLevel.CITY_COMMITTEE.value)
    known = bool(execute(sa.select(cities)).scalar_one())
    changed = execute(
        sa.update(tree_versions)
        .where(tree_versions.c.id == 1)
        .values(version=tree_versions.c.version + 1, has_cities=known)
    )
    if not changed.rowcount:
        execute(sa.insert(tree_versions).values(id=1, version=1, has_cities=known))


def _refresh() -> None:
    row = execute(sa.select(tree_versions.c.version, tree_versions.c.has_cities).where(tree_versions.c.id == 1)).first()
    key = (str(db.engine.url), row[0] if row else 0)
    if _memory.key == key:
        return
    with _memory.lock:
        _memory.chains.clear()
        _memory.organisations.clear()
        _memory.has_cities = bool(row[1]) if row else True
        _memory.key = key


def _load(codes: Sequence[str]) -> Mapping[str, Chain]:
    paths = dict(row._tuple() for row in execute(sa.select(table.c.code, table.c.path).where(table.c.code.in_(codes))))
    ids = {code: [int(each) for each in reversed(path.split("/")[:-1])] for code, path in paths.items()}
    unknown = {each for chain_ids in ids.values() for each in chain_ids if each not in _memory.organisations}
    known = dict(_memory.organisations)
    if unknown:
        for row in execute(sa.select(table).where(table.c.id.in_(unknown))).mappings():
            known[row["id"]] = _organisation(row)
    found = {code: tuple(known[each] for each in chain_ids) for code, chain_ids in ids.items()}
    _remember(found)
    return found


def _remember(found: Mapping[str, Chain]) -> None:
    with _memory.lock:
        if len(_memory.organisations) > REMEMBERED_ORGANISATIONS:
            _memory.organisations.clear()
            _memory.chains.clear()
        for code, chain_of_code in found.items():
            _memory.chains[code] = chain_of_code
            # Superiors recur; leaves hardly do.
            _memory.organisations.update({org.id: org for org in chain_of_code[1:]})


def _organisation(row: Mapping[str, Any]) -> Organisation:
    level = row["authority_level"]
    return Organisation(
        id=row["id"],
        code=row["code"],
        name=row["name"],
        org_type=OrgType(row["org_type"]),
        level=AuthorityLevel(level) if level else None,
        scope=Scope(row["scope"]),
        can_transfer=row["can_transfer"],
        auto_approve_children=row["auto_approve_children"],
        unit_kind=UnitKind(row["unit_kind"]),
        is_functional=row["is_functional"],
        status=OrgStatus(row["status"]),
        letter_heading=row["letter_heading"],
    )
