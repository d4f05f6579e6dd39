"""Transfers and the hops of their routes: one row carries what a completion and an inbox need.

`holder_id` is the organisation whose turn it is, None while the item is with the member himself. Of one member
at most one transfer is unfinished; the database holds that on its own (R-057).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from service.domain.errors import Refused
from service.domain.hops import Fill, Hop, HopRole, HopState, MadeBy, Side
from service.domain.letters import LetterState, OpenLetter
from service.domain.organisations import OrgRef
from service.domain.transfers import Cause, Target, Transfer, TransferState
from service.domain.varieties import DestinationKind, InType, OutType, Variety
from service.storage.columns import Id, Instant
from service.storage.db import db, execute, is_sqlite

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
sa.Index("ix_transfers_applicant", table.c.applicant_account_id, table.c.id)
sa.Index("ix_transfer_hops_org", hops.c.org_id, hops.c.transfer_id)


@dataclass(frozen=True, slots=True)
class Stored:
    """A transfer as it lies in the database, ready to go on.

    `state` are the engine's bytes; the digests name the definitions it runs with; `last_*` tell who decided
    last, `last_seq` and `last_hash` where its history ends.
    """

    id: int
    version: int
    transfer: Transfer
    step: str
    state: bytes
    diagram_digest: str
    profile_digest: str
    lineage_digest: str
    applicant_account_id: int
    opened_at: datetime
    created_at: datetime
    destination_kind: DestinationKind | None = None
    is_graduate: bool = False
    application_sealed: bytes | None = None
    letter_id: int | None = None
    valid_until: date | None = None
    last_account_id: int | None = None
    last_decided_at: datetime | None = None
    last_position: int | None = None
    last_seq: int = 0
    last_hash: str = ""
    finished_at: datetime | None = None


def insert(stored: Stored) -> int:
    """Store a new transfer; refuses E_TRANSFER_IN_PROGRESS when the member has an unfinished one (R-057)."""
    try:
        result = execute(sa.insert(table).values(**_values(stored), member_id=stored.transfer.member_id))
    except sa.exc.IntegrityError as error:
        if "uq_transfers_unfinished" in str(error) or "transfers.member_id" in str(error):
            raise Refused("E_TRANSFER_IN_PROGRESS") from error
        raise
    transfer_id = int(result.inserted_primary_key[0])  # type: ignore[index]
    if stored.transfer.hops:
        execute(sa.insert(hops), _hop_rows(transfer_id, stored.transfer.hops, 0))
    return transfer_id


_LOCKED = sa.select(table).where(table.c.id == sa.bindparam("wanted")).with_for_update()
_PLAIN = sa.select(table).where(table.c.id == sa.bindparam("wanted"))
_HOPS = sa.select(hops).where(hops.c.transfer_id == sa.bindparam("wanted")).order_by(hops.c.position)


def lock(transfer_id: int) -> Stored:
    """Read a transfer for a change; nobody else can change it until the transaction ends. Refuses E_NOT_FOUND."""
    return _read(_PLAIN if is_sqlite() else _LOCKED, transfer_id)


def get(transfer_id: int) -> Stored:
    """Read a transfer; refuses E_NOT_FOUND."""
    return _read(_PLAIN, transfer_id)


def save(stored: Stored, *, before: Stored) -> None:
    """Store the next version; refuses E_STALE when somebody else stored one meanwhile."""
    values = _values(stored)
    result = execute(
        sa.update(table).where(table.c.id == stored.id, table.c.version == before.version).values(**values)
    )
    if result.rowcount != 1:
        raise Refused("E_STALE")
    _save_hops(stored.id, before.transfer.hops, stored.transfer.hops)


def unfinished_of(member_id: int) -> int | None:
    """The unfinished transfer of a member, if there is one."""
    return execute(sa.select(table.c.id).where(table.c.member_id == member_id, _UNFINISHED)).scalar_one_or_none()


def shown_name(text: str) -> str:
    """The name in what `origin` and `target` hold of an organisation."""
    return text.partition(" ")[2]


def _read(query: sa.Select[Any], transfer_id: int) -> Stored:
    row = execute(query, {"wanted": transfer_id}).mappings().first()
    if row is None:
        raise Refused("E_NOT_FOUND", detail_zh=f"转接 {transfer_id}", detail_en=f"transfer {transfer_id}")
    route = tuple(_hop(each) for each in execute(_HOPS, {"wanted": transfer_id}).mappings())
    return _stored(row, route)


def _save_hops(transfer_id: int, before: Sequence[Hop], after: Sequence[Hop]) -> None:
    common = min(len(before), len(after))
    changed = [i for i in range(common) if before[i] != after[i]]
    states_only = [i for i in changed if _without_state(before[i]) == _without_state(after[i])]
    if states_only:
        execute(
            sa.update(hops)
            .where(hops.c.transfer_id == transfer_id, hops.c.position == sa.bindparam("at"))
            .values(state=sa.bindparam("now")),
            [{"at": i, "now": after[i].state.value} for i in states_only],
        )
    first = next((i for i in changed if i not in states_only), common)
    if first < len(before) or first < len(after):
        execute(sa.delete(hops).where(hops.c.transfer_id == transfer_id, hops.c.position >= first))
        if first < len(after):
            execute(sa.insert(hops), _hop_rows(transfer_id, after[first:], first))


def _without_state(hop: Hop) -> tuple[object, ...]:
    return (hop.org, hop.role, hop.side, hop.fill, hop.made_by)


def _hop_rows(transfer_id: int, route: Sequence[Hop], start: int) -> list[dict[str, Any]]:
    return [
        {
            "transfer_id": transfer_id,
            "position": position,
            "org_id": hop.org.id if hop.org else None,
            "org_code": hop.org.code if hop.org else None,
            "org_name": hop.org.name if hop.org else None,
            "role": hop.role.value,
            "side": hop.side.value,
            "fill": hop.fill.value,
            "made_by": hop.made_by.value,
            "state": hop.state.value,
        }
        for position, hop in enumerate(route, start=start)
    ]


def _hop(row: Mapping[Any, Any]) -> Hop:
    org = OrgRef(row["org_id"], row["org_code"], row["org_name"]) if row["org_id"] else None
    return Hop(
        org, HopRole(row["role"]), Side(row["side"]), Fill(row["fill"]), MadeBy(row["made_by"]), HopState(row["state"])
    )


def _values(stored: Stored) -> dict[str, Any]:
    transfer = stored.transfer
    open_now = bool(transfer.hops) and not transfer.state.is_final
    holder = (transfer.hop.org or transfer.starter) if open_now else None
    return {
        "version": stored.version,
        "variety": transfer.variety.value,
        "out_type": transfer.out_type,
        "in_type": transfer.in_type,
        "destination_kind": stored.destination_kind,
        "is_graduate": stored.is_graduate,
        **_org_values("origin", transfer.origin),
        "target_id": transfer.target.org.id if transfer.target.org else None,
        "target": _ref_text(transfer.target.org) or transfer.target.text,
        **_org_values("starter", transfer.starter),
        "applicant_account_id": stored.applicant_account_id,
        "status": transfer.state.value,
        "cause": transfer.cause,
        "position": transfer.position,
        "step": stored.step,
        "holder_id": holder.id if holder else None,
        "opened_at": stored.opened_at,
        **_org_values("branch", transfer.branch),
        "letter": _letter_text(transfer.letter),
        "letter_id": stored.letter_id,
        "valid_until": stored.valid_until,
        "last_account_id": stored.last_account_id,
        "last_decided_at": stored.last_decided_at,
        "last_position": stored.last_position,
        "state": stored.state,
        "diagram_digest": stored.diagram_digest,
        "profile_digest": stored.profile_digest,
        "lineage_digest": stored.lineage_digest,
        "application_sealed": stored.application_sealed,
        "last_seq": stored.last_seq,
        "last_hash": stored.last_hash,
        "created_at": stored.created_at,
        "finished_at": stored.finished_at,
    }


# An organisation named by a record keeps its code and its name of that time: "code name".
def _ref_text(ref: OrgRef | None) -> str:
    return f"{ref.code} {ref.name}" if ref else ""


def _org_values(column: str, ref: OrgRef | None) -> dict[str, Any]:
    return {f"{column}_id": ref.id if ref else None, column: _ref_text(ref)}


def _ref(row: Mapping[Any, Any], column: str) -> OrgRef | None:
    if row[f"{column}_id"] is None:
        return None
    code, _, name = row[column].partition(" ")
    return OrgRef(row[f"{column}_id"], code, name)


def _letter_text(letter: OpenLetter | None) -> str | None:
    # Position, state, then issuer and addressee by id: the names stand in the letter itself.
    if letter is None:
        return None
    parts = (letter.issuer, letter.addressee)
    refs = "\t".join(f"{ref.id} {_ref_text(ref)}" if ref else "" for ref in parts)
    return f"{letter.position}\t{letter.state.value}\t{refs}"


def _letter(text: str | None) -> OpenLetter | None:
    if not text:
        return None
    position, state, *refs = text.split("\t")
    issuer, addressee = (OrgRef(int(r.split(" ", 2)[0]), *r.split(" ", 2)[1:]) if r else None for r in refs)
    assert issuer is not None  # noqa: S101 - a letter always has an issuer
    return OpenLetter(int(position), issuer, addressee, LetterState(state))


def _stored(row: Mapping[Any, Any], route: tuple[Hop, ...]) -> Stored:
    target = _ref(row, "target")
    transfer = Transfer(
        variety=Variety(row["variety"]),
        member_id=row["member_id"],
        origin=_ref(row, "origin"),
        target=Target(target, "" if target else row["target"]),
        starter=_ref(row, "starter"),
        out_type=OutType(row["out_type"]) if row["out_type"] else None,
        in_type=InType(row["in_type"]) if row["in_type"] else None,
        state=TransferState(row["status"]),
        cause=Cause(row["cause"]) if row["cause"] else None,
        position=row["position"],
        hops=route,
        branch=_ref(row, "branch"),
        letter=_letter(row["letter"]),
    )
    kind = row["destination_kind"]
    same = {name: row[name] for name in _SAME_NAMES}
    return Stored(transfer=transfer, destination_kind=DestinationKind(kind) if kind else None, **same)


_SAME_NAMES = tuple(name for name in Stored.__dataclass_fields__ if name not in {"transfer", "destination_kind"})
