"""The receipt of a transfer outside, as the committee that recorded it reads it again (R-132)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.domain.accounts.actors import Actor
from service.domain.transfers import receipts, sight
from service.domain.transfers.actions import Action
from service.domain.transfers.context import Decision
from service.storage.accounts import accounts
from service.storage.db import reading
from service.storage.members import members
from service.storage.transfers import history, transfers
from service.use_cases.deployment import Deployment
from service.use_cases.transfers import surroundings


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """What was recorded of a receipt, by whom and when; dates as ISO texts."""

    transfer_id: int
    letter_no: str
    receiving_committee: str
    receipt_date: str
    handler: str
    telephone: str
    remark: str
    recorded_by: str
    recorded_at: datetime
    attachments: tuple[str, ...]


def show_receipt(transfer_id: int, *, actor: Actor, deployment: Deployment) -> ReceiptView:
    """Show the receipt; refuses E_NOT_FOUND, E_FORBIDDEN to other organisations, E_TRANSFER_NOT_FINISHED without one."""
    with reading():
        stored = transfers.get(transfer_id)
        context = surroundings.context_of(stored, Decision(Action.APPROVE), deployment)
        sight.require_visible(context, actor)
        receipts.require_viewable(stored.transfer, actor)
        person = members.by_id(stored.transfer.member_id, deployment.vault)
        assert person is not None  # noqa: S101 - the foreign key holds it
        recorded = [each for each in history.of_transfer(transfer_id) if each.action == Action.RECORD_RECEIPT][-1]
        told: Mapping[str, Any] = deployment.vault.open(person.person_key, recorded.sealed)
        account = accounts.by_id(recorded.account_id)
    return ReceiptView(
        transfer_id=transfer_id,
        **{name: str(told.get(name, "")) for name in receipts.FIELDS},
        recorded_by=account.name if account else "",
        recorded_at=recorded.at,
        attachments=tuple(each["name"] for each in recorded.record.get("attachments", ())),
    )
