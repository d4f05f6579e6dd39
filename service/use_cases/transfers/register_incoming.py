"""A person comes in from outside: found in a holding node, or new to the system (R-137–R-148)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from service.domain.accounts.actors import Actor
from service.domain.applying.newcomers import Standing
from service.domain.errors import Refused
from service.domain.members import identity_numbers
from service.domain.members.members import Member, MemberKind, MemberStatus, Sex
from service.domain.members.real_names import Verdict
from service.domain.organisations.organisations import OrgType
from service.domain.plain import plain
from service.domain.routes.routes import Route
from service.storage.db import reading, transaction
from service.storage.members import members, newcomers
from service.storage.members.members import Person
from service.storage.organisations import organisations
from service.storage.transfers import requests
from service.use_cases.deployment import Deployment
from service.use_cases.transfers import newcoming
from service.use_cases.transfers.answer import Answer, digest_of, repeated
from service.use_cases.transfers.checking import Checked, check_incoming
from service.use_cases.transfers.newcoming import Newcomer
from service.use_cases.transfers.opening import Opened, open_start
from service.use_cases.transfers.starting import Start, start

Answers = Mapping[str, object]


def register_incoming(answers: Answers, *, actor: Actor, key: str, now: datetime, deployment: Deployment) -> Answer:
    """Start an incoming transfer; what concerns the person comes before target and fields (R-227).

    Refuses as `open_start`, `newcoming.identify` and `check_incoming`.
    """
    body_digest = digest_of({"answers": _without_number(answers, deployment)})
    with reading():
        if known := requests.find(actor.account_id, key, body_digest, is_locked=True):
            return repeated(known)
    verdict = _asked(answers, actor, now, deployment)
    with transaction():
        if known := requests.find(actor.account_id, key, body_digest):
            return repeated(known)
        newcomer, checked, opened = _checked(answers, verdict, actor, now, deployment)
        request = Start(
            checked=checked,
            person=_entered(newcomer, checked, opened),
            actor=actor,
            key=key,
            body_digest=body_digest,
            now=now,
            explained=_explained(newcomer),
        )
        return start(request, deployment=deployment)


def preview_incoming(answers: Answers, *, actor: Actor, now: datetime, deployment: Deployment) -> Route:
    """Show the route of a registration before it is confirmed; checks all, enters nobody (R-147)."""
    verdict = _asked(answers, actor, now, deployment)
    with reading():
        return _checked(answers, verdict, actor, now, deployment)[1].route


def _asked(answers: Answers, actor: Actor, now: datetime, deployment: Deployment) -> Verdict | None:
    """What the register says; nobody is asked about a person who may not come in anyhow."""
    with reading():
        opened = open_start(actor, now=now, deployment=deployment, is_incoming=True)
        newcomer = newcoming.look_up(answers, opened)
    return newcoming.ask_register(answers, newcomer, opened)


def _checked(
    answers: Answers, verdict: Verdict | None, actor: Actor, now: datetime, deployment: Deployment
) -> tuple[Newcomer, Checked, Opened]:
    opened = open_start(actor, now=now, deployment=deployment, is_incoming=True)
    newcomer = newcoming.identify(answers, verdict, opened)
    checked = check_incoming(answers, newcomer, opened)
    newcoming.require_asked(newcomer, opened)
    return newcomer, checked, opened


def _entered(newcomer: Newcomer, checked: Checked, opened: Opened) -> Person:
    """His entry: as it is, corrected, or new in the temporary holding node until the transfer ends (R-139, R-140)."""
    if newcomer.person is not None and newcomer.standing is Standing.HELD:
        return newcomer.person
    vault = opened.deployment.vault
    typed = _member(checked, opened)
    if newcomer.person is None:
        member_id = newcomers.enter(typed, vault)
    else:
        member_id = newcomer.person.member.id
        newcomers.enter_anew(replace(typed, id=member_id))
    person = members.by_id(member_id, vault)
    assert person is not None  # noqa: S101 - it was stored a line before
    return person


def _member(checked: Checked, opened: Opened) -> Member:
    facts = checked.facts
    number = identity_numbers.parse(str(facts["id_number"]), today=opened.today)
    holding = organisations.holding_node(OrgType.HOLDING_TEMP)
    return Member(
        id=0,
        name=str(facts["name"]),
        id_number=number,
        sex=Sex(str(facts["sex"])),
        birth_date=identity_numbers.birth_date(number),
        kind=MemberKind(str(facts["kind"])),
        branch_id=holding.id if holding else None,
        status=MemberStatus.PROVISIONAL,
        ethnicity=str(facts["ethnicity"]),
        mobile=str(facts.get("contact") or ""),
    )


def _explained(newcomer: Newcomer) -> dict[str, object]:
    """What history says of the person's identity: what the register answered, and whether somebody looked himself."""
    said: dict[str, object] = {"standing": newcomer.standing.value}
    if newcomer.verdict is not None:
        said |= {"register": newcomer.verdict.value, "is_reviewed": newcomer.is_reviewed}
    return {"newcomer": said}


def _without_number(answers: Answers, deployment: Deployment) -> dict[str, object]:
    given = plain(dict(answers))
    if not isinstance(given, dict):
        raise Refused("E_FIELD_INVALID", field="answers")
    return {**given, "id_number": deployment.vault.index(str(answers.get("id_number") or ""))}
