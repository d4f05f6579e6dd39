"""Newly admitted and omitted members enter by a spreadsheet that the higher organisation decides (R-043, R-044)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from service.domain.accounts.actors import Actor
from service.domain.clock import local_date
from service.domain.deadlines.notices import NoticeKind
from service.domain.errors import FieldError, Refused, refuse_fields
from service.domain.members import admissions as rules
from service.domain.members.admissions import AdmissionKind, Statement
from service.domain.organisations.organisation_changes import ChangeStatus
from service.domain.organisations.organisations import Organisation
from service.storage import audit
from service.storage.audit import Subject
from service.storage.db import reading, transaction
from service.storage.deadlines import workdays
from service.storage.members import admissions, member_details, member_moves, members
from service.storage.members.admissions import Admission
from service.use_cases.deployment import Deployment
from service.use_cases.imports.defects import Defect
from service.use_cases.members.admission_sheets import NewPerson, lines_of, person_of, plain_of, read_sheet
from service.use_cases.notices.tell_organisation import tell_organisation
from service.use_cases.organisations.chains import require_chain

SHOWN = 200


@dataclass(frozen=True, slots=True)
class SheetReport:
    """What came of a sheet: its key and number of people, or what is wrong line by line and nothing submitted."""

    admission_id: int | None
    people: int
    found: int = 0
    defects: Sequence[Defect] = ()


def submit_admission(
    content: bytes,
    kind: AdmissionKind,
    statement: Statement,
    *,
    actor: Actor,
    now: datetime,
    deployment: Deployment,
) -> SheetReport:
    """Submit a sheet on the first working day of the month.

    Refuses E_FORBIDDEN to whoever is no primary organisation, E_IMPORT_WINDOW, E_REASON_REQUIRED, E_IMPORT_FORMAT;
    faults of lines are reported.
    """
    today = local_date(now)
    with reading():
        _parties(kind, statement, actor, now)
    # Read before the change begins: nobody who writes waits for a file to be unpacked.
    lines = lines_of(content)
    with transaction():
        submitter, decider = _parties(kind, statement, actor, now)
        people, defects = read_sheet(lines, submitter, today=today, deployment=deployment)
        if defects.found:
            report = defects.report()
            return SheetReport(None, len(people), report.found, report.defects)
        values: dict[str, object] = {
            "kind": kind.value,
            "reason": statement.reason.strip(),
            "signed_by": statement.signed_by.strip(),
        }
        values |= {"org_id": submitter.id, "decider_id": decider.id, "statement": statement.check.strip()}
        key = admissions.add(
            {**values, "people": len(people), "applied_by": actor.account_id, "applied_at": now},
            [_row(person, deployment) for person in people],
        )
        _log("submit_admission", submitter, actor, now, {"admission": key, "people": len(people), "kind": kind.value})
        tell_organisation(decider.id, NoticeKind.ADMISSION_SUBMITTED, about=_about(key), now=now)
    return SheetReport(key, len(people))


def _parties(
    kind: AdmissionKind, statement: Statement, actor: Actor, now: datetime
) -> tuple[Organisation, Organisation]:
    """Who submits and who decides, where it may be submitted now. Refuses as above."""
    submitter = rules.require_submitter(actor)
    chain = require_chain(submitter.code)
    rules.require_window(local_date(now), workdays.calendar(now))
    rules.require_statement(kind, statement)
    return submitter, rules.decider(chain, kind)


def decide_admission(
    admission_id: int, *, approves: bool, opinion: str, actor: Actor, now: datetime, deployment: Deployment
) -> ChangeStatus:
    """Let everybody of a sheet in, or nobody.

    Refuses E_NOT_FOUND, E_FORBIDDEN to all but the organisation that decides, E_ALREADY_DECIDED, E_REASON_REQUIRED to
    refuse without one, E_MEMBER_EXISTS when somebody has become a member meanwhile.
    """
    status = ChangeStatus.APPROVED if approves else ChangeStatus.REFUSED
    with transaction():
        admission = _seen(admission_id, actor, lock=True)
        if actor.org is None or actor.org.code != admission.decider_code:
            name = admission.decider_name
            raise Refused("E_FORBIDDEN", detail_zh=f"应由“{name}”审批", detail_en=admission.decider_code)
        if admission.status is not ChangeStatus.OPEN:
            raise Refused("E_ALREADY_DECIDED")
        if not approves and not opinion.strip():
            raise Refused("E_REASON_REQUIRED", field="opinion")
        if approves:
            _enter(admission, now, deployment)
        admissions.settle(admission_id, status, account_id=actor.account_id, opinion=opinion.strip(), now=now)
        org = require_chain(admission.org_code)[0]
        _log("decide_admission", org, actor, now, {"admission": admission_id, "status": status.value})
        told = NoticeKind.ADMISSION_APPROVED if approves else NoticeKind.ADMISSION_REFUSED
        tell_organisation(org.id, told, about=_about(admission_id), now=now)
    return status


def _about(admission_id: int) -> str:
    return f"admission:{admission_id}"


def list_admissions(*, actor: Actor) -> Sequence[Admission]:
    """What the acting organisation submitted or decides, the newest first; refuses E_FORBIDDEN."""
    if not actor.decides_for_org or actor.org is None:
        raise Refused("E_FORBIDDEN")
    with reading():
        return admissions.concerning(actor.org.id, limit=SHOWN)


def show_admission(admission_id: int, *, actor: Actor, deployment: Deployment) -> tuple[Admission, Sequence[NewPerson]]:
    """One sheet with its people; refuses E_FORBIDDEN, E_NOT_FOUND."""
    with reading():
        return _seen(admission_id, actor), _people(admission_id, deployment)


def submission_day(now: datetime) -> date:
    """The day on which sheets are submitted: today, or the next one."""
    with reading():
        return rules.window(local_date(now), workdays.calendar(now))


def _enter(admission: Admission, now: datetime, deployment: Deployment) -> None:
    vault, today = deployment.vault, local_date(now)
    people = _people(admission.id, deployment)
    present = [
        person.line
        for person in people
        if any(not each.member.status.is_historical for each in members.by_id_number(person.member.id_number, vault))
    ]
    refuse_fields([FieldError("E_MEMBER_EXISTS", f"line {line}") for line in present])
    cause = "ADMITTED" if admission.kind is AdmissionKind.NEW else "OMITTED"
    for person in people:
        key = members.add(person.member, vault)
        stored = members.by_id(key, vault)
        assert stored is not None and person.member.branch_id is not None  # noqa: S101, PT018 - just stored
        member_details.save(
            replace(person.member, id=key),
            person.details,
            person_key=stored.person_key,
            version=0,
            now=now,
            vault=vault,
        )
        member_moves.gain(key, org_id=person.member.branch_id, on=today, cause=cause)
        admissions.set_member(admission.id, person.line, key)


def _people(admission_id: int, deployment: Deployment) -> list[NewPerson]:
    lines = admissions.lines(admission_id)
    return [person_of(each.line, deployment.vault.open(each.person_key, each.sealed)) for each in lines]


def _row(person: NewPerson, deployment: Deployment) -> dict[str, object]:
    vault = deployment.vault
    key = vault.new_person_key()
    return {
        "line": person.line,
        "id_number_index": vault.index(person.member.id_number),
        "person_key": key,
        "sealed": vault.seal(key, plain_of(person)),
    }


def _seen(admission_id: int, actor: Actor, *, lock: bool = False) -> Admission:
    if not actor.decides_for_org or actor.org is None:
        raise Refused("E_FORBIDDEN")
    found = admissions.get(admission_id, lock=lock)
    if found is None or actor.org.code not in (found.org_code, found.decider_code):
        raise Refused("E_NOT_FOUND")
    return found


def _log(action: str, org: Organisation, actor: Actor, now: datetime, after: dict[str, object]) -> None:
    audit.append(action, subject=Subject("organisation", org.code, org.id), actor=actor, now=now, after=after)
