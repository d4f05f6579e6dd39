"""Codes that prove something once: by short message, and those by which a superior opens an account (R-033–R-035).

They stand here as keyed indexes: who reads the database alone cannot use them.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from service.storage.columns import Id, Instant
from service.storage.db import db, execute, is_sqlite

sms = sa.Table(
    "sms_codes",
    db.metadata,
    sa.Column("subject", sa.String(64), primary_key=True),
    sa.Column("code_index", sa.String(64), nullable=False),
    sa.Column("tries", sa.SmallInteger, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
)
authorisations = sa.Table(
    "authorisation_codes",
    db.metadata,
    sa.Column("account_id", Id, sa.ForeignKey("accounts.id"), primary_key=True, autoincrement=False),
    sa.Column("code_index", sa.String(64), nullable=False, unique=True),
    sa.Column("issued_by", Id),
    sa.Column("issued_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
)


@dataclass(frozen=True, slots=True)
class SmsCode:
    """A code that was sent; `tries` counts answers, right or wrong, this one included."""

    code_index: str
    tries: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Authorisation:
    """An authorisation code that was issued for an account."""

    account_id: int
    expires_at: datetime


def keep_sms(subject: str, code_index: str, *, expires_at: datetime) -> None:
    """Keep a code for what it is to prove; an older one for the same is void."""
    values = {"code_index": code_index, "tries": 0, "expires_at": expires_at}
    insert = (sqlite if is_sqlite() else postgresql).insert(sms).values(subject=subject, **values)
    execute(insert.on_conflict_do_update(index_elements=["subject"], set_=values))


def try_sms(subject: str) -> SmsCode | None:
    """Count one more answer to a code, and tell what it is; None when none was sent."""
    query = sa.update(sms).where(sms.c.subject == subject).values(tries=sms.c.tries + 1)
    row = execute(query.returning(sms.c.code_index, sms.c.tries, sms.c.expires_at)).first()
    return SmsCode(row[0], row[1], row[2]) if row else None


def use_sms(subject: str) -> None:
    """A code is good once."""
    execute(sa.delete(sms).where(sms.c.subject == subject))


def issue(account_id: int, code_index: str, *, issued_by: int | None, now: datetime, expires_at: datetime) -> None:
    """Keep the authorisation code of an account; an older one is void."""
    values = {"code_index": code_index, "issued_by": issued_by, "issued_at": now, "expires_at": expires_at}
    insert = (sqlite if is_sqlite() else postgresql).insert(authorisations).values(account_id=account_id, **values)
    execute(insert.on_conflict_do_update(index_elements=["account_id"], set_=values))


def authorisation(code_index: str) -> Authorisation | None:
    """What a code authorises, by its keyed index."""
    columns = (authorisations.c.account_id, authorisations.c.expires_at)
    row = execute(sa.select(*columns).where(authorisations.c.code_index == code_index)).first()
    return Authorisation(row[0], row[1]) if row else None


def void(account_id: int) -> None:
    """Let the authorisation code of an account open nothing any more."""
    execute(sa.delete(authorisations).where(authorisations.c.account_id == account_id))


def forget_old(*, before: datetime) -> int:
    """Drop what expired before this moment; answers how many there were."""
    return sum(execute(sa.delete(each).where(each.c.expires_at < before)).rowcount for each in (sms, authorisations))
