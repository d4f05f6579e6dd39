"""Part 3 of a paper letter from outside: that the member has arrived, for the committee he came from (R-149)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.domain.accounts.actors import Actor
from service.domain.organisations import tree
from service.domain.organisations.organisations import Chain
from service.domain.transfers import receipts, sight
from service.domain.transfers.actions import Action
from service.domain.transfers.context import Decision
from service.storage.accounts import accounts
from service.storage.db import reading
from service.storage.members import members
from service.storage.members.members import Person
from service.storage.organisations import organisations
from service.storage.transfers import history, transfers
from service.storage.transfers.history import Event
from service.use_cases.deployment import Deployment
from service.use_cases.transfers import surroundings

TEMPLATE = "receipt.html"
_TAKING_IN = frozenset({Action.RECEIVE, Action.CONFIRM_REPORT_IN})


@dataclass(frozen=True, slots=True)
class ReturnReceipt:
    """What the receipt says, and the template it is drawn with."""

    transfer_id: int
    texts: Mapping[str, str]
    template: bytes


def show_return_receipt(transfer_id: int, *, actor: Actor, deployment: Deployment) -> ReturnReceipt:
    """Show the receipt of an incoming transfer to its parties.

    Refuses E_NOT_FOUND, E_FORBIDDEN, E_ACTION_NOT_ALLOWED for another variety, E_TRANSFER_NOT_FINISHED before the
    member was taken in.
    """
    with reading():
        stored = transfers.get(transfer_id)
        context = surroundings.context_of(stored, Decision(Action.APPROVE), deployment)
        sight.require_party(context, actor)
        person = members.by_id(stored.transfer.member_id, deployment.vault)
        assert person is not None  # noqa: S101 - the foreign key holds it
        gained = [each for each in members.moves(person.member.id, gained=True) if each.transfer_id == transfer_id]
        receipts.require_arrived(stored.transfer, has_arrived=bool(gained))
        known = deployment.vault.open(person.person_key, stored.application_sealed)
        arrival = _arrival(history.of_transfer(transfer_id))
        texts = {
            "number": str(known.get("letter_no", "")),
            "addressee": str(known.get("receipt_heading") or known.get("committee_name") or known.get("origin", "")),
            "name": person.member.name,
            "received_on": gained[-1].on_date.isoformat(),
            **_signed(organisations.chain(gained[-1].org_code)),
            **_handled(arrival, person, deployment),
        }
    return ReturnReceipt(transfer_id, texts, deployment.catalogue.letter_templates[TEMPLATE])


def _arrival(events: Sequence[Event]) -> Event | None:
    return next((each for each in reversed(events) if each.action in _TAKING_IN), None)


def _signed(branch: Chain) -> dict[str, str]:
    """The receiving primary committee, which seals the receipt and sends it back."""
    by = next((org for org in branch if tree.is_committee(org)), branch[0])
    known: Mapping[str, Any] = organisations.details(by.code) or {}
    return {"committee": by.letter_heading or by.name, "telephone": str(known.get("telephone", ""))}


def _handled(arrival: Event | None, person: Person, deployment: Deployment) -> dict[str, str]:
    if arrival is None:
        return {}
    account = accounts.by_id(arrival.account_id)
    told = deployment.vault.open(person.person_key, arrival.sealed)
    telephone = {"telephone": str(told["telephone"])} if told.get("telephone") else {}
    return {"handler": account.name if account else "", **telephone}
