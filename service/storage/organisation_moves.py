"""Moving an organisation with everything below it: one statement rewrites the paths of the whole subtree (R-203)."""

from collections.abc import Iterable

import sqlalchemy as sa

from service.domain.organisations import AuthorityLevel, rank_of
from service.storage import organisations
from service.storage.db import execute
from service.storage.organisation_records import OrganisationRecord
from service.storage.organisations import HAS_HIGH_LEVEL, inside, segment, table


def move(record: OrganisationRecord, *, to_id: int, to_path: str) -> int:
    """Put an organisation and all below it under another superior; return how many paths were rewritten.

    Members, transfers and lists name organisations by key, so nothing else has to follow. Transfers under way keep
    the lineage that they stored (R-020).
    """
    new_path = to_path + segment(record.id)
    rest = sa.func.substr(table.c.path, len(record.path) + 1)
    moved = execute(
        sa.update(table).where(inside(record.path)).values(path=sa.literal(new_path, table.c.path.type).concat(rest))
    ).rowcount
    values = {"parent_id": to_id, "sort_order": organisations.UNSORTED, "version": record.version + 1}
    execute(sa.update(table).where(table.c.id == record.id).values(**values))
    organisations.tree_changed(levels=False)
    return int(moved)


def outranking(path: str, rank: int) -> str | None:
    """The code of an organisation in a subtree whose level outranks this rank, if there is one (R-006)."""
    return _first(path, (level for level in AuthorityLevel if rank_of(level) > rank))


def _first(path: str, levels: Iterable[AuthorityLevel]) -> str | None:
    wanted = [level.value for level in levels]
    query = sa.select(table.c.code).where(HAS_HIGH_LEVEL, table.c.authority_level.in_(wanted), inside(path)).limit(1)
    return execute(query).scalar_one_or_none() if wanted else None
