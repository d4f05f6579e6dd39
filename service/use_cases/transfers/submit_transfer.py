"""A member applies for himself, or an organisation for one of its members (R-050–R-081)."""

from collections.abc import Mapping
from datetime import datetime

from service.domain.accounts.actors import Actor
from service.domain.applying.choosing import HIMSELF, Chosen
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

__all__ = ["HIMSELF", "Chosen", "preview_application", "submit_transfer"]

Answers = Mapping[str, object]


def submit_transfer(
    answers: Answers,
    *,
    actor: Actor,
    chosen: Chosen = HIMSELF,
    key: str,
    now: datetime,
    deployment: Deployment,
) -> Answer:
    """Start an outgoing or internal transfer.

    Refuses in the order of R-227 with the codes of 2.5; a refusal has changed nothing.
    """
    body_digest = digest_of({**told_of(chosen, deployment), "answers": plain(dict(answers))})
    with transaction():
        if known := requests.find(actor.account_id, key, body_digest):
            return repeated(known)
        applicant, checked = check(answers, chosen, open_start(actor, now=now, deployment=deployment))
        return start(Start(checked, applicant.person, actor, key, body_digest, now), deployment=deployment)


def preview_application(
    answers: Answers,
    *,
    actor: Actor,
    chosen: Chosen = HIMSELF,
    now: datetime,
    deployment: Deployment,
) -> Route:
    """Show the route of an application before it is confirmed (R-074); checks all but the tick-box."""
    ticked = {**answers, "attestation": True}
    with reading():
        _, checked = check(ticked, chosen, open_start(actor, now=now, deployment=deployment))
        return checked.route


def check(answers: Answers, chosen: Chosen, opened: Opened) -> tuple[Applicant, Checked]:
    """Everything that is asked before a transfer starts, in the order of R-227."""
    applicant = identify(chosen, opened)
    return applicant, check_outgoing(answers, applicant, opened)


def told_of(chosen: Chosen, deployment: Deployment) -> dict[str, object]:
    """What the digest of a request holds of the chosen member; never his number."""
    number = deployment.vault.index(chosen.id_number)
    return {"member": chosen.member_id, "name": chosen.name, "id_number": number}
