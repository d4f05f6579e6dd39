"""A person decides on a transfer under way: every action on it is a completion of its one open user task.

The five gestures: load and lock – refuse – advance – record – answer. This is the only place where a running
transfer moves.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from service.domain.accounts.actors import Actor
from service.domain.applying import applications
from service.domain.applying.applications import Circumstances
from service.domain.clock import local_date
from service.domain.errors import Refused, refuse_fields
from service.domain.plain import plain
from service.domain.routes.varieties import OutType
from service.domain.transfers import judging, offers, receipts, sight
from service.domain.transfers.actions import Action
from service.domain.transfers.context import Context, Decision
from service.domain.transfers.transfers import Target
from service.engine.progress import Progress
from service.storage.db import transaction
from service.storage.members import members
from service.storage.members.members import Person
from service.storage.organisations import organisations
from service.storage.transfers import letters, requests, transfers
from service.storage.transfers.transfer_rows import Stored
from service.use_cases.deployment import Deployment
from service.use_cases.transfers import applying_anew, attaching, meanwhile, own_transfers, surroundings
from service.use_cases.transfers.answer import Answer, digest_of, repeated
from service.use_cases.transfers.applying_anew import Returned
from service.use_cases.transfers.attaching import Step
from service.use_cases.transfers.recording import Change, record

Answers = Mapping[str, object]

_DAYS = re.compile(r"[0-9]{1,9}")


def decide(
    transfer_id: int, *, version: int, answers: Answers, actor: Actor, key: str, now: datetime, deployment: Deployment
) -> Answer:
    """Take one decision; `version` is that of the transfer the person saw, `key` names the request.

    Refuses E_NOT_FOUND out of sight, E_IDEMPOTENCY_REUSED, E_ALREADY_DECIDED, E_STALE, then as `judging`, the form of
    the open task, `receipts.date_faults` and `attaching.take_along`; E_STALE also where the organisation chosen has gone
    meanwhile (R-204). The same key twice gets the same answer.
    """
    body_digest = digest_of({"transfer": transfer_id, "version": version, "answers": plain(dict(answers))})
    with transaction():
        stored = transfers.lock(transfer_id)
        if known := requests.find(actor.account_id, key, body_digest, is_locked=True):
            return repeated(known)
        context = _admitted(answers, stored, version, actor, deployment)
        person = members.by_id(stored.transfer.member_id, deployment.vault)
        assert person is not None  # noqa: S101 - the foreign key holds it
        facts, application = _accepted(answers, stored, context, person, now, deployment)
        _judge(facts, stored, context, application, now)
        rests_on = attaching.take_along(facts, Step(stored, context, actor, person.person_key, deployment.vault))
        progress = _advance(stored, context, deployment)
        change = Change(
            before=stored,
            progress=progress,
            action=context.decision.action,
            actor=actor,
            person=person,
            application=application,
            explained=_explained(context, progress.context.transfer.target, actor) | attaching.recorded(rests_on),
            told=dict(facts),
            lineage_digest=_lineage_digest(context, stored),
            key=key,
            body_digest=body_digest,
            now=now,
        )
        answer = record(change, deployment=deployment)
        if chosen := [chain for chain in (context.decision.target, context.decision.branch) if chain]:
            organisations.require_unchanged(chosen)
        return answer


def _admitted(answers: Answers, stored: Stored, version: int, actor: Actor, deployment: Deployment) -> Context:
    """The context of a decision that the actor may take on what he saw."""
    # Before the decision is read: how a wrong one is refused must not tell that the transfer exists.
    seen = surroundings.context_of(stored, Decision(Action.APPROVE), deployment)
    sight.require_visible(seen, actor)
    context = replace(seen, decision=_decision(answers, actor))
    meanwhile.require_version(stored, version, actor)
    judging.require_offered(context, actor, is_barred=own_transfers.is_barred(context, actor))
    return applying_anew.with_named_target(context)


def _decision(answers: Answers, actor: Actor) -> Decision:
    code = str(answers.get("decision") or "")
    if code not in set(Action):
        given = code[:40] or "-"
        raise Refused("E_REQUIRED_FIELD", field="decision", detail_zh=f"办理动作 {given}", detail_en=f"action {given}")
    target, branch = str(answers.get("target") or "").strip(), str(answers.get("branch") or "").strip()
    chains = organisations.chains(code for code in (target, branch) if code)
    validity = str(answers.get("validity_days") or "")
    return Decision(
        action=Action(code),
        by=actor.org.ref if actor.org else None,
        validity_days=int(validity) if _DAYS.fullmatch(validity) else None,
        target=chains.get(target),
        target_text="" if target in chains else target[:100],
        branch=chains.get(branch),
        out_type=next((each for each in OutType if each == answers.get("out_type")), None),
    )


def _explained(context: Context, target: Target, actor: Actor) -> dict[str, object]:
    """What history says in plain text: the decision, another target (R-116), that he decided on himself (R-100)."""
    known: dict[str, object] = {"decision": surroundings.decision_record(context.decision)}
    if judging.decides_own(context, actor):
        known["self_decided"] = True
    old = context.transfer.target
    if target == old:
        return known
    names = {"old_target_name": old.name, "new_target_name": target.name}
    return known | {"old_target": _named(old), "new_target": _named(target)} | names


def _named(target: Target) -> str:
    return target.org.code if target.org else target.text


def _accepted(
    answers: Answers, stored: Stored, context: Context, person: Person, now: datetime, deployment: Deployment
) -> tuple[Mapping[str, Any], dict[str, Any]]:
    """The clean facts of the form, and the application as it is after them."""
    known = deployment.vault.open(person.person_key, stored.application_sealed)
    form = surroundings.form_of(stored, stored.step, deployment)
    if not offers.takes_application(context.decision.action, context):
        # Who completes a letter may complete what stands in it.
        facts = form.accept(answers)
        _require_branch(facts, context)
        written = offers.written_fields(context.decision.action, context)
        completed = {name: facts[name] for name in written if name in facts}
        if completed:
            around = Circumstances.of(context.case, profile=context.profile, today=local_date(now))
            applications.check_letter(completed, around)
        return facts, {**known, **completed}
    # Who submits again may correct his application; all its rules hold again.
    return applying_anew.read_again(answers, Returned(stored, context, person, known, form, now))


def _require_branch(facts: Mapping[str, Any], context: Context) -> None:
    named = str(facts.get("branch") or "")
    if named and context.decision.branch is None:
        raise Refused("E_ORG_NOT_FOUND", field="branch", detail_zh=named, detail_en=named)


def _judge(
    facts: Mapping[str, Any], stored: Stored, context: Context, application: Mapping[str, Any], now: datetime
) -> None:
    transfer, today = stored.transfer, local_date(now)
    judging.check_expiry(context, valid_until=stored.valid_until, today=today)
    stands = {"target": _named(transfer.target), "out_type": transfer.out_type, "variety": transfer.variety}
    judging.judge_answers(context, facts, known={**application, **stands}, today=today)
    if context.decision.action is Action.RECORD_RECEIPT:
        refuse_fields([*receipts.date_faults(facts, issued_on=_issued_on(stored), today=today)])


def _issued_on(stored: Stored) -> date | None:
    letter = letters.get(stored.letter_id) if stored.letter_id else None
    return local_date(letter.issued_at) if letter else None


def _advance(stored: Stored, context: Context, deployment: Deployment) -> Progress:
    return deployment.engine.complete(
        surroundings.diagram_of(stored, deployment),
        state=stored.state,
        element=stored.step,
        facts={"decision": context.decision.action.value},
        context=context,
    )


def _lineage_digest(context: Context, stored: Stored) -> str:
    lineage = context.lineage
    if judging.changes_target(context):
        lineage = lineage.with_target(context.decision.target)
    if context.decision.branch:
        lineage = lineage.with_branch(context.decision.branch)
    return stored.lineage_digest if lineage is context.lineage else surroundings.keep_lineage(lineage)
