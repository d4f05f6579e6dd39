"""One application for several members: each becomes a transfer of his own, and all of them start or none (R-080)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from service.domain.accounts.actors import Actor
from service.domain.applying import choosing
from service.domain.applying.choosing import Chosen, Selected
from service.domain.errors import FieldError, Refused
from service.domain.members import identity_numbers
from service.domain.plain import plain
from service.domain.routes.routes import Route
from service.storage.db import reading, transaction
from service.storage.transfers import requests
from service.use_cases.deployment import Deployment
from service.use_cases.transfers.answer import Answer, digest_of, repeated
from service.use_cases.transfers.checking import Checked, check_outgoing
from service.use_cases.transfers.identifying import Applicant, identify
from service.use_cases.transfers.opening import Opened, open_start
from service.use_cases.transfers.starting import Start, start
from service.use_cases.transfers.submit_transfer import told_of

Answers = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Planned:
    """The route of one of the members; his identity number is masked (R-038)."""

    member_id: int
    member_name: str
    member_number: str
    route: Route


def submit_several(
    answers: Answers,
    *,
    actor: Actor,
    selected: Iterable[Selected],
    key: str,
    now: datetime,
    deployment: Deployment,
) -> tuple[Answer, ...]:
    """Start a transfer for each selected member, all in one change; the answers stand in the order of their keys.

    Refuses as `choosing.several`, then as `submit_transfer` with the first refusal, which names its member; then
    nobody's transfer has started. `answers` are the same for all, but for what each one's own say.
    """
    given = list(selected)
    body_digest = digest_of(
        {
            "members": [[told_of(each.chosen, deployment), plain(dict(each.answers))] for each in given],
            "answers": plain(dict(answers)),
        }
    )
    with transaction():
        if known := requests.find(actor.account_id, key, body_digest):
            return _repeated(known, actor, key, body_digest)
        opened = open_start(actor, now=now, deployment=deployment)
        started = []
        # One after the other: whether the last administrator may leave depends on those who left before him.
        for number, each in enumerate(choosing.several(given, opened.profile)):
            applicant, checked = _check(answers, each, opened)
            request = Start(checked, applicant.person, actor, _key(key, number), body_digest, now)
            started.append(_start(request, applicant, deployment))
        return tuple(started)


def preview_several(
    answers: Answers, *, actor: Actor, selected: Iterable[Selected], now: datetime, deployment: Deployment
) -> tuple[Planned, ...]:
    """Show each member's route before anything is confirmed (R-074); checks all but the tick-box."""
    ticked = {**answers, "attestation": True}
    with reading():
        opened = open_start(actor, now=now, deployment=deployment)
        checked = [_check(ticked, each, opened) for each in choosing.several(selected, opened.profile)]
    return tuple(_planned(*each) for each in checked)


def identify_one(selected: Selected, opened: Opened) -> Applicant:
    """Find and check one of several members; refuses as `identify`, naming him."""
    try:
        return identify(selected.chosen, opened)
    except Refused as refusal:
        raise _named(refusal, _as_given(selected.chosen)) from refusal


def _check(answers: Answers, selected: Selected, opened: Opened) -> tuple[Applicant, Checked]:
    applicant = identify_one(selected, opened)
    try:
        return applicant, check_outgoing({**answers, **selected.answers}, applicant, opened)
    except Refused as refusal:
        raise _named(refusal, _name(applicant)) from refusal


def _start(request: Start, applicant: Applicant, deployment: Deployment) -> Answer:
    try:
        return start(request, deployment=deployment)
    except Refused as refusal:
        raise _named(refusal, _name(applicant)) from refusal


def _named(refusal: Refused, member: str) -> Refused:
    """The same refusal, said of one of several members."""
    fields = refusal.fields or (FieldError(refusal.code, zh=refusal.detail_zh, en=refusal.detail_en),)
    told = tuple(replace(each, member=each.member or member) for each in fields)
    return Refused(refusal.code, detail_zh=refusal.detail_zh, detail_en=refusal.detail_en, fields=told)


def _name(applicant: Applicant) -> str:
    # Many have the same name.
    member = applicant.person.member
    return f"{member.name} {identity_numbers.masked(member.id_number)}"


def _as_given(chosen: Chosen) -> str:
    # Who could not be found, or is not below this organisation, is called what the request calls him.
    return chosen.name or str(chosen.member_id or "")


def _planned(applicant: Applicant, checked: Checked) -> Planned:
    member = applicant.person.member
    return Planned(member.id, member.name, identity_numbers.masked(member.id_number), checked.route)


def _repeated(first: Mapping[str, object], actor: Actor, key: str, body_digest: str) -> tuple[Answer, ...]:
    # All were recorded in one change, so all are there.
    answers = [repeated(first)]
    while known := requests.find(actor.account_id, _key(key, len(answers)), body_digest):
        answers.append(repeated(known))
    return tuple(answers)


def _key(key: str, number: int) -> str:
    """The key under which the answer for the n-th member is kept: the request's own for the first."""
    return key if number == 0 else sha256(f"{number}:{key}".encode()).hexdigest()
