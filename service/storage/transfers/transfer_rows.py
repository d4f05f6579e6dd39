"""A transfer as it is stored, and how it becomes a row and a value again.

An organisation named by a record keeps its code and its name of that time, as "code name" (R-206).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from service.domain.letters.letters import LetterState, OpenLetter
from service.domain.organisations.organisations import OrgRef
from service.domain.routes.hops import Fill, Hop, HopRole, HopState, MadeBy, Side
from service.domain.routes.varieties import DestinationKind, InType, OutType, Variety
from service.domain.transfers.transfers import Cause, Target, Transfer, TransferState


@dataclass(frozen=True, slots=True)
class Stored:
    """A transfer as it lies in the database, ready to go on.

    `state` are the engine's bytes; the digests name the definitions it runs with; `last_*` tell who decided
    last, `last_seq` and `last_hash` where its history ends. `due_at` is the end of the last day of the open hop,
    `timer_at` the next moment at which something is told of it.
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
    forms_digest: str | None = None
    due_at: datetime | None = None
    timer_at: datetime | None = None


def shown_name(text: str) -> str:
    """The name in what `origin` and `target` hold of an organisation."""
    return text.partition(" ")[2]


def hop_rows(transfer_id: int, route: Sequence[Hop], start: int) -> list[dict[str, Any]]:
    """The rows of hops, the first of them at position `start`."""
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


def hop_of(row: Mapping[Any, Any]) -> Hop:
    """The hop of a row."""
    org = OrgRef(row["org_id"], row["org_code"], row["org_name"]) if row["org_id"] else None
    return Hop(
        org, HopRole(row["role"]), Side(row["side"]), Fill(row["fill"]), MadeBy(row["made_by"]), HopState(row["state"])
    )


def values_of(stored: Stored) -> dict[str, Any]:
    """The columns of a transfer, all but its key and its member."""
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
        **_record_values(stored),
    }


def _record_values(stored: Stored) -> dict[str, Any]:
    """Where the engine, the history and the deadlines of a transfer stand."""
    return {
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
        "forms_digest": stored.forms_digest,
        "due_at": stored.due_at,
        "timer_at": stored.timer_at,
    }


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


def stored_of(row: Mapping[Any, Any], route: tuple[Hop, ...]) -> Stored:
    """The transfer of a row and its hops."""
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
