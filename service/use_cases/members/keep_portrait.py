"""The portrait of a member: one at a time, drawn anew, under his own key (R-196)."""

from dataclasses import replace
from datetime import datetime

from service.domain.accounts.actors import Actor
from service.domain.attachments import PORTRAIT
from service.domain.errors import Refused
from service.domain.members import member_records
from service.storage import audit
from service.storage.db import reading, transaction
from service.storage.members import members
from service.storage.members.members import Person
from service.storage.transfers import attachments
from service.uploads.examining import Upload, examine
from service.use_cases.attachments.fetch_attachment import Download
from service.use_cases.attachments.sealing import AttachmentView, content, seal, view
from service.use_cases.deployment import Deployment
from service.use_cases.members.complete_record import completed
from service.use_cases.members.keeping import seen
from service.use_cases.members.show_member import subject

KIND = "portrait"


def keep_portrait(
    member_id: int, upload: Upload, *, actor: Actor, now: datetime, deployment: Deployment
) -> AttachmentView:
    """Put a portrait in the place of the one before; the member himself may, and whoever completes his record.

    Refuses E_FORBIDDEN, E_NOT_FOUND, and as `examine`.
    """
    with reading():
        _portrayed(member_id, actor, deployment)
    sealed = seal(examine(upload, PORTRAIT), KIND, actor=actor, now=now, vault=deployment.vault)
    with transaction():
        person = _portrayed(member_id, actor, deployment)
        former = attachments.of_member(member_id)
        if former is not None:
            attachments.remove(former.id)
        key = deployment.vault.hand_over(sealed.attachment.key_sealed, owner=person.person_key)
        kept = replace(sealed.attachment, member_id=member_id, key_sealed=key)
        attachments.add(kept, content_sealed=sealed.content_sealed)
        audit.append(
            "keep_portrait",
            subject=subject(person.member),
            actor=actor,
            now=now,
            before={"digest": former.content_digest} if former else None,
            after={"digest": kept.content_digest},
        )
        return view(kept, owner=person.person_key, vault=deployment.vault)


def show_portrait(member_id: int, *, actor: Actor, deployment: Deployment) -> Download:
    """The portrait, for himself and for those above him; refuses E_FORBIDDEN, E_NOT_FOUND."""
    with reading():
        person = _seen(member_id, actor, deployment)
        found = attachments.of_member(member_id)
        if found is None:
            raise Refused("E_NOT_FOUND")
        shown = view(found, owner=person.person_key, vault=deployment.vault)
        body = content(found, owner=person.person_key, vault=deployment.vault)
    return Download(shown.file_name, shown.media_type, body)


def _portrayed(member_id: int, actor: Actor, deployment: Deployment) -> Person:
    """Himself, or a member whose record the actor completes."""
    return _himself(member_id, actor, deployment) or completed(member_id, actor, deployment)


def _seen(member_id: int, actor: Actor, deployment: Deployment) -> Person:
    return _himself(member_id, actor, deployment) or seen(member_id, actor, deployment)[0]


def _himself(member_id: int, actor: Actor, deployment: Deployment) -> Person | None:
    return members.by_id(member_id, deployment.vault) if member_records.is_himself(actor, member_id) else None
