"""Loading a whole organisation tree into an empty table; keys and paths are computed on the way."""

from collections.abc import Iterable, Iterator, Mapping
from operator import itemgetter
from typing import Any, NamedTuple

from service.storage import bulk
from service.storage.organisations import organisation_search, organisations
from service.storage.organisations.organisations import table

_VALUES = (
    "name", "short_name", "org_type", "unit_kind", "authority_level", "scope", "can_transfer",
    "auto_approve_children", "is_functional", "letter_heading", "contact", "telephone", "status",
)  # fmt: skip
_COLUMNS = ("id", "parent_id", "path", "code", *_VALUES)
_values = itemgetter(*_VALUES)


class NewOrganisation(NamedTuple):
    """An organisation with the number and the path it gets; `values` by column name."""

    id: int
    parent_id: int | None
    path: str
    code: str
    values: Mapping[str, Any]


class PackedOrganisations(NamedTuple):
    """Organisations and what they are found by, as `load` takes them."""

    records: bulk.Packed
    search: bulk.Packed


class Paths:
    """The paths of organisations numbered 1, 2, 3 …, each after its superior."""

    def __init__(self) -> None:
        self._paths = [""]

    def add(self, parent_id: int | None) -> str:
        """The path of the next one."""
        # Only superiors are looked up again, but a leaf cannot be told from one that is still to get subordinates.
        path = self._paths[parent_id or 0] + organisations.segment(len(self._paths))
        self._paths.append(path)
        return path


def begin() -> int:
    """Keep others from the tree; return how many organisations there are. Into none of them may be loaded."""
    bulk.claim_table(table)
    if there := organisations.count():
        return there
    bulk.set_aside(table)
    organisation_search.begin_filling()
    return 0


def packed(rows: Iterable[NewOrganisation], *, for_sqlite: bool) -> PackedOrganisations:
    """Organisations as `load` takes them; any process can pack them."""
    here = tuple(rows)
    records = bulk.packed(map(_record, here), for_sqlite=for_sqlite)
    return PackedOrganisations(records, organisation_search.packed(_found_by(here), for_sqlite=for_sqlite))


def load(rows: PackedOrganisations) -> None:
    """Append packed organisations."""
    bulk.load(table, _COLUMNS, rows.records)
    organisation_search.append(rows.search)


def finish() -> None:
    """Let everybody know that there is a tree, and let it be searched."""
    bulk.put_back(table)
    bulk.continue_numbering(table)
    bulk.settle(table)
    organisations.tree_changed()
    organisation_search.finish_filling()


def _record(row: NewOrganisation) -> bulk.Row:
    return (row.id, row.parent_id, row.path, row.code, *_values(row.values))


def _found_by(rows: Iterable[NewOrganisation]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    return ((row.id, row.values) for row in rows)
