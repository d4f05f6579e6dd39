"""Captchas that were handed out and not answered yet; the answer stands here only as a keyed index (R-021)."""

from datetime import datetime

import sqlalchemy as sa

from service.storage.accounts.accounts import digest
from service.storage.columns import Instant
from service.storage.db import db, execute

table = sa.Table(
    "captchas",
    db.metadata,
    sa.Column("id_digest", sa.String(64), primary_key=True),
    sa.Column("answer_index", sa.String(64), nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
)


def add(captcha_id: str, answer_index: str, *, expires_at: datetime) -> None:
    """Keep one until it is answered."""
    execute(sa.insert(table).values(id_digest=digest(captcha_id), answer_index=answer_index, expires_at=expires_at))


def take(captcha_id: str, *, now: datetime) -> str | None:
    """The expected answer of one that is still good; whatever is answered, it is used up."""
    query = sa.delete(table).where(table.c.id_digest == digest(captcha_id))
    row = execute(query.returning(table.c.answer_index, table.c.expires_at)).first()
    return str(row[0]) if row and row[1] >= now else None


def forget_old(*, before: datetime) -> int:
    """Drop those that nobody answered in time; answers how many there were."""
    return execute(sa.delete(table).where(table.c.expires_at < before)).rowcount
