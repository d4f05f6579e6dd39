"""A branch, or whoever is above it, takes back a member who was closed out by mistake (R-128, R-218)."""

from dataclasses import dataclass
from datetime import datetime

from service.domain.accounts.actors import Actor
from service.domain.clock import local_date
from service.domain.errors import Refused
from service.domain.members import identity_numbers
from service.domain.organisations.organisations import Chain
from service.domain.transfers import retrieving
from service.domain.transfers.retrieving import Entry
from service.storage.db import transaction
from service.storage.members import members, newcomers
from service.storage.members.members import Person
from service.storage.messages import outbox
from service.storage.messages.outbox import Message
from service.storage.organisations import organisations
from service.storage.transfers import history, retrievals, transfers
from service.storage.transfers.history import Event
from service.storage.transfers.retrievals import Retrieval
from service.storage.transfers.transfer_rows import Stored
from service.use_cases.deployment import Deployment


@dataclass(frozen=True, slots=True)
class Retrieved:
    """Who is back, and the transfer that stays as it was but for the mark."""

    transfer_id: int
    member_id: int
    member_name: str
    branch: str


def retrieve_member(
    branch_code: str, id_number: str, *, actor: Actor, now: datetime, deployment: Deployment
) -> Retrieved:
    """Restore the membership in the branch; the transfer's record stays, marked retrieved.

    Refuses E_ORG_NOT_FOUND, E_ID_FORMAT, E_ID_CHECKSUM, and as `retrieving.check_right` and `retrieving.find`. The same
    request again finds nobody to retrieve.
    """
    with transaction():
        branch = organisations.chain(branch_code)
        if not branch:
            raise Refused("E_ORG_NOT_FOUND", field="branch", detail_zh=branch_code[:40], detail_en=branch_code[:40])
        retrieving.check_right(branch, actor, deployment.profile)
        number = identity_numbers.parse(id_number, today=local_date(now))
        known = sorted(members.by_id_number(number, deployment.vault), key=lambda each: each.member.id)
        closings = {each.member.id: retrievals.closing_transfer(each.member.id) for each in known}
        entry = retrieving.find([_entry(each, closings[each.member.id]) for each in known], branch)
        closed = closings[entry.member.id]
        assert closed is not None  # noqa: S101 - `find` has looked at it
        _restore(entry, closed, branch, actor, now)
        _note(closed, branch, actor, now)
    return Retrieved(closed.id, entry.member.id, entry.member.name, branch_code)


def _entry(person: Person, closing: Stored | None) -> Entry:
    left_by = closing.transfer if closing is not None else None
    return Entry(person.member, person.branch_code, left_by, transfers.unfinished_of(person.member.id) is not None)


def _restore(entry: Entry, closed: Stored, branch: Chain, actor: Actor, now: datetime) -> None:
    member_id, branch_id = entry.member.id, branch[0].id
    newcomers.take_back(member_id, branch_id=branch_id, transfer_id=closed.id, on=local_date(now))
    retrievals.add(Retrieval(closed.id, member_id, branch_id, actor.account_id, now))
    told = {"transfer": closed.id, "member": member_id, "branch": branch[0].code}
    outbox.add((Message(f"retrieve:{closed.id}", "membership_moved", told),), now=now)


def _note(closed: Stored, branch: Chain, actor: Actor, now: datetime) -> None:
    """An entry behind the end of the transfer's history; the transfer itself moves no more."""
    state = closed.transfer.state.value
    event = Event(
        transfer_id=closed.id,
        at=now,
        account_id=actor.account_id,
        role=actor.role.value,
        acting_org=actor.org.code if actor.org else None,
        action=retrieving.ACTION,
        position=closed.transfer.position,
        from_state=state,
        to_state=state,
        diagram_digest=closed.diagram_digest,
        record={"branch": branch[0].code, "member": closed.transfer.member_id},
    )
    seq, last_hash = history.append([event], last_seq=closed.last_seq, last_hash=closed.last_hash)
    retrievals.append_to_history(closed, last_seq=seq, last_hash=last_hash)
