"""Loading many members at once, and the questions a file of members is checked with."""

from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

import sqlalchemy as sa

from service.domain.organisations.organisations import OrgStatus, OrgType
from service.storage import bulk
from service.storage.db import learnt
from service.storage.members.members import require_fitting_key, table
from service.storage.organisations import organisations
from service.storage.vault import Vault

_COLUMNS = tuple(column.name for column in table.columns if column.name != "id")
_values = itemgetter(*_COLUMNS)
_DATES = tuple(_COLUMNS.index(name) for name in ("birth_date", "joined_on", "full_on"))
_NOBODY = "nobody was a member before this load"


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
)
_PRESENT = sa.select(table.c.id_number_index).where(table.c.status.not_like("HIST%"))


def begin(vault: Vault) -> None:
    """Keep others from adding members meanwhile; refuses E_SETTING_INVALID for a key that is not theirs."""
    require_fitting_key(vault)
    bulk.claim_table(table)
    if bulk.is_empty(table):
        bulk.set_aside(table)
        learnt()[_NOBODY] = True


def branches(codes: Sequence[str]) -> Mapping[str, Branch]:
    """The organisations of these codes."""
    found = bulk.of_many(_BRANCHES, organisations.table.c.code, codes)
    return {row[0]: Branch(row[1], OrgType(row[2]), row[3] == OrgStatus.ACTIVE.value) for row in found}


def present(indexes: Sequence[str]) -> set[str]:
    """Which of these keyed indexes of identity numbers belong to somebody who is a member (R-042)."""
    if learnt().get(_NOBODY):
        return set()
    return {row[0] for row in bulk.of_many(_PRESENT, table.c.id_number_index, indexes)}


def packed(rows: Iterable[Mapping[str, Any]], *, for_sqlite: bool) -> bulk.Packed:
    """Members whose rows `members.row_of` made, as `load` takes them."""
    return bulk.packed((_as_driver_takes(row) for row in rows), for_sqlite=for_sqlite)


def load(rows: bulk.Packed) -> None:
    """Append packed members."""
    bulk.load(table, _COLUMNS, rows)


def finish() -> None:
    """Build what was left for the end, and let the planner know."""
    bulk.put_back(table)
    bulk.settle(table)


def _as_driver_takes(row: Mapping[str, Any]) -> bulk.Row:
    values = list(_values(row))
    for place in _DATES:
        if values[place] is not None:
            values[place] = values[place].isoformat()
    return tuple(values)
