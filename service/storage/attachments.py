"""Files that belong to a transfer: images of stubs and receipts, photos of letters (R-195, R-197).

The content is ciphertext under the member's data key, as such images show names and numbers.
"""

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
    sa.Column("transfer_id", Id, sa.ForeignKey("transfers.id"), nullable=False, index=True),
    sa.Column("position", sa.SmallInteger, nullable=False),
    sa.Column("kind", sa.String(24), nullable=False),
    sa.Column("file_name_sealed", sa.LargeBinary, nullable=False),
    sa.Column("media_type", sa.String(100), nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("content_digest", sa.String(64), nullable=False),
    sa.Column("content_sealed", sa.LargeBinary, nullable=False),
    sa.Column("account_id", Id, sa.ForeignKey("accounts.id"), nullable=False),
    sa.Column("at", Instant, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file; `size` in bytes and `content_digest` (sha256) are those of the open content."""

    transfer_id: int
    position: int
    kind: str
    file_name_sealed: bytes
    media_type: str
    size: int
    content_digest: str
    account_id: int
    at: datetime
    id: int = 0


_LISTED = tuple(table.c[name] for name in Attachment.__dataclass_fields__)


def add(attachment: Attachment, *, content_sealed: bytes) -> int:
    """Store a file and return its key."""
    values = {name: getattr(attachment, name) for name in Attachment.__dataclass_fields__ if name != "id"}
    result = execute(sa.insert(table).values(**values, content_sealed=content_sealed))
    return int(result.inserted_primary_key[0])  # type: ignore[index]


def of_transfer(transfer_id: int) -> Sequence[Attachment]:
    """The files of a transfer, without their content, oldest first."""
    query = sa.select(*_LISTED).where(table.c.transfer_id == transfer_id).order_by(table.c.id)
    return [_attachment(row) for row in execute(query).mappings()]


def content(attachment_id: int) -> tuple[Attachment, bytes] | None:
    """One file with its content as it is stored."""
    row = execute(sa.select(table).where(table.c.id == attachment_id)).mappings().first()
    return (_attachment(row), bytes(row["content_sealed"])) if row else None


def _attachment(row: Mapping[Any, Any]) -> Attachment:
    return Attachment(**{name: row[name] for name in Attachment.__dataclass_fields__})
