"""The further fields of members, sealed under each person's key, and how complete the records are (R-040, R-208)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from operator import itemgetter

import sqlalchemy as sa

from service.domain.errors import Refused
from service.domain.members.member_details import COUNTED_FULL, Details, details_of, filled, plain_of
from service.domain.members.members import Member, MemberKind
from service.storage.columns import Id, Instant
from service.storage.db import db, execute
from service.storage.members import member_names, members
from service.storage.members.members import Person
from service.storage.organisations import kept_counts, organisations
from service.storage.vault import Vault

table = sa.Table(
    "member_details",
    db.metadata,
    sa.Column("member_id", Id, sa.ForeignKey("members.id"), primary_key=True, autoincrement=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
)
Average = tuple[int, float | None]
"""A number of members, and in per cent how complete their records are on average; None of nobody."""
NOBODY: Average = (0, None)
_Sum = tuple[int, float]
_PERCENT = (
    members.table.c.filled
    * 100.0
    / sa.case((members.table.c.kind == MemberKind.FULL.value, COUNTED_FULL), else_=COUNTED_FULL - 1)
)


def of_member(person: Person, vault: Vault) -> tuple[Details, int]:
    """The details of a person and their version; nothing entered yet is version 0."""
    row = execute(sa.select(table.c.sealed, table.c.version).where(table.c.member_id == person.member.id)).first()
    if row is None:
        return Details(), 0
    return details_of(vault.open(person.person_key, row[0])), int(row[1])


def of_people(people: Sequence[Person], vault: Vault) -> dict[int, Details]:
    """The details of those among several people who have any, by the key of the member."""
    return {key: details for key, (details, _) in records_of(people, vault).items()}


def records_of(people: Sequence[Person], vault: Vault) -> dict[int, tuple[Details, int]]:
    """The same with their versions."""
    keys = {person.member.id: person.person_key for person in people}
    query = sa.select(table.c.member_id, table.c.sealed, table.c.version)
    found = execute(query.where(table.c.member_id.in_(list(keys))))
    return {row[0]: (details_of(vault.open(keys[row[0]], row[1])), int(row[2])) for row in found}


def save(member: Member, details: Details, *, person_key: bytes, version: int, now: datetime, vault: Vault) -> int:
    """Store a whole record and return its new version; refuses E_STALE when somebody else was faster."""
    values = {"sealed": vault.seal(person_key, plain_of(details)), "changed_at": now, "version": version + 1}
    if version == 0:
        known = sa.exists().where(table.c.member_id == member.id)
        free = sa.select(*(sa.literal(value, table.c[name].type) for name, value in _row(member.id, values))).where(
            ~known
        )
        changed = execute(sa.insert(table).from_select([name for name, _ in _row(member.id, values)], free)).rowcount
    else:
        same = sa.and_(table.c.member_id == member.id, table.c.version == version)
        changed = execute(sa.update(table).where(same).values(**values)).rowcount
    if not changed:
        raise Refused("E_STALE", field="version")
    _save_member(member, details, person_key, vault)
    return version + 1


def average(path: str) -> Average:
    """How many present members a subtree has, and their average completeness.

    Of large subtrees as it was some minutes ago: `kept_counts`.
    """
    return kept_counts.kept("average", path, lambda path: _together(_summed(path, path).values()), itemgetter(0))


def averages(path: str, below: Sequence[str]) -> tuple[Average, Sequence[Average]]:
    """The same of a subtree and of several below it; those of the next level are counted together with it."""
    own, next_level = kept_counts.kept("averages", path, _averages, lambda found: found[0][0])
    length = len(path + organisations.segment(0))
    return own, [next_level.get(each, NOBODY) if len(each) == length else average(each) for each in below]


def _averages(path: str) -> tuple[Average, Mapping[str, Average]]:
    summed = _summed(path, path + organisations.segment(0))
    return _together(summed.values()), {each: _together([one]) for each, one in summed.items()}


def _summed(path: str, like: str) -> Mapping[str, _Sum]:
    """Number and sum of the completeness of present members in a subtree, by paths cut to the length of another."""
    joined = members.table.join(organisations.table, organisations.table.c.id == members.table.c.branch_id)
    present = sa.and_(organisations.inside(path), members.table.c.status.not_like("HIST%"))
    part = sa.func.substr(organisations.table.c.path, 1, len(like))
    query = sa.select(part, sa.func.count(), sa.func.sum(_PERCENT)).select_from(joined).where(present).group_by(part)
    return {str(row[0]): (int(row[1]), float(row[2])) for row in execute(query)}


def _together(sums: Iterable[_Sum]) -> Average:
    parts = list(sums)
    number = sum(part[0] for part in parts)
    return (number, sum(part[1] for part in parts) / number) if number else NOBODY


def _row(member_id: int, values: dict[str, object]) -> list[tuple[str, object]]:
    return [("member_id", member_id), *values.items()]


def _save_member(member: Member, details: Details, person_key: bytes, vault: Vault) -> None:
    values = {
        "name": member.name,
        "initials": member_names.initials(member.name),
        "ethnicity": member.ethnicity,
        "joined_on": member.joined_on,
        "full_on": member.full_on,
        "kind": member.kind.value,
        "mobile_sealed": vault.seal_text(person_key, member.mobile) if member.mobile else None,
        "mobile_index": vault.index(member.mobile) if member.mobile else None,
        "is_graduate": member.is_graduate,
        "filled": filled(member, details),
    }
    execute(sa.update(members.table).where(members.table.c.id == member.id).values(**values))
