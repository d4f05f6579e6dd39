"""Open a file: for the parties of its transfer, or for who uploaded it while it belongs to nothing (R-197).

A picture may show a whole identity number, so each opening of a transfer's file is noted (R-038).
"""

from dataclasses import dataclass
from datetime import datetime

from service.domain.accounts.actors import Actor
from service.domain.errors import Refused
from service.storage import audit
from service.storage.audit import Subject
from service.storage.db import reading, transaction
from service.storage.transfers import attachments
from service.storage.transfers.attachments import Attachment
from service.use_cases.attachments.sealing import content, view
from service.use_cases.attachments.seen_transfer import seen_transfer
from service.use_cases.deployment import Deployment


@dataclass(frozen=True, slots=True)
class Download:
    """A file as it is handed out."""

    file_name: str
    media_type: str
    content: bytes


def fetch_attachment(transfer_id: int, name: str, *, actor: Actor, now: datetime, deployment: Deployment) -> Download:
    """Open a file of a transfer; refuses E_NOT_FOUND, E_FORBIDDEN to others than the parties of the transfer."""
    with reading():
        seen = seen_transfer(transfer_id, actor=actor, deployment=deployment)
        found = attachments.by_name(name)
        if found is None or found.transfer_id != transfer_id:
            raise Refused("E_NOT_FOUND")
        opened = _opened(found, seen.owner, deployment)
    with transaction():
        org = actor.org.id if actor.org else None
        subject = Subject("attachment", found.name, org)
        audit.append("open_attachment", subject=subject, actor=actor, now=now, after={"transfer": transfer_id})
    return opened


def fetch_loose(name: str, *, actor: Actor, deployment: Deployment) -> Download:
    """Open a file that one uploaded oneself; refuses E_NOT_FOUND."""
    with reading():
        found = attachments.by_name(name)
        if found is None or not found.is_loose or found.account_id != actor.account_id:
            raise Refused("E_NOT_FOUND")
        return _opened(found, None, deployment)


def _opened(found: Attachment, owner: bytes | None, deployment: Deployment) -> Download:
    shown = view(found, owner=owner, vault=deployment.vault)
    return Download(shown.file_name, shown.media_type, content(found, owner=owner, vault=deployment.vault))
