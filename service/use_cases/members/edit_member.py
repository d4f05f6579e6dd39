"""Change a member's record (R-040, R-042, R-208, R-210); his branch changes by a transfer only (R-229)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from service.definitions import forms
from service.domain.accounts.actors import Actor
from service.domain.clock import local_date
from service.domain.errors import FieldError, Refused, refuse_fields
from service.domain.members import member_details
from service.domain.members.member_details import Details, details_of
from service.domain.members.member_records import Record
from service.domain.members.members import Member, MemberKind
from service.domain.names import normalised
from service.storage import audit
from service.storage.db import transaction
from service.storage.members import member_details as stored
from service.storage.members.members import Person
from service.use_cases.deployment import Deployment
from service.use_cases.members.keeping import kept
from service.use_cases.members.show_member import subject

FORM = ("member", "record")
_IMMUTABLE = frozenset({"id_number", "sex", "birth_date", "kind", "branch_code"})


def edit_member(
    member_id: int,
    answers: Mapping[str, object],
    *,
    version: int,
    actor: Actor,
    now: datetime,
    deployment: Deployment,
) -> int:
    """Store the answers as the whole record and return its new version.

    Refuses E_FORBIDDEN, E_NOT_FOUND, E_MEMBER_HISTORICAL, E_FIELD_READONLY, all fields at fault as
    `member_details.faults`, E_STALE when somebody else was faster.
    """
    with transaction():
        person = kept(member_id, actor, deployment)
        if person.member.status.is_historical:
            raise Refused("E_MEMBER_HISTORICAL", member=person.member.name)
        refuse_fields([FieldError("E_FIELD_READONLY", name) for name in answers if name in _IMMUTABLE])
        changed, details = accepted(person.member, answers, local_date(now))
        before, known = stored.of_member(person, deployment.vault)
        if known != version:
            raise Refused("E_STALE", field="version", detail_zh=f"应为 {known}", detail_en=f"expected {known}")
        new = stored.save(
            changed, details, person_key=person.person_key, version=version, now=now, vault=deployment.vault
        )
        log_edit(person, (before, changed, details), actor=actor, now=now, deployment=deployment)
    return new


def accepted(member: Member, answers: Mapping[str, object], today: date) -> tuple[Member, Details]:
    """The member and his details as the answers want them; refuses all fields at fault."""
    written = {name: normalised(value) if isinstance(value, str) else value for name, value in answers.items()}
    # Before the form, which only says that something cannot be printed; here the character is named.
    texts = ((name, value) for name, value in written.items() if isinstance(value, str))
    refuse_fields([fault for name, value in texts for fault in member_details.name_faults(name, value)])
    facts, form_faults = forms.form(*FORM).read(written)
    details = details_of(facts)
    record = Record(
        ethnicity=str(facts.get("ethnicity", "")),
        joined_on=_day(facts.get("joined_on")),
        full_on=_day(facts.get("full_on")) if member.kind is MemberKind.FULL else None,
        mobile=str(facts.get("mobile", "")),
    )
    name = str(facts.get("name", ""))
    wrong = {fault.field for fault in form_faults}
    own = [] if name else [FieldError("E_REQUIRED_FIELD", "name")]
    rules = [*own, *member_details.faults(record, details, member.kind, today)]
    refuse_fields([*form_faults, *(fault for fault in rules if fault.field not in wrong)])
    values = {field: getattr(record, field) for field in Record.__dataclass_fields__}
    return replace(member, name=name, is_graduate=bool(facts.get("is_graduate")), **values), details


def log_edit(
    person: Person,
    change: tuple[Details, Member, Details],
    *,
    actor: Actor,
    now: datetime,
    deployment: Deployment,
) -> None:
    """Log which fields were changed; what they were and are is sealed under the person's key."""
    before, changed, details = change
    old = {**_own(person.member), **member_details.plain_of(before)}
    new = {**_own(changed), **member_details.plain_of(details)}
    differing = sorted(name for name, value in new.items() if value != old[name])
    told = {"before": {name: old[name] for name in differing}, "after": {name: new[name] for name in differing}}
    audit.append(
        "edit_member",
        subject=subject(person.member),
        actor=actor,
        now=now,
        after={"fields": differing},
        sealed=deployment.vault.seal(person.person_key, told),
    )


def answers_of(member: Member, details: Details) -> dict[str, Any]:
    """A record as its form takes it; empty ones left out."""
    values = {**_own(member), **member_details.plain_of(details)}
    return {name: value for name, value in values.items() if value not in (None, "", False)}


def _own(member: Member) -> dict[str, Any]:
    return {
        "name": member.name,
        "ethnicity": member.ethnicity,
        "joined_on": member.joined_on.isoformat() if member.joined_on else None,
        "full_on": member.full_on.isoformat() if member.full_on else None,
        "mobile": member.mobile,
        "is_graduate": member.is_graduate,
    }


def _day(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and value else value if isinstance(value, date) else None
