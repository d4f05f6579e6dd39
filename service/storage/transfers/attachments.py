"""Files as they are stored: under a random name, as ciphertext under a key of their own (R-195–R-197).

A file that belongs to nothing yet has its key under the master key; once it belongs to a transfer or a member, under that
member's data key, so that it dies with it. The content itself is never written again.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from service.storage.columns import Id, Instant
from service.storage.db import db, execute

table = sa.Table(
    "attachments",
    db.metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=True),
    sa.Column("name", sa.String(43), nullable=False),
    sa.Column("transfer_id", Id, sa.ForeignKey("transfers.id"), index=True),
    sa.Column("member_id", Id, sa.ForeignKey("members.id")),
    sa.Column("position", sa.SmallInteger),
    sa.Column("version", sa.Integer),
    sa.Column("kind", sa.String(24), nullable=False),
    sa.Column("file_name_sealed", sa.LargeBinary, nullable=False),
    sa.Column("media_type", sa.String(100), nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("content_digest", sa.String(64), nullable=False),
    sa.Column("key_sealed", sa.LargeBinary, nullable=False),
    sa.Column("account_id", Id, sa.ForeignKey("accounts.id"), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.CheckConstraint("transfer_id IS NULL OR member_id IS NULL", name="ck_attachments_one_owner"),
)
contents = sa.Table(
    "attachment_contents",
    db.metadata,
    sa.Column("attachment_id", Id, sa.ForeignKey("attachments.id"), primary_key=True, autoincrement=False),
    sa.Column("content_sealed", sa.LargeBinary, nullable=False),
)
_LOOSE = sa.text("transfer_id IS NULL AND member_id IS NULL")
sa.Index("uq_attachments_name", table.c.name, unique=True)
sa.Index("uq_attachments_member", table.c.member_id, unique=True)
sa.Index("ix_attachments_loose", table.c.account_id, table.c.at, sqlite_where=_LOOSE, postgresql_where=_LOOSE)
_NAME_BYTES = 24


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file; `size` in bytes and `content_digest` (sha256) are those of the open content.

    `position` is the hop at which it was added to its transfer, `version` the transfer's version then. `member_id` is
    set for a portrait only.
    """

    name: str
    kind: str
    file_name_sealed: bytes
    media_type: str
    size: int
    content_digest: str
    key_sealed: bytes
    account_id: int
    at: datetime
    transfer_id: int | None = None
    member_id: int | None = None
    position: int | None = None
    version: int | None = None
    id: int = 0

    @property
    def is_loose(self) -> bool:
        """Whether it belongs to nothing yet."""
        return self.transfer_id is None and self.member_id is None


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a transfer a file is added."""

    transfer_id: int
    position: int
    version: int


def new_name() -> str:
    """A name that nobody can guess."""
    return secrets.token_urlsafe(_NAME_BYTES)


def add(attachment: Attachment, *, content_sealed: bytes) -> int:
    """Store a file and return its key."""
    values = {name: getattr(attachment, name) for name in Attachment.__dataclass_fields__ if name != "id"}
    result = execute(sa.insert(table).values(**values))
    key = int(result.inserted_primary_key[0])  # type: ignore[index]
    execute(sa.insert(contents).values(attachment_id=key, content_sealed=content_sealed))
    return key


def attach(attachment: Attachment, place: Place, *, key_sealed: bytes) -> Attachment:
    """Let a loose file belong to a transfer from now on; its key lies under the member's from now on."""
    values = {
        "transfer_id": place.transfer_id,
        "position": place.position,
        "version": place.version,
        "key_sealed": key_sealed,
    }
    execute(sa.update(table).where(table.c.id == attachment.id, _LOOSE).values(**values))
    return _with(attachment, values)


def by_name(name: str) -> Attachment | None:
    """One file by its name."""
    return _one(table.c.name == name)


def of_transfer(transfer_id: int) -> Sequence[Attachment]:
    """The files of a transfer, oldest first."""
    return _many(table.c.transfer_id == transfer_id)


def of_member(member_id: int) -> Attachment | None:
    """The portrait of a member."""
    return _one(table.c.member_id == member_id)


def loose_of(account_id: int) -> Sequence[Attachment]:
    """What a person has uploaded that belongs to nothing yet, oldest first."""
    return _many(sa.and_(table.c.account_id == account_id, _LOOSE))


def content(attachment_id: int) -> bytes:
    """The content as it is stored."""
    wanted = sa.select(contents.c.content_sealed).where(contents.c.attachment_id == attachment_id)
    return bytes(execute(wanted).scalar_one())


def remove(attachment_id: int) -> None:
    """Throw a file away; whether that is allowed was asked before."""
    execute(sa.delete(contents).where(contents.c.attachment_id == attachment_id))
    execute(sa.delete(table).where(table.c.id == attachment_id))


def forget_loose(*, before: datetime) -> int:
    """Throw away what has belonged to nothing since; answers how many it was."""
    old = sa.and_(_LOOSE, table.c.at < before)
    execute(sa.delete(contents).where(contents.c.attachment_id.in_(sa.select(table.c.id).where(old))))
    return execute(sa.delete(table).where(old)).rowcount


def _one(condition: sa.ColumnElement[bool]) -> Attachment | None:
    row = execute(sa.select(table).where(condition)).mappings().first()
    return _attachment(row) if row else None


def _many(condition: sa.ColumnElement[bool]) -> Sequence[Attachment]:
    query = sa.select(table).where(condition).order_by(table.c.id)
    return [_attachment(row) for row in execute(query).mappings()]


def _attachment(row: Mapping[Any, Any]) -> Attachment:
    return Attachment(**{name: row[name] for name in Attachment.__dataclass_fields__})


def _with(attachment: Attachment, values: Mapping[str, Any]) -> Attachment:
    known = {name: getattr(attachment, name) for name in Attachment.__dataclass_fields__}
    return Attachment(**{**known, **values})
