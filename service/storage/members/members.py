"""Members: who they are, to which branch they belong, and how they came and went (requirements 2.4, R-047)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from service.domain.members.member_details import NO_DETAILS, filled
from service.domain.members.members import Member, MemberKind, MemberStatus, Sex
from service.storage.columns import Binary, Digest, Id
from service.storage.db import db, execute
from service.storage.members import member_names
from service.storage.organisations import organisations
from service.storage.prepared import Prepared
from service.storage.vault import Vault

table = sa.Table(
    "members",
    db.metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=True),
    sa.Column("name", Binary, nullable=False),
    sa.Column("id_number_sealed", sa.LargeBinary, nullable=False),
    sa.Column("id_number_index", Digest, nullable=False, index=True),
    sa.Column("sex", sa.String(8), nullable=False),
    sa.Column("birth_date", sa.Date, nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("branch_id", Id, sa.ForeignKey("organisations.id"), index=True),
    sa.Column("status", sa.String(24), nullable=False),
    sa.Column("ethnicity", sa.Text, nullable=False, server_default=""),
    sa.Column("joined_on", sa.Date),
    sa.Column("full_on", sa.Date),
    sa.Column("mobile_sealed", sa.LargeBinary),
    sa.Column("mobile_index", Digest, index=True),
    sa.Column("is_graduate", sa.Boolean, nullable=False),
    sa.Column("person_key", sa.LargeBinary, nullable=False),
    sa.Column("initials", Binary, nullable=False, server_default=""),
    sa.Column("filled", sa.SmallInteger, nullable=False, server_default="0"),
)
sa.Index("ix_members_name", table.c.name, table.c.id)
sa.Index("ix_members_initials", table.c.initials, table.c.id)
# An identity number occurs once among those who are members; former members do not count.
sa.Index(
    "uq_members_present",
    table.c.id_number_index,
    unique=True,
    sqlite_where=sa.text("status NOT LIKE 'HIST%'"),
    postgresql_where=sa.text("status NOT LIKE 'HIST%'"),
)
increases = sa.Table(
    "member_increases",
    db.metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=True),
    sa.Column("member_id", Id, sa.ForeignKey("members.id"), nullable=False, index=True),
    sa.Column("org_id", Id, sa.ForeignKey("organisations.id"), nullable=False, index=True),
    sa.Column("transfer_id", Id, sa.ForeignKey("transfers.id")),
    sa.Column("on_date", sa.Date, nullable=False),
    sa.Column("cause", sa.String(16), nullable=False, server_default="TRANSFER"),
)
decreases = sa.Table(
    "member_decreases",
    db.metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=True),
    sa.Column("member_id", Id, sa.ForeignKey("members.id"), nullable=False, index=True),
    sa.Column("org_id", Id, sa.ForeignKey("organisations.id"), nullable=False, index=True),
    sa.Column("transfer_id", Id, sa.ForeignKey("transfers.id")),
    sa.Column("on_date", sa.Date, nullable=False),
    sa.Column("cause", sa.String(16), nullable=False, server_default="TRANSFER"),
)


@dataclass(frozen=True, slots=True)
class Person:
    """A member together with his wrapped data key and the code of his branch."""

    member: Member
    person_key: bytes
    branch_code: str | None


@dataclass(frozen=True, slots=True)
class Move:
    """One increase or decrease record."""

    org_code: str
    transfer_id: int | None
    on_date: date


MOST_COUNTED = 10_000
_PEOPLE = sa.select(table, organisations.table.c.code).select_from(
    table.outerjoin(organisations.table, organisations.table.c.id == table.c.branch_id)
)
_BY_ID = Prepared(_PEOPLE.where(table.c.id == sa.bindparam("this")))
_BRANCH = Prepared(sa.select(table.c.branch_id).where(table.c.id == sa.bindparam("this")))
_SETTLE = Prepared(
    sa.update(table)
    .where(table.c.id == sa.bindparam("this"))
    .values(branch_id=sa.bindparam("branch"), status=MemberStatus.ACTIVE.value)
)
_RECORDED = ("member_id", "org_id", "transfer_id", "on_date")
_GAIN = Prepared(sa.insert(increases).inline(), columns=_RECORDED)
_LOSE = Prepared(sa.insert(decreases).inline(), columns=_RECORDED)


def by_id(member_id: int, vault: Vault) -> Person | None:
    """One person."""
    row = _BY_ID.first({"this": member_id})
    return _person(row, vault) if row else None


def by_id_number(id_number: str, vault: Vault) -> Sequence[Person]:
    """Everybody with this identity number: at most one who is a member, and former entries; members first."""
    found = people(table.c.id_number_index == vault.index(id_number), vault)
    return sorted(found, key=lambda person: person.member.status.is_historical)


def of_branches(path: str, vault: Vault, *, name: str = "", limit: int = 20, offset: int = 0) -> Sequence[Person]:
    """Present members in a subtree, by exact name where one is given."""
    return present(organisations.inside(path), vault, name=name, limit=limit, offset=offset)


def present(
    branches: sa.ColumnElement[bool], vault: Vault, *, name: str = "", limit: int = 20, offset: int = 0
) -> Sequence[Person]:
    """Present members of the branches that meet a condition, by exact name where one is given."""
    order = (organisations.table.c.path, table.c.id)
    return people(_present_in(branches, name), vault, limit=limit, offset=offset, order=order)


def count_present(branches: sa.ColumnElement[bool], *, name: str = "") -> int:
    """How many of them there are; counting stops at `MOST_COUNTED`."""
    joined = table.join(organisations.table, organisations.table.c.id == table.c.branch_id)
    some = sa.select(table.c.id).select_from(joined).where(_present_in(branches, name)).limit(MOST_COUNTED)
    return int(execute(sa.select(sa.func.count()).select_from(some.subquery())).scalar_one())


def add(member: Member, vault: Vault) -> int:
    """Store one new member and return his key."""
    result = execute(sa.insert(table).values(**row_of(member, vault)))
    return int(result.inserted_primary_key[0])  # type: ignore[index]


def row_of(member: Member, vault: Vault, *, index: str = "") -> dict[str, Any]:
    """A member as he is stored: numbers sealed under his own new key, findable by index, unless that is known already."""
    key, (number_sealed, mobile_sealed) = vault.seal_new(member.id_number, member.mobile)
    return {
        "name": member.name,
        "id_number_sealed": number_sealed,
        "id_number_index": index or vault.index(member.id_number),
        "sex": member.sex.value,
        "birth_date": member.birth_date,
        "kind": member.kind.value,
        "branch_id": member.branch_id,
        "status": member.status.value,
        "ethnicity": member.ethnicity,
        "joined_on": member.joined_on,
        "full_on": member.full_on,
        "mobile_sealed": mobile_sealed,
        "mobile_index": vault.index(member.mobile) if member.mobile else None,
        "is_graduate": member.is_graduate,
        "person_key": key,
        "initials": member_names.initials(member.name),
        "filled": filled(member, NO_DETAILS),
    }


def move(member_id: int, *, branch_id: int, transfer_id: int, on: date) -> None:
    """Move the membership: decrease record where he was, increase record where he is (R-047)."""
    _record_decrease(member_id, transfer_id, on)
    _SETTLE.run({"this": member_id, "branch": branch_id})
    _GAIN.run({"member_id": member_id, "org_id": branch_id, "transfer_id": transfer_id, "on_date": on})


def move_back(member_id: int, *, transfer_id: int, on: date) -> None:
    """Put who came in back to the holding node from which this transfer took him (R-110, R-140)."""
    taken_from = sa.select(decreases.c.org_id).where(
        decreases.c.member_id == member_id, decreases.c.transfer_id == transfer_id
    )
    node = execute(taken_from.order_by(decreases.c.id).limit(1)).scalar_one_or_none()
    if node is None:
        return
    move(member_id, branch_id=node, transfer_id=transfer_id, on=on)
    execute(sa.update(table).where(table.c.id == member_id).values(status=MemberStatus.PROVISIONAL.value))


def leave(member_id: int, *, transfer_id: int, on: date) -> None:
    """Let the member leave the system; his last branch stays known (R-127, R-056)."""
    _record_decrease(member_id, transfer_id, on)
    status = MemberStatus.HIST_TRANSFERRED_OUT.value
    execute(sa.update(table).where(table.c.id == member_id).values(status=status))


def moves(member_id: int, *, gained: bool) -> Sequence[Move]:
    """The increase or decrease records of a member, in order."""
    records = increases if gained else decreases
    joined = records.join(organisations.table, organisations.table.c.id == records.c.org_id)
    query = (
        sa.select(organisations.table.c.code, records.c.transfer_id, records.c.on_date)
        .select_from(joined)
        .where(records.c.member_id == member_id)
        .order_by(records.c.id)
    )
    return [Move(*row) for row in execute(query)]


def require_fitting_key(vault: Vault) -> None:
    """Refuse E_SETTING_INVALID when the key file is not the one that the members were stored with.

    A lost key file is made anew without a word: without this check new members would be stored beside old ones
    whom nobody can read any more.
    """
    key = execute(sa.select(table.c.person_key).limit(1)).scalar_one_or_none()
    if key is not None:
        vault.require_own(key)


def count() -> int:
    """How many members are stored."""
    return int(execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def _present_in(branches: sa.ColumnElement[bool], name: str) -> sa.ColumnElement[bool]:
    found = sa.and_(branches, table.c.status.not_like("HIST%"))
    return sa.and_(found, table.c.name == name) if name else found


def _record_decrease(member_id: int, transfer_id: int, on: date) -> None:
    known = _BRANCH.first({"this": member_id})
    if known is not None and known["branch_id"] is not None:
        _LOSE.run({"member_id": member_id, "org_id": known["branch_id"], "transfer_id": transfer_id, "on_date": on})


def people(
    condition: sa.ColumnElement[bool],
    vault: Vault,
    *,
    limit: int = 100,
    offset: int = 0,
    order: Sequence[sa.ColumnElement[Any]] = (table.c.id,),
) -> Sequence[Person]:
    """Those who meet a condition on `table` and their organisations, by key where no other order is asked for."""
    query = _PEOPLE.where(condition).order_by(*order).limit(limit).offset(offset)
    return [_person(row, vault) for row in execute(query).mappings()]


def _person(row: Mapping[Any, Any], vault: Vault) -> Person:
    key = row["person_key"]
    sealed = row["mobile_sealed"]
    member = Member(
        id=row["id"],
        name=row["name"],
        id_number=vault.open_text(key, row["id_number_sealed"]),
        sex=Sex(row["sex"]),
        birth_date=row["birth_date"],
        kind=MemberKind(row["kind"]),
        branch_id=row["branch_id"],
        status=MemberStatus(row["status"]),
        ethnicity=row["ethnicity"],
        joined_on=row["joined_on"],
        full_on=row["full_on"],
        mobile=vault.open_text(key, sealed) if sealed else "",
        is_graduate=row["is_graduate"],
    )
    return Person(member, key, row["code"])
