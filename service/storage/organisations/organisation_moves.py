"""Moving an organisation with everything below it: one statement rewrites the paths of the whole subtree (R-203)."""

import sqlalchemy as sa

from service.domain.organisations.organisations import AuthorityLevel, rank_of
from service.storage.db import execute, is_sqlite
from service.storage.organisations import organisations
from service.storage.organisations.organisation_records import OrganisationRecord
from service.storage.organisations.organisations import HAS_HIGH_LEVEL, inside, segment, table

_KEEP, _CLAIM = (
    sa.text(f"SELECT pg_advisory_xact_lock{kind}(hashtextextended('organisations', 0))") for kind in ("_shared", "")
)


def keep_structure() -> None:
    """Let nobody move anything until this change ends; changes of single organisations do not wait for each other."""
    if not is_sqlite():
        execute(_KEEP)


def claim_structure() -> None:
    """Wait until nobody changes any organisation, and let nobody begin; the first thing a move does.

    An organisation that is created meanwhile, or moved in, would keep the path its superior had before.
    """
    if not is_sqlite():
        execute(_CLAIM)


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


def outranking(path: str, rank: int, *, but: str = "") -> str | None:
    """The code of an organisation in a subtree whose level outranks this rank, if there is one `but` that (R-006)."""
    levels = [level.value for level in AuthorityLevel if rank_of(level) > rank]
    if not levels:
        return None
    ranked = sa.and_(HAS_HIGH_LEVEL, table.c.authority_level.in_(levels), inside(path), table.c.code != but)
    return execute(sa.select(table.c.code).where(ranked).limit(1)).scalar_one_or_none()
