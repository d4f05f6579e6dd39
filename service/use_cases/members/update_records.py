"""Records of members are corrected by a spreadsheet: all of its lines or none, with a report of each (R-040, R-210).

A line that changes nothing is passed over unread, so that a sheet with incomplete records can be sent in parts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from service.domain.accounts.actors import Actor
from service.domain.clock import local_date
from service.domain.errors import FieldError, Refused
from service.domain.members import identity_numbers, member_keeping
from service.domain.members.member_details import Details
from service.domain.members.members import MemberKind
from service.domain.organisations.organisations import Chain
from service.storage.db import reading, transaction
from service.storage.members import member_details as stored
from service.storage.members import member_search, members
from service.storage.members.member_search import Sought
from service.storage.members.members import Person
from service.storage.organisations import organisations
from service.use_cases.deployment import Deployment
from service.use_cases.imports.defects import Defect, Defects, Rejected
from service.use_cases.members import record_sheets
from service.use_cases.members.edit_member import accepted, answers_of, log_edit
from service.use_cases.members.keeping import is_authorised
from service.use_cases.members.record_sheets import MOST_LINES, SheetLine
from service.use_cases.organisations.chains import require_chain

_LONGEST_KEY = 9


@dataclass(frozen=True, slots=True)
class UpdatedLine:
    """A line that changed a record: which fields."""

    line: int
    member_id: int
    name: str
    fields: Sequence[str]


@dataclass(frozen=True, slots=True)
class RecordsReport:
    """What came of a sheet of so many `lines`: those that changed a record; or the first of `found` defects and nothing."""

    lines: int
    changed: Sequence[UpdatedLine] = ()
    found: int = 0
    defects: Sequence[Defect] = ()


def records_sheet(code: str, *, actor: Actor, deployment: Deployment) -> bytes:
    """The records of an organisation and below as a sheet to be corrected.

    Refuses E_ORG_NOT_FOUND, E_NOT_FOUND, E_FORBIDDEN to who may not change them, E_EXPORT_LIMIT beyond a thousand.
    """
    with reading():
        chain = _reach(code, actor)
        path = organisations.path_of(chain[0].id)
        found = member_search.found(path, Sought(), deployment.vault, limit=MOST_LINES + 1)
        if len(found) > MOST_LINES:
            raise Refused("E_EXPORT_LIMIT", detail_zh=f"最多 {MOST_LINES} 人", detail_en=f"at most {MOST_LINES} people")
        known: dict[int, tuple[Details, int]] = {}
        for first in range(0, len(found), 500):
            known |= stored.records_of(found[first : first + 500], deployment.vault)
    return record_sheets.written((each, *known.get(each.member.id, (Details(), 0))) for each in found)


def require_may_update(code: str, *, actor: Actor) -> None:
    """Refuse E_ORG_NOT_FOUND, E_NOT_FOUND, E_FORBIDDEN to who may not change records there."""
    with reading():
        _reach(code, actor)


def may_update(code: str, *, actor: Actor) -> bool:
    """Whether the actor may change records there."""
    try:
        require_may_update(code, actor=actor)
    except Refused:
        return False
    return True


def update_records(code: str, content: bytes, *, actor: Actor, now: datetime, deployment: Deployment) -> RecordsReport:
    """Take a corrected sheet over; faults of lines are reported.

    Refuses E_ORG_NOT_FOUND, E_NOT_FOUND, E_FORBIDDEN, E_IMPORT_FORMAT.
    """
    require_may_update(code, actor=actor)
    # Read before the change begins: nobody who writes waits for a file to be unpacked.
    lines = [*record_sheets.lines(content)]
    defects = Defects()
    try:
        with transaction():
            update = _taken(lines, _Update(_reach(code, actor), actor, now, deployment, defects))
    except Rejected:
        report = defects.report()
        return RecordsReport(0, (), report.found, report.defects)
    return RecordsReport(update.lines, update.changed)


def _taken(lines: Sequence[SheetLine], update: "_Update") -> "_Update":
    for line in lines:
        update.take(line)
    if not update.lines:
        raise Refused("E_IMPORT_FORMAT", field="file", detail_zh="没有数据行", detail_en="it holds no line")
    if update.defects.found:
        raise Rejected
    return update


def _reach(code: str, actor: Actor) -> Chain:
    chain = require_chain(code)
    member_keeping.require_may_edit(actor, chain, is_authorised=is_authorised(actor))
    return chain


class _Update:
    """Takes one line after the other; each fault is noted with its line."""

    def __init__(self, reach: Chain, actor: Actor, now: datetime, deployment: Deployment, defects: Defects) -> None:
        self.lines = 0
        self.changed: list[UpdatedLine] = []
        self._org = reach[0]
        self._by = (actor, now, deployment)
        self.defects = defects
        self._seen: dict[int, int] = {}

    def take(self, line: SheetLine) -> None:
        self.lines += 1
        try:
            self._save(line, self._person(line))
        except Refused as refused:
            for fault in refused.fields or (FieldError(refused.code, zh=refused.detail_zh, en=refused.detail_en),):
                shown = line.given.get(fault.field or "", "")
                reason = f"{fault.message_zh} / {fault.message_en}"
                self.defects.add(line.number, fault.field or "", shown, fault.code, reason)

    def _person(self, line: SheetLine) -> Person:
        vault = self._by[2].vault
        if line.member_id:
            is_key = line.member_id.isascii() and line.member_id.isdigit() and len(line.member_id) <= _LONGEST_KEY
            found = members.by_id(int(line.member_id), vault) if is_key else None
        else:
            number = identity_numbers.parse(line.id_number, today=self._today)
            present = members.by_id_number(number, vault)
            found = next((each for each in present if not each.member.status.is_historical), None)
        if found is None or not self._is_inside(found):
            raise Refused("E_MEMBER_NOT_FOUND", field="member_id" if line.member_id else "id_number")
        own = found.member.id_number
        if line.id_number and line.id_number.upper() not in (own, identity_numbers.masked(own)):
            raise Refused("E_ID_MISMATCH", field="id_number")
        self._require_first(line, found.member.id)
        return found

    @property
    def _today(self) -> date:
        return local_date(self._by[1])

    def _is_inside(self, person: Person) -> bool:
        return any(org.id == self._org.id for org in organisations.chain(person.branch_code or ""))

    def _require_first(self, line: SheetLine, member_id: int) -> None:
        first = self._seen.setdefault(member_id, line.number)
        if first != line.number:
            zh, en = f"与第 {first} 行重复", f"it stands on line {first} already"
            raise Refused("E_FIELD_INVALID", field="member_id", detail_zh=zh, detail_en=en)

    def _save(self, line: SheetLine, person: Person) -> None:
        actor, now, deployment = self._by
        details, version = stored.of_member(person, deployment.vault)
        known = answers_of(person.member, details)
        wanted, faults = record_sheets.answers(line, known)
        if wanted.get("full_on") != known.get("full_on") and person.member.kind is MemberKind.PROBATIONARY:
            faults.append(FieldError("E_FIELD_READONLY", "full_on", zh="先登记转正", en="record it as full membership"))
        if faults:
            raise Refused(faults[0].code, fields=faults)
        differing = sorted(name for name, value in wanted.items() if value != (known.get(name) or type(value)()))
        if not differing:
            return
        if person.member.status.is_historical:
            raise Refused("E_MEMBER_HISTORICAL", member=person.member.name)
        if line.version and line.version != str(version):
            raise Refused("E_STALE", field="version")
        changed, new = accepted(person.member, wanted, self._today)
        vault, key = deployment.vault, person.person_key
        stored.save(changed, new, person_key=key, version=version, now=now, vault=vault)
        log_edit(person, (details, changed, new), actor=actor, now=now, deployment=deployment)
        self.changed.append(UpdatedLine(line.number, person.member.id, changed.name, differing))
