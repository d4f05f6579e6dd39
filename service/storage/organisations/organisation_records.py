"""The record of an organisation: everything kept about it, written by those who keep it (R-002, R-003)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from service.domain.organisations.organisation_codes import candidates
from service.domain.organisations.organisations import OrgStatus
from service.storage.db import execute, is_sqlite
from service.storage.organisations import organisation_search, organisations
from service.storage.organisations.organisations import table

FIELDS = (
    "name", "short_name", "org_type", "category", "affiliation", "approved_on", "unit_kind", "unit_relation",
    "is_functional", "is_mainly_older", "term_from", "term_until", "contact", "telephone", "fax", "postcode",
    "address", "letter_heading",
)  # fmt: skip
"""What people fill in, in the order of its form."""
_EMPTY: Mapping[str, object] = {
    **dict.fromkeys(FIELDS, ""), "approved_on": None, "term_from": None, "term_until": None,
    "unit_kind": "OTHER", "is_functional": False, "is_mainly_older": False,
}  # fmt: skip
_DATES = ("approved_on", "term_from", "term_until")
_SEEN_BY_RULES = frozenset({"name", "org_type", "unit_kind", "is_functional", "letter_heading"})
_SEARCHED = frozenset({"name", "short_name"})


@dataclass(frozen=True, slots=True)
class OrganisationRecord:
    """A record with what the service itself keeps beside it; `values` by the names of `FIELDS`, dates as dates."""

    id: int
    code: str
    parent_id: int | None
    path: str
    version: int
    status: OrgStatus
    dissolved_on: date | None
    sort_order: int
    values: Mapping[str, Any]

    @property
    def answers(self) -> dict[str, Any]:
        """The values as a form takes them: dates as text, nothing that is empty."""
        plain = {name: each.isoformat() if isinstance(each, date) else each for name, each in self.values.items()}
        return {name: value for name, value in plain.items() if value not in (None, "")}


_ALL = sa.select(*(table.c[name] for name in ("id", "code", "parent_id", "path", "version", "status")),
                 *(table.c[name] for name in ("dissolved_on", "sort_order", *FIELDS)))  # fmt: skip


def get(code: str) -> OrganisationRecord | None:
    """The record of one organisation."""
    row = execute(_ALL.where(table.c.code == code)).mappings().first()
    return _record(row) if row else None


def lock(code: str) -> OrganisationRecord | None:
    """The same, kept from all who want to change it or begin a transfer to it until the change ends."""
    if not is_sqlite():
        execute(sa.select(table.c.id).where(table.c.code == code).with_for_update())
    return get(code)


def add(facts: Mapping[str, Any], *, parent_id: int, parent_path: str, auto_approve_children: bool) -> tuple[int, str]:
    """Store a new organisation of these facts; return its key and the code that it got (R-003)."""
    key = _next_id()
    code = next(each for each in candidates(key) if not _is_taken(each))
    values = _stored(facts)
    execute(
        sa.insert(table).values(
            **values,
            id=key,
            code=code,
            parent_id=parent_id,
            path=parent_path + organisations.segment(key),
            scope=0,
            can_transfer=True,
            auto_approve_children=auto_approve_children,
            status=OrgStatus.ACTIVE.value,
        )
    )
    organisation_search.refresh(key, {**values, "status": OrgStatus.ACTIVE.value})
    return key, code


def update(record: OrganisationRecord, facts: Mapping[str, Any]) -> Mapping[str, tuple[Any, Any]]:
    """Store these facts as the whole record; return what changed, as (before, after) by name."""
    values = _stored(facts)
    changed = {name: (record.values[name], values[name]) for name in FIELDS if record.values[name] != values[name]}
    if changed:
        new = {name: pair[1] for name, pair in changed.items()}
        _write(record, new)
        if _SEARCHED & changed.keys():
            organisation_search.refresh(record.id, {**values, "status": record.status.value})
        if _SEEN_BY_RULES & changed.keys():
            organisations.tree_changed(levels=False)
    return changed


def configure(record: OrganisationRecord, values: Mapping[str, Any]) -> None:
    """Store permissions or a level, by the names of their columns."""
    _write(record, values)
    organisations.tree_changed(levels="authority_level" in values)


def dissolve(record: OrganisationRecord, *, on: date) -> None:
    """Let an organisation be one of the past (R-206)."""
    _write(record, {"status": OrgStatus.DISSOLVED.value, "dissolved_on": on})
    organisation_search.refresh(record.id, {**record.values, "status": OrgStatus.DISSOLVED.value})
    organisations.tree_changed()


def order(parent_id: int, keys: Sequence[int]) -> None:
    """Put subordinates in this order; those that are not named come behind, as they were."""
    execute(sa.update(table).where(table.c.parent_id == parent_id).values(sort_order=organisations.UNSORTED))
    places = [{"this": key, "place": place} for place, key in enumerate(keys, start=1)]
    if places:
        named = sa.update(table).where(table.c.id == sa.bindparam("this")).values(sort_order=sa.bindparam("place"))
        execute(named, places)


def _write(record: OrganisationRecord, values: Mapping[str, Any]) -> None:
    execute(sa.update(table).where(table.c.id == record.id).values(**values, version=record.version + 1))


def _next_id() -> int:
    if is_sqlite():
        return int(execute(sa.select(sa.func.coalesce(sa.func.max(table.c.id), 0) + 1)).scalar_one())
    return int(execute(sa.select(sa.func.nextval(sa.func.pg_get_serial_sequence(table.name, "id")))).scalar_one())


def _is_taken(code: str) -> bool:
    return execute(sa.select(table.c.id).where(table.c.code == code)).first() is not None


def _stored(facts: Mapping[str, Any]) -> dict[str, Any]:
    values = {**_EMPTY, **{name: facts[name] for name in FIELDS if name in facts}}
    for name in _DATES:
        values[name] = date.fromisoformat(str(values[name])) if values[name] else None
    return values


def _record(row: Mapping[Any, Any]) -> OrganisationRecord:
    own = {name: row[name] for name in OrganisationRecord.__dataclass_fields__ if name not in ("values", "status")}
    return OrganisationRecord(**own, status=OrgStatus(row["status"]), values={name: row[name] for name in FIELDS})
