"""Remove a file while nothing rests on it: before the application is sent, before the step is decided (R-197)."""

from datetime import datetime

from service.domain import attachments as rules
from service.domain.accounts.actors import Actor
from service.domain.errors import Refused
from service.storage import audit
from service.storage.audit import Subject
from service.storage.db import transaction
from service.storage.transfers import attachments
from service.use_cases.attachments.seen_transfer import seen_transfer
from service.use_cases.deployment import Deployment


def remove_attachment(transfer_id: int, name: str, *, actor: Actor, now: datetime, deployment: Deployment) -> None:
    """Throw away a file of a transfer; refuses E_NOT_FOUND, E_FORBIDDEN, E_IMMUTABLE, E_NOT_CURRENT_HOP."""
    with transaction():
        seen = seen_transfer(transfer_id, actor=actor, deployment=deployment, locked=True)
        found = attachments.by_name(name)
        if found is None or found.transfer_id != transfer_id:
            raise Refused("E_NOT_FOUND")
        rules.require_removable(seen.context, added_in=found.version, version=seen.stored.version, holds=seen.holds)
        attachments.remove(found.id)
        before = {"transfer": transfer_id, "kind": found.kind, "digest": found.content_digest}
        subject = Subject("attachment", found.name, actor.org.id if actor.org else None)
        audit.append("remove_attachment", subject=subject, actor=actor, now=now, before=before)


def remove_loose(name: str, *, actor: Actor) -> None:
    """Throw away a file that one uploaded oneself and that belongs to nothing yet; refuses E_NOT_FOUND."""
    with transaction():
        found = attachments.by_name(name)
        if found is None or not found.is_loose or found.account_id != actor.account_id:
            raise Refused("E_NOT_FOUND")
        attachments.remove(found.id)
