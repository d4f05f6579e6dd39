"""Add a file: to a transfer at whose step one is, or to none yet, for an application that is being written (R-195, R-197)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from service.domain import attachments as rules
from service.domain.accounts.actors import Actor
from service.domain.attachments import AttachmentKind
from service.storage.db import reading, transaction
from service.storage.transfers import attachments
from service.storage.transfers.attachments import Attachment, Place
from service.uploads.examining import Examined, Upload, examine
from service.use_cases.attachments.sealing import AttachmentView, seal, view
from service.use_cases.attachments.seen_transfer import seen_transfer
from service.use_cases.deployment import Deployment


def add_to_transfer(
    transfer_id: int, kind: AttachmentKind, upload: Upload, *, actor: Actor, now: datetime, deployment: Deployment
) -> AttachmentView:
    """Add a file to a transfer; the same file again is the one that is there.

    Refuses E_NOT_FOUND, E_FORBIDDEN, E_TRANSFER_FINISHED, E_NOT_CURRENT_HOP, E_ACTION_NOT_ALLOWED, as `examine`, and
    E_ATTACHMENT_SIZE beyond twenty files.
    """
    with reading():
        seen = seen_transfer(transfer_id, actor=actor, deployment=deployment)
        rules.require_addable(seen.context, kind, holds=seen.holds)
    # Outside the change: nobody else waits while a picture is drawn.
    examined = examine(upload, rules.limits(kind, seen.context.profile))
    sealed = seal(examined, kind, actor=actor, now=now, vault=deployment.vault)
    with transaction():
        seen = seen_transfer(transfer_id, actor=actor, deployment=deployment, locked=True)
        rules.require_addable(seen.context, kind, holds=seen.holds)
        known = attachments.of_transfer(transfer_id)
        pending = [each for each in known if each.version == seen.stored.version]
        if same := _same(pending, kind, examined):
            return view(same, owner=seen.owner, vault=deployment.vault)
        rules.require_room(len(known))
        place = Place(transfer_id, seen.stored.transfer.position, seen.stored.version)
        added = attachments.add(sealed.attachment, content_sealed=sealed.content_sealed)
        handed = deployment.vault.hand_over(sealed.attachment.key_sealed, owner=seen.owner)
        attached = attachments.attach(replace(sealed.attachment, id=added), place, key_sealed=handed)
        return view(attached, owner=seen.owner, vault=deployment.vault)


def add_loose(
    kind: AttachmentKind, upload: Upload, *, actor: Actor, now: datetime, deployment: Deployment
) -> AttachmentView:
    """Keep a file for an application that its uploader is writing; nobody else can name it.

    Refuses as `examine`, and E_ATTACHMENT_SIZE beyond twenty files that belong to nothing.
    """
    examined = examine(upload, rules.limits(kind, deployment.profile))
    sealed = seal(examined, kind, actor=actor, now=now, vault=deployment.vault)
    with transaction():
        known = attachments.loose_of(actor.account_id)
        kept = _same(known, kind, examined)
        if kept is None:
            rules.require_room(len(known))
            attachments.add(sealed.attachment, content_sealed=sealed.content_sealed)
        return view(kept or sealed.attachment, owner=None, vault=deployment.vault)


def _same(known: Sequence[Attachment], kind: AttachmentKind, examined: Examined) -> Attachment | None:
    return next((each for each in known if (each.kind, each.content_digest) == (kind, examined.digest)), None)
