"""Second factors of accounts: one-time passwords by time, passkeys, recovery codes (等保: two factors)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from service.storage.columns import Id, Instant
from service.storage.db import db, execute, is_sqlite

TOTP, PASSKEY = "totp", "passkey"

table = sa.Table(
    "second_factors",
    db.metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=True),
    sa.Column("account_id", Id, sa.ForeignKey("accounts.id"), nullable=False, index=True),
    sa.Column("kind", sa.String(8), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("secret_sealed", sa.LargeBinary),
    sa.Column("credential_index", sa.String(64), unique=True),
    sa.Column("credential_id", sa.LargeBinary),
    sa.Column("public_key", sa.LargeBinary),
    # Of a one-time password the last step that was used, of a passkey the number of its signatures: never backwards.
    sa.Column("counter", Id, nullable=False),
    sa.Column("is_confirmed", sa.Boolean, nullable=False),
    sa.Column("at", Instant, nullable=False),
)
recovery = sa.Table(
    "recovery_codes",
    db.metadata,
    sa.Column("account_id", Id, sa.ForeignKey("accounts.id"), primary_key=True, autoincrement=False),
    sa.Column("code_index", sa.String(64), primary_key=True),
)
challenges = sa.Table(
    "passkey_challenges",
    db.metadata,
    sa.Column("account_id", Id, sa.ForeignKey("accounts.id"), primary_key=True, autoincrement=False),
    sa.Column("challenge", sa.LargeBinary, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Factor:
    """A second factor; `secret_sealed` of a one-time password, the last two of a passkey."""

    id: int
    account_id: int
    kind: str
    name: str
    counter: int
    is_confirmed: bool
    at: datetime
    secret_sealed: bytes | None = None
    credential_id: bytes | None = None
    public_key: bytes | None = None


def add_totp(account_id: int, *, name: str, secret_sealed: bytes, now: datetime) -> int:
    """Keep a secret that is not confirmed yet; an older one that was never confirmed goes."""
    unconfirmed = sa.and_(table.c.account_id == account_id, table.c.is_confirmed.is_(False))
    execute(sa.delete(table).where(unconfirmed))
    values = {"account_id": account_id, "kind": TOTP, "name": name, "secret_sealed": secret_sealed}
    result = execute(sa.insert(table).values(**values, counter=0, is_confirmed=False, at=now))
    return int(result.inserted_primary_key[0])  # type: ignore[index]


def add_passkey(
    account_id: int, *, name: str, credential_id: bytes, public_key: bytes, counter: int, now: datetime
) -> int:
    """Keep a passkey."""
    values = {"account_id": account_id, "kind": PASSKEY, "name": name, "credential_id": credential_id}
    values |= {"credential_index": sha256(credential_id).hexdigest(), "public_key": public_key, "counter": counter}
    result = execute(sa.insert(table).values(**values, is_confirmed=True, at=now))
    return int(result.inserted_primary_key[0])  # type: ignore[index]


def of_account(account_id: int, *, with_unconfirmed: bool = False) -> Sequence[Factor]:
    """The second factors of an account, the oldest first."""
    wanted = table.c.account_id == account_id
    if not with_unconfirmed:
        wanted = sa.and_(wanted, table.c.is_confirmed.is_(True))
    return [_factor(row) for row in execute(sa.select(table).where(wanted).order_by(table.c.id)).mappings()]


def use(factor_id: int, *, counter: int) -> bool:
    """Note a use, and confirm the factor; False when this counter, or a higher one, was used before."""
    fresh = table.c.counter < counter
    if counter == 0:  # a passkey that does not count says 0 each time
        fresh = sa.and_(table.c.counter == 0, table.c.kind == PASSKEY)
    query = sa.update(table).where(table.c.id == factor_id, fresh)
    return execute(query.values(counter=counter, is_confirmed=True)).rowcount == 1


def remove(account_id: int, factor_id: int) -> bool:
    """Take one away; False when the account has no such factor."""
    wanted = sa.and_(table.c.account_id == account_id, table.c.id == factor_id)
    return execute(sa.delete(table).where(wanted)).rowcount == 1


def remove_all(account_id: int) -> None:
    """Take all second factors of an account away, with its recovery codes."""
    for each in (table, recovery, challenges):
        execute(sa.delete(each).where(each.c.account_id == account_id))


def replace_recovery(account_id: int, code_indexes: Iterable[str]) -> None:
    """Keep new recovery codes; the old ones are void."""
    execute(sa.delete(recovery).where(recovery.c.account_id == account_id))
    rows = [{"account_id": account_id, "code_index": each} for each in code_indexes]
    if rows:
        execute(sa.insert(recovery), rows)


def count_recovery(account_id: int) -> int:
    """How many recovery codes are left."""
    query = sa.select(sa.func.count()).select_from(recovery).where(recovery.c.account_id == account_id)
    return int(execute(query).scalar_one())


def use_recovery(account_id: int, code_index: str) -> bool:
    """A recovery code is good once; False when there is no such code."""
    wanted = sa.and_(recovery.c.account_id == account_id, recovery.c.code_index == code_index)
    return execute(sa.delete(recovery).where(wanted)).rowcount == 1


def keep_challenge(account_id: int, challenge: bytes, *, expires_at: datetime) -> None:
    """Keep what a passkey is to sign; an older challenge is void."""
    values = {"challenge": challenge, "expires_at": expires_at}
    insert = (sqlite if is_sqlite() else postgresql).insert(challenges).values(account_id=account_id, **values)
    execute(insert.on_conflict_do_update(index_elements=["account_id"], set_=values))


def take_challenge(account_id: int, *, now: datetime) -> bytes | None:
    """The challenge of an account that is still good; it is used up, whatever was signed."""
    query = sa.delete(challenges).where(challenges.c.account_id == account_id)
    row = execute(query.returning(challenges.c.challenge, challenges.c.expires_at)).first()
    return bytes(row[0]) if row and row[1] >= now else None


def _factor(row: Mapping[Any, Any]) -> Factor:
    values = {name: row[name] for name in Factor.__dataclass_fields__}
    for name in ("secret_sealed", "credential_id", "public_key"):
        values[name] = bytes(values[name]) if values[name] is not None else None
    return Factor(**values)
