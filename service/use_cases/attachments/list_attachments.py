"""Which files there are: those of a transfer for its parties, those that belong to nothing for their uploader (R-197)."""

from dataclasses import dataclass

from service.domain import attachments as rules
from service.domain.accounts.actors import Actor
from service.domain.attachments import AttachmentKind
from service.storage.db import reading
from service.storage.transfers import attachments
from service.use_cases.attachments.sealing import AttachmentView, view
from service.use_cases.attachments.seen_transfer import seen_transfer
from service.use_cases.deployment import Deployment


@dataclass(frozen=True, slots=True)
class AttachmentList:
    """The files of a transfer, and the kinds that the one who asks may add now."""

    items: tuple[AttachmentView, ...]
    may_add: tuple[AttachmentKind, ...]


def list_attachments(transfer_id: int, *, actor: Actor, deployment: Deployment) -> AttachmentList:
    """The files of a transfer, oldest first; refuses E_NOT_FOUND, E_FORBIDDEN to others than its parties."""
    with reading():
        seen = seen_transfer(transfer_id, actor=actor, deployment=deployment)
        found = attachments.of_transfer(transfer_id)
    items = (
        view(
            each,
            owner=seen.owner,
            vault=deployment.vault,
            is_settled=rules.is_settled(seen.context, added_in=each.version, version=seen.stored.version),
        )
        for each in found
    )
    return AttachmentList(tuple(items), rules.kinds_of_step(seen.context) if seen.holds else ())


def list_loose(*, actor: Actor, deployment: Deployment) -> tuple[AttachmentView, ...]:
    """What the actor has uploaded that belongs to nothing yet, oldest first."""
    with reading():
        found = attachments.loose_of(actor.account_id)
    return tuple(view(each, owner=None, vault=deployment.vault) for each in found)
