"""Loading many members at once, and the questions a file of members is checked with."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from service.domain.organisations.organisations import OrgStatus, OrgType
from service.storage import bulk
from service.storage.db import execute
from service.storage.members.members import require_fitting_key, table
from service.storage.organisations import organisations
from service.storage.vault import Vault

_COLUMNS = tuple(column.name for column in table.columns if column.name != "id")
_DATES = frozenset({"birth_date", "joined_on", "full_on"})


class Branch(NamedTuple):
    """What an import must know of an organisation."""

    id: int
    org_type: OrgType
    is_active: bool


_BRANCHES = sa.select(
    organisations.table.c.code,
    organisations.table.c.id,
    organisations.table.c.org_type,
    organisations.table.c.status,
).where(organisations.table.c.code.in_(sa.bindparam("codes", expanding=True)))
_PRESENT = sa.select(table.c.id_number_index).where(
    table.c.id_number_index.in_(sa.bindparam("indexes", expanding=True)), table.c.status.not_like("HIST%")
)


def begin(vault: Vault) -> None:
    """Keep others from adding members meanwhile; refuses E_SETTING_INVALID for a key that is not theirs."""
    require_fitting_key(vault)
    bulk.claim_table(table)


def branches(codes: Sequence[str]) -> Mapping[str, Branch]:
    """The organisations of these codes."""
    found = execute(_BRANCHES, {"codes": codes})
    return {row[0]: Branch(row[1], OrgType(row[2]), row[3] == OrgStatus.ACTIVE.value) for row in found}


def present(indexes: Sequence[str]) -> set[str]:
    """Which of these keyed indexes of identity numbers belong to somebody who is a member (R-042)."""
    return set(execute(_PRESENT, {"indexes": indexes}).scalars())


def load(rows: Iterable[Mapping[str, Any]]) -> int:
    """Append members whose rows `members.row_of` made."""
    return bulk.load(table, _COLUMNS, (_as_driver_takes(row) for row in rows))


def finish() -> None:
    """Let the planner know."""
    bulk.settle(table)


def _as_driver_takes(row: Mapping[str, Any]) -> bulk.Row:
    return tuple(_text(row[name]) if name in _DATES else row[name] for name in _COLUMNS)


def _text(day: Any) -> str | None:
    return None if day is None else str(day.isoformat())
