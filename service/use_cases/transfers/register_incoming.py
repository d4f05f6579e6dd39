"""A person comes in from outside: found in a holding node, or new to the system (R-137–R-148)."""

from collections.abc import Mapping
from datetime import datetime

from service.domain import applicants, identity_numbers
from service.domain.actors import Actor
from service.domain.clock import local_date
from service.domain.errors import Refused
from service.domain.members import Member, MemberKind, MemberStatus, Sex
from service.domain.organisations import OrgType
from service.domain.plain import plain
from service.domain.profile import Profile
from service.domain.varieties import Variety
from service.storage import members, organisations, requests, transfers
from service.storage.db import transaction
from service.storage.members import Person
from service.use_cases.deployment import Deployment
from service.use_cases.transfers import asking
from service.use_cases.transfers.answer import Answer, digest_of, repeated
from service.use_cases.transfers.checking import Checked, check_incoming
from service.use_cases.transfers.opening import open_start
from service.use_cases.transfers.starting import Start, start

Answers = Mapping[str, object]


def register_incoming(answers: Answers, *, actor: Actor, key: str, now: datetime, deployment: Deployment) -> Answer:
    """Start an incoming transfer.

    Refuses E_START_NOT_ALLOWED, E_NO_TRANSFER_PERMISSION, E_EXCHANGE_DISABLED, E_ID_FORMAT, E_ID_CHECKSUM,
    E_MEMBER_IN_PROVINCE, E_MEMBER_HISTORICAL, E_TRANSFER_IN_PROGRESS, E_ALREADY_CLAIMED, E_TARGET_*, and all
    fields at fault together.
    """
    body_digest = digest_of({"answers": _without_number(answers, deployment)})
    with transaction():
        if known := requests.find(actor.account_id, key, body_digest):
            return repeated(known)
        opened = open_start(actor, now=now, deployment=deployment, is_incoming=True)
        _require_no_exchange(answers, opened.profile)
        found = _find(answers, actor, now, deployment)
        checked = check_incoming(answers, opened)
        person = found or _new_person(checked, now, deployment)
        return start(Start(checked, person, actor, key, body_digest, now), deployment=deployment)


def _find(answers: Answers, actor: Actor, now: datetime, deployment: Deployment) -> Person | None:
    # A number that is missing or malformed is named with the other fields of the form.
    given = str(answers.get("id_number") or "").strip()
    if not given:
        return None
    number = identity_numbers.parse(given, today=local_date(now))
    known = next(iter(members.by_id_number(number, deployment.vault)), None)
    if known is None or known.member.status is MemberStatus.HIST_TRANSFERRED_OUT:
        return None
    _require_unclaimed(known, actor)
    is_held = bool(known.branch_code) and organisations.chain(known.branch_code or "")[0].is_holding_node
    applicants.check_newcomer(known.member, profile=deployment.profile, is_held=is_held)
    name = str(answers.get("name") or "").strip()
    if name and name != known.member.name:
        raise Refused("E_ID_MISMATCH", field="name")
    return known


def _require_unclaimed(known: Person, actor: Actor) -> None:
    unfinished = transfers.unfinished_of(known.member.id)
    if unfinished is None:
        return
    other = transfers.get(unfinished).transfer
    claimed_elsewhere = other.variety is Variety.INCOMING and (
        actor.org is None or other.starter is None or other.starter.code != actor.org.code
    )
    code = "E_ALREADY_CLAIMED" if claimed_elsewhere else "E_TRANSFER_IN_PROGRESS"
    raise Refused(code)


def _new_person(checked: Checked, now: datetime, deployment: Deployment) -> Person:
    """Enter a person nobody knows; he stands in the temporary holding node until the transfer ends (R-140)."""
    facts = checked.facts
    number = identity_numbers.parse(str(facts["id_number"]), today=local_date(now))
    sex = Sex(str(facts["sex"]))
    if sex is not identity_numbers.sex(number):
        raise Refused("E_ID_MISMATCH", field="sex")
    holding = organisations.holding_node(OrgType.HOLDING_TEMP)
    member = Member(
        id=0,
        name=str(facts["name"]),
        id_number=number,
        sex=sex,
        birth_date=identity_numbers.birth_date(number),
        kind=MemberKind(str(facts["kind"])),
        branch_id=holding.id if holding else None,
        status=MemberStatus.PROVISIONAL,
        ethnicity=str(facts["ethnicity"]),
    )
    member_id = members.add(member, deployment.vault)
    person = members.by_id(member_id, deployment.vault)
    assert person is not None  # noqa: S101 - it was stored a line before
    return person


def _require_no_exchange(answers: Answers, profile: Profile) -> None:
    if asking.is_true(answers.get("via_exchange")) and not profile.flag("exchange.enabled"):
        raise Refused("E_EXCHANGE_DISABLED")


def _without_number(answers: Answers, deployment: Deployment) -> dict[str, object]:
    given = plain(dict(answers))
    assert isinstance(given, dict)  # noqa: S101 - it was a mapping
    return {**given, "id_number": deployment.vault.index(str(answers.get("id_number") or ""))}
