"""A transfer as its parties see it: where it stands, its route, its history, its letters, what may be done (R-185)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from service.definitions.forms import Form
from service.domain.accounts.actors import Actor
from service.domain.members import identity_numbers
from service.domain.routes.hops import Hop
from service.domain.transfers import judging, offers, receipts, retrieving, sight
from service.domain.transfers.actions import Action
from service.domain.transfers.context import Context, Decision
from service.domain.transfers.offers import Offer
from service.domain.transfers.transfers import Transfer
from service.storage.accounts import accounts
from service.storage.db import reading
from service.storage.members import members
from service.storage.members.members import Person
from service.storage.transfers import history, letters, retrievals, transfers
from service.storage.transfers.history import Event
from service.storage.transfers.letters import Letter
from service.storage.transfers.transfer_rows import Stored
from service.use_cases.deployment import Deployment
from service.use_cases.transfers import own_transfers, surroundings

_TOLD_OPENLY = (
    "on_behalf_of", "self_decided", "old_target", "new_target", "old_target_name", "new_target_name"
)  # fmt: skip
"""What history says of a step without a word about the person (R-087, R-100, R-116)."""
_FIRST_STEP = "apply"


@dataclass(frozen=True, slots=True)
class EventView:
    """One step of the trace; `told` holds reason, opinion and answers, `who` the handler's name."""

    seq: int
    at: datetime
    who: str
    org: str | None
    org_name: str
    action: str
    position: int
    from_state: str
    to_state: str
    letter_no: str | None
    is_automatic: bool
    told: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LetterLine:
    """One letter in the list of a transfer; open it by its id."""

    id: int
    number: str
    position: int
    state: str
    issued_at: datetime
    valid_until: date
    is_automatic: bool


@dataclass(frozen=True, slots=True)
class TransferView:
    """Everything the page of a transfer shows; the identity number is masked (R-038).

    `form` is that of the open task, after the end that of the application. `is_retrieved`: the member was taken back
    (R-128). `may_view_receipt`: the actor's committee recorded one (R-132).
    """

    id: int
    version: int
    transfer: Transfer
    member_name: str
    member_number: str
    member_kind: str
    step: str
    process_id: str
    opened_at: datetime
    created_at: datetime
    valid_until: date | None
    due_at: datetime | None
    finished_at: datetime | None
    events: tuple[EventView, ...]
    letters: tuple[LetterLine, ...]
    offers: tuple[Offer, ...]
    application: Mapping[str, Any]
    form: Form
    is_retrieved: bool = False
    may_view_receipt: bool = False

    @property
    def hops(self) -> tuple[Hop, ...]:
        """The route."""
        return self.transfer.hops

    @property
    def actions(self) -> tuple[Action, ...]:
        """What the acting role may do now."""
        return tuple(each.action for each in self.offers)


def show_transfer(transfer_id: int, *, actor: Actor, deployment: Deployment) -> TransferView:
    """Show a transfer; refuses E_NOT_FOUND for one the actor cannot see."""
    with reading():
        stored = transfers.get(transfer_id)
        context = surroundings.context_of(stored, Decision(Action.APPROVE), deployment)
        sight.require_visible(context, actor)
        person = members.by_id(stored.transfer.member_id, deployment.vault)
        assert person is not None  # noqa: S101 - the foreign key holds it
        return _view(stored, context, person, actor, deployment)


def _view(stored: Stored, context: Context, person: Person, actor: Actor, deployment: Deployment) -> TransferView:
    vault = deployment.vault
    offered = judging.offered(context, actor, is_barred=own_transfers.is_barred(context, actor))
    return TransferView(
        id=stored.id,
        version=stored.version,
        transfer=stored.transfer,
        member_name=person.member.name,
        member_number=identity_numbers.masked(person.member.id_number),
        member_kind=person.member.kind.value,
        step=stored.step,
        process_id=stored.transfer.variety.process_id,
        opened_at=stored.opened_at,
        created_at=stored.created_at,
        valid_until=stored.valid_until,
        due_at=stored.due_at,
        finished_at=stored.finished_at,
        events=tuple(_event(each, stored, person, deployment) for each in history.of_transfer(stored.id)),
        letters=_letters(letters.of_transfer(stored.id)),
        offers=tuple(offers.offer(action, context) for action in offered),
        application=vault.open(person.person_key, stored.application_sealed),
        form=surroundings.form_of(stored, stored.step or _FIRST_STEP, deployment),
        is_retrieved=retrieving.was_closed_out(stored.transfer) and retrievals.of_transfer(stored.id) is not None,
        may_view_receipt=receipts.may_view(stored.transfer, actor),
    )


def _event(event: Event, stored: Stored, person: Person, deployment: Deployment) -> EventView:
    account = accounts.by_id(event.account_id)
    lineage = surroundings.lineage_of(stored.lineage_digest)
    chain = lineage.chain(event.acting_org) if event.acting_org else ()
    return EventView(
        seq=event.seq,
        at=event.at,
        who=account.name if account else "",
        org=event.acting_org,
        org_name=chain[0].name if chain else "",
        action=event.action,
        position=event.position,
        from_state=event.from_state,
        to_state=event.to_state,
        letter_no=event.letter_no,
        is_automatic=event.is_automatic,
        told={name: event.record[name] for name in _TOLD_OPENLY if name in event.record}
        | deployment.vault.open(person.person_key, event.sealed),
    )


def _letters(found: Sequence[Letter]) -> tuple[LetterLine, ...]:
    return tuple(
        LetterLine(
            letter.id,
            letter.number,
            letter.position,
            letter.state.value,
            letter.issued_at,
            letter.valid_until,
            letter.is_automatic,
        )
        for letter in found
    )
