"""A file as its parties see it, and as it is stored: everything about it under its own key."""

from dataclasses import dataclass
from datetime import datetime

from service.domain.accounts.actors import Actor
from service.domain.attachments import AttachmentKind
from service.storage.transfers import attachments
from service.storage.transfers.attachments import Attachment
from service.storage.vault import Vault
from service.uploads.examining import Examined


@dataclass(frozen=True, slots=True)
class AttachmentView:
    """A file in a list; `name` is the random one by which it is asked for, `position` the hop it was added at.

    `is_settled`: whether it stays for good.
    """

    name: str
    kind: str
    file_name: str
    media_type: str
    size: int
    digest: str
    at: datetime
    position: int | None = None
    is_settled: bool = False


@dataclass(frozen=True, slots=True)
class Sealed:
    """A file that is ready to be stored."""

    attachment: Attachment
    content_sealed: bytes


def seal(examined: Examined, kind: AttachmentKind | str, *, actor: Actor, now: datetime, vault: Vault) -> Sealed:
    """Encrypt a file that belongs to nobody yet."""
    name, key = attachments.new_name(), vault.new_file_key()
    attachment = Attachment(
        name=name,
        kind=str(kind),
        file_name_sealed=vault.seal_file(key, examined.file_name.encode(), name=f"{name}/name"),
        media_type=examined.media_type,
        size=len(examined.content),
        content_digest=examined.digest,
        key_sealed=key,
        account_id=actor.account_id,
        at=now,
    )
    return Sealed(attachment, vault.seal_file(key, examined.content, name=f"{name}/content"))


def view(attachment: Attachment, *, owner: bytes | None, vault: Vault, is_settled: bool = False) -> AttachmentView:
    """Show a file; `owner` is the wrapped key of the member to whom it belongs, None while it belongs to nobody."""
    file_name = vault.open_file(
        attachment.key_sealed, attachment.file_name_sealed, name=f"{attachment.name}/name", owner=owner
    )
    return AttachmentView(
        name=attachment.name,
        kind=attachment.kind,
        file_name=file_name.decode(),
        media_type=attachment.media_type,
        size=attachment.size,
        digest=attachment.content_digest,
        at=attachment.at,
        position=attachment.position,
        is_settled=is_settled,
    )


def content(attachment: Attachment, *, owner: bytes | None, vault: Vault) -> bytes:
    """The open content of a file."""
    sealed = attachments.content(attachment.id)
    return vault.open_file(attachment.key_sealed, sealed, name=f"{attachment.name}/content", owner=owner)
