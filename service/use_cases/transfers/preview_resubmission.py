"""Show the route of an application that is about to be submitted again (R-074, R-077)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from service.domain.accounts.actors import Actor
from service.domain.applying import applications
from service.domain.applying.applications import Circumstances
from service.domain.clock import local_date
from service.domain.routes.routes import Route
from service.domain.transfers import judging, offers, rerouting, sight
from service.domain.transfers.actions import Action
from service.domain.transfers.context import Context, Decision
from service.storage.db import reading
from service.storage.members import members
from service.storage.organisations import organisations
from service.storage.transfers import transfers
from service.storage.transfers.transfer_rows import Stored
from service.use_cases.deployment import Deployment
from service.use_cases.transfers import applying_anew, asking, surroundings
from service.use_cases.transfers.applying_anew import Returned

Answers = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Preview:
    """The route the transfer would take; `asks_attestation`: a box has to be ticked before it does (R-075)."""

    route: Route
    asks_attestation: bool


def preview_resubmission(
    transfer_id: int, *, answers: Answers, actor: Actor, now: datetime, deployment: Deployment
) -> Preview:
    """Check everything but the tick-box, and tell which way the transfer would take.

    Refuses E_NOT_FOUND for what the actor cannot see, as `judging.require_offered` for who may not submit it again,
    and as `applying_anew.read_again`.
    """
    with reading():
        stored = transfers.get(transfer_id)
        seen = surroundings.context_of(stored, Decision(Action.SUBMIT), deployment)
        sight.require_visible(seen, actor)
        context = applying_anew.with_named_target(replace(seen, decision=_decision(seen, answers, actor)))
        judging.require_offered(context, actor)
        ticked = {**answers, "decision": context.decision.action.value, "attestation": True}
        applying_anew.read_again(ticked, _returned(stored, context, now, deployment))
    around = Circumstances.of(context.case, profile=context.profile, today=local_date(now))
    return Preview(_route(context), applications.asks_attestation(around))


def _decision(context: Context, answers: Answers, actor: Actor) -> Decision:
    # Who wrote the first letter issues it anew; who only applied submits.
    possible = judging.offered(context, actor)
    action = next((each for each in possible if offers.takes_application(each, context)), Action.SUBMIT)
    text = asking.target_text(answers)
    chain = organisations.chain(text) or None
    by = actor.org.ref if actor.org else None
    return Decision(action, by, target=chain, target_text="" if chain else text)


def _returned(stored: Stored, context: Context, now: datetime, deployment: Deployment) -> Returned:
    person = members.by_id(stored.transfer.member_id, deployment.vault)
    assert person is not None  # noqa: S101 - the foreign key holds it
    known = deployment.vault.open(person.person_key, stored.application_sealed)
    form = surroundings.form_of(stored, stored.step, deployment)
    return Returned(stored, context, person, known, form, now)


def _route(context: Context) -> Route:
    transfer = context.transfer
    if judging.changes_target(context):
        transfer = rerouting.retarget(context).context.transfer
    return Route(transfer.variety, transfer.out_type, transfer.hops)
