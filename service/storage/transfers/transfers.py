"""Transfers and the hops of their routes: one row carries what a completion and an inbox need.

`holder_id` is the organisation whose turn it is, None while the item is with the member himself. Of one member
at most one transfer is unfinished; the database holds that on its own (R-057).
"""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from service.domain.errors import Refused
from service.domain.routes.hops import Hop
from service.storage.columns import Id, Instant
from service.storage.db import db, execute, is_sqlite
from service.storage.prepared import Prepared
from service.storage.transfers.transfer_rows import Stored, hop_of, hop_rows, stored_of, values_of

_ORG = "organisations.id"
_FINAL = "status IN ('COMPLETED','VOIDED','REVOKED')"

table = sa.Table(
    "transfers",
    db.metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("variety", sa.String(16), nullable=False),
    sa.Column("out_type", sa.String(32)),
    sa.Column("in_type", sa.String(32)),
    sa.Column("destination_kind", sa.String(16)),
    sa.Column("is_graduate", sa.Boolean, nullable=False),
    sa.Column("member_id", Id, sa.ForeignKey("members.id"), nullable=False, index=True),
    sa.Column("origin_id", Id, sa.ForeignKey(_ORG)),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("target_id", Id, sa.ForeignKey(_ORG)),
    sa.Column("target", sa.Text, nullable=False),
    sa.Column("starter_id", Id, sa.ForeignKey(_ORG), index=True),
    sa.Column("starter", sa.Text, nullable=False),
    sa.Column("applicant_account_id", Id, sa.ForeignKey("accounts.id"), nullable=False),
    sa.Column("status", sa.String(32), nullable=False),
    sa.Column("cause", sa.String(16)),
    sa.Column("position", sa.SmallInteger, nullable=False),
    sa.Column("step", sa.String(24), nullable=False),
    sa.Column("holder_id", Id, sa.ForeignKey(_ORG)),
    sa.Column("opened_at", Instant, nullable=False),
    sa.Column("branch_id", Id, sa.ForeignKey(_ORG)),
    sa.Column("branch", sa.Text),
    sa.Column("letter", sa.Text),
    sa.Column("letter_id", Id),
    sa.Column("valid_until", sa.Date),
    sa.Column("last_account_id", Id, sa.ForeignKey("accounts.id")),
    sa.Column("last_decided_at", Instant),
    sa.Column("last_position", sa.SmallInteger),
    sa.Column("state", sa.LargeBinary, nullable=False),
    sa.Column("diagram_digest", sa.String(64), nullable=False),
    sa.Column("profile_digest", sa.String(64), nullable=False),
    sa.Column("lineage_digest", sa.String(64), nullable=False),
    sa.Column("application_sealed", sa.LargeBinary),
    sa.Column("last_seq", sa.Integer, nullable=False),
    sa.Column("last_hash", sa.String(64), nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("finished_at", Instant),
    # NULL in transfers that were begun before forms were kept.
    sa.Column("forms_digest", sa.String(64)),
    sa.Column("due_at", Instant),
    sa.Column("timer_at", Instant),
)
hops = sa.Table(
    "transfer_hops",
    db.metadata,
    sa.Column("transfer_id", Id, sa.ForeignKey("transfers.id"), primary_key=True),
    sa.Column("position", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("org_id", Id, sa.ForeignKey(_ORG)),
    sa.Column("org_code", sa.String(32)),
    sa.Column("org_name", sa.Text),
    sa.Column("role", sa.String(20), nullable=False),
    sa.Column("side", sa.String(12), nullable=False),
    sa.Column("fill", sa.String(12), nullable=False),
    sa.Column("made_by", sa.String(12), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
)
_UNFINISHED = sa.text(f"NOT ({_FINAL})")
sa.Index(
    "uq_transfers_unfinished",
    table.c.member_id,
    unique=True,
    sqlite_where=_UNFINISHED,
    postgresql_where=_UNFINISHED,
)
sa.Index("ix_transfers_inbox", table.c.holder_id, table.c.status, table.c.valid_until, table.c.id)
_PLANNED = sa.text("timer_at IS NOT NULL")
sa.Index("ix_transfers_timer", table.c.timer_at, sqlite_where=_PLANNED, postgresql_where=_PLANNED)
sa.Index("ix_transfers_applicant", table.c.applicant_account_id, table.c.id)
sa.Index("ix_transfer_hops_org", hops.c.org_id, hops.c.transfer_id)


def insert(stored: Stored) -> int:
    """Store a new transfer; refuses E_TRANSFER_IN_PROGRESS when the member has an unfinished one (R-057)."""
    try:
        row = _INSERT.first({**values_of(stored), "member_id": stored.transfer.member_id})
    except sa.exc.IntegrityError as error:
        if "uq_transfers_unfinished" in str(error) or "transfers.member_id" in str(error):
            raise Refused("E_TRANSFER_IN_PROGRESS") from error
        raise
    assert row is not None  # noqa: S101 - an insert answers with what it inserted
    transfer_id = int(row["id"])
    if stored.transfer.hops:
        _INSERT_HOP.run_each(hop_rows(transfer_id, stored.transfer.hops, 0))
    return transfer_id


_ONE = sa.select(table).where(table.c.id == sa.bindparam("wanted"))
_LOCKED = Prepared(_ONE.with_for_update())
_PLAIN = Prepared(_ONE)
_HOPS = Prepared(sa.select(hops).where(hops.c.transfer_id == sa.bindparam("wanted")).order_by(hops.c.position))
_INSERT = Prepared(sa.insert(table).returning(table.c.id), columns=[each.name for each in table.c if each.name != "id"])
_UNFINISHED_OF = Prepared(sa.select(table.c.id).where(table.c.member_id == sa.bindparam("member_id"), _UNFINISHED))
_INSERT_HOP = Prepared(sa.insert(hops), columns=hops.c.keys())
_UPDATE = Prepared(
    sa.update(table)
    .where(table.c.id == sa.bindparam("this"), table.c.version == sa.bindparam("seen"))
    .values({column.name: sa.bindparam(column.name) for column in table.c if column.name not in {"id", "member_id"}})
)
_UPDATE_HOP = Prepared(
    sa.update(hops)
    .where(hops.c.transfer_id == sa.bindparam("of"), hops.c.position == sa.bindparam("at"))
    .values(state=sa.bindparam("now"))
)


def lock(transfer_id: int) -> Stored:
    """Read a transfer for a change; nobody else can change it until the transaction ends. Refuses E_NOT_FOUND."""
    return _read(_PLAIN if is_sqlite() else _LOCKED, transfer_id)


def get(transfer_id: int) -> Stored:
    """Read a transfer; refuses E_NOT_FOUND."""
    return _read(_PLAIN, transfer_id)


def save(stored: Stored, *, before: Stored) -> None:
    """Store the next version; refuses E_STALE when somebody else stored one meanwhile."""
    if _UPDATE.run({**values_of(stored), "this": stored.id, "seen": before.version}) != 1:
        raise Refused("E_STALE")
    _save_hops(stored.id, before.transfer.hops, stored.transfer.hops)


def unfinished_of(member_id: int) -> int | None:
    """The unfinished transfer of a member, if there is one."""
    found = _UNFINISHED_OF.first({"member_id": member_id})
    return int(found["id"]) if found else None


def in_transfer(member_ids: Iterable[int]) -> frozenset[int]:
    """Which of these members have an unfinished transfer."""
    query = sa.select(table.c.member_id).where(table.c.member_id.in_(list(member_ids)), _UNFINISHED)
    return frozenset(execute(query).scalars())


def _read(query: Prepared, transfer_id: int) -> Stored:
    row = query.first({"wanted": transfer_id})
    if row is None:
        # Said as of one that is out of sight: nobody can tell which of the two it is.
        raise Refused("E_NOT_FOUND")
    route = tuple(hop_of(each) for each in _HOPS.rows({"wanted": transfer_id}))
    return stored_of(row, route)


def _save_hops(transfer_id: int, before: Sequence[Hop], after: Sequence[Hop]) -> None:
    common = min(len(before), len(after))
    changed = [i for i in range(common) if before[i] != after[i]]
    states_only = [i for i in changed if _without_state(before[i]) == _without_state(after[i])]
    if states_only:
        _UPDATE_HOP.run_each([{"of": transfer_id, "at": i, "now": after[i].state.value} for i in states_only])
    first = next((i for i in changed if i not in states_only), common)
    if first < len(before):
        execute(sa.delete(hops).where(hops.c.transfer_id == transfer_id, hops.c.position >= first))
    if first < len(after):
        _INSERT_HOP.run_each(hop_rows(transfer_id, after[first:], first))


def _without_state(hop: Hop) -> tuple[object, ...]:
    return (hop.org, hop.role, hop.side, hop.fill, hop.made_by)
