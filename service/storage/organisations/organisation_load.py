"""Loading a whole organisation tree into an empty table; keys and paths are computed on the way."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from service.storage import bulk
from service.storage.organisations import organisation_search, organisations
from service.storage.organisations.organisations import table

_VALUES = (
    "name", "short_name", "org_type", "unit_kind", "authority_level", "scope", "can_transfer",
    "auto_approve_children", "is_functional", "letter_heading", "contact", "telephone", "status",
)  # fmt: skip
_COLUMNS = ("id", "parent_id", "path", "code", *_VALUES)


class NewOrganisation(NamedTuple):
    """An organisation with the number it gets; `values` by column name. Its superior came before it."""

    id: int
    parent_id: int | None
    code: str
    values: Mapping[str, Any]


def begin() -> int:
    """Keep others from the tree; return how many organisations there are. Into none of them may be loaded."""
    bulk.claim_table(table)
    if there := organisations.count():
        return there
    bulk.set_aside(table)
    organisation_search.begin_filling()
    return 0


def load(rows: Iterable[NewOrganisation]) -> int:
    """Append organisations numbered 1, 2, 3 …; return how many there were."""
    count = 0
    paths = [""]
    for chunk in bulk.chunks(rows):
        count += bulk.load(table, _COLUMNS, _with_paths(chunk, paths))
        organisation_search.append((row.id, row.values) for row in chunk)
    return count


def finish() -> None:
    """Let everybody know that there is a tree, and let it be searched."""
    bulk.put_back(table)
    bulk.continue_numbering(table)
    bulk.settle(table)
    organisations.tree_changed()
    organisation_search.finish_filling()


def _with_paths(rows: Iterable[NewOrganisation], paths: list[str]) -> Iterator[bulk.Row]:
    # Only superiors are looked up again, but a leaf cannot be told from one that is still to get subordinates.
    for row in rows:
        path = paths[row.parent_id or 0] + organisations.segment(row.id)
        paths.append(path)
        values = row.values
        yield (row.id, row.parent_id, path, row.code, *[values[name] for name in _VALUES])
