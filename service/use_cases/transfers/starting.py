"""Starts a checked transfer: the diagram runs to its first wait and everything is recorded."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from service.domain.accounts.actors import Actor
from service.domain.routes.varieties import InType, Variety
from service.domain.transfers.actions import Action
from service.domain.transfers.context import Context, Decision, Lineage
from service.domain.transfers.transfers import Target, Transfer
from service.storage.members.members import Person
from service.storage.organisations import organisations
from service.storage.transfers import transfers
from service.storage.transfers.attachments import Place
from service.storage.transfers.transfer_rows import Stored
from service.use_cases.deployment import Deployment
from service.use_cases.transfers import asking, attaching, surroundings
from service.use_cases.transfers.answer import Answer
from service.use_cases.transfers.checking import Checked
from service.use_cases.transfers.recording import Change, record

_NOT_TOLD = frozenset({"decision", "opinion", "id_number"})


@dataclass(frozen=True, slots=True)
class Start:
    """A start that may happen: who, for whom, what, and under which request.

    `explained` is what history says of it besides.
    """

    checked: Checked
    person: Person
    actor: Actor
    key: str
    body_digest: str
    now: datetime
    explained: Mapping[str, object] = field(default_factory=dict)


def start(request: Start, *, deployment: Deployment) -> Answer:
    """Create the transfer, run its diagram to the first wait, and record it."""
    checked = request.checked
    diagram = deployment.catalogue.diagram(checked.variety.process_id)
    lineage = Lineage(checked.case.origin, checked.case.target, checked.case.starter, checked.case.has_cities)
    context = _context(request, lineage, deployment)
    progress = deployment.engine.start(diagram, facts={}, context=context)
    application = checked.application
    stored = _insert(request, context, diagram.digest, deployment)
    organisations.require_unchanged(chain for chain in (lineage.origin, lineage.target, lineage.starter) if chain)
    place = Place(stored.id, position=0, version=stored.version)
    attaching.attach(checked.attached, place, owner=request.person.person_key, vault=deployment.vault)
    return record(
        Change(
            before=stored,
            progress=progress,
            action=Action.SUBMIT,
            actor=request.actor,
            person=request.person,
            application=application,
            explained={
                "decision": surroundings.decision_record(context.decision),
                "begun": surroundings.begun_record(context),
                **attaching.recorded(checked.attached),
                **request.explained,
            },
            told={**_answered(checked), **application},
            lineage_digest=stored.lineage_digest,
            key=request.key,
            body_digest=request.body_digest,
            now=request.now,
        ),
        deployment=deployment,
    )


def _answered(checked: Checked) -> dict[str, Any]:
    return {name: value for name, value in checked.facts.items() if name not in _NOT_TOLD}


def _insert(request: Start, context: Context, diagram_digest: str, deployment: Deployment) -> Stored:
    case = request.checked.case
    draft = Stored(
        id=0,
        version=0,
        transfer=context.transfer,
        step="",
        state=b"",
        diagram_digest=diagram_digest,
        profile_digest=deployment.catalogue.profile_digest,
        forms_digest=deployment.catalogue.forms_of(request.checked.variety.process_id).digest,
        lineage_digest=surroundings.keep_lineage(context.lineage),
        applicant_account_id=request.actor.account_id,
        opened_at=request.now,
        created_at=request.now,
        destination_kind=case.destination_kind,
        is_graduate=case.is_graduate,
    )
    return replace(draft, id=transfers.insert(draft))


def _context(request: Start, lineage: Lineage, deployment: Deployment) -> Context:
    checked, actor = request.checked, request.actor
    case, facts = checked.case, checked.facts
    by = actor.org.ref if case.starter is not None and actor.org else None
    in_type = str(facts.get("in_type") or "")
    transfer = Transfer(
        variety=checked.variety,
        member_id=request.person.member.id,
        origin=case.origin[0].ref if case.origin else None,
        target=Target(case.target[0].ref) if case.target else Target(text=asking.target_text(facts)),
        starter=by,
        out_type=checked.out_type,
        in_type=InType(in_type) if in_type and checked.variety is Variety.INCOMING else None,
    )
    return Context(
        transfer=transfer,
        lineage=lineage,
        profile=deployment.profile,
        profile_digest=deployment.catalogue.profile_digest,
        decision=Decision(Action.SUBMIT, by, validity_days=_days(facts)),
        is_graduate=case.is_graduate,
        destination_kind=case.destination_kind,
    )


def _days(facts: Mapping[str, Any]) -> int | None:
    days = facts.get("validity_days")
    return int(days) if days is not None else None
