"""A person decides on a transfer under way: every action on it is a completion of its one open user task.

The five gestures: load and lock – refuse – advance – record – answer. This is the only place where a running
transfer moves.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from service.domain import applications, judging, sight
from service.domain.actions import Action
from service.domain.actors import Actor
from service.domain.applications import Circumstances
from service.domain.clock import ZONE, local_date
from service.domain.context import Context, Decision
from service.domain.errors import Refused
from service.domain.plain import plain
from service.domain.varieties import Variety
from service.engine.progress import Progress
from service.storage import accounts, members, organisations, requests, transfers
from service.storage.db import transaction
from service.storage.members import Person
from service.storage.transfer_rows import Stored
from service.use_cases.deployment import Deployment
from service.use_cases.transfers import surroundings
from service.use_cases.transfers.answer import Answer, digest_of, repeated
from service.use_cases.transfers.recording import Change, record

Answers = Mapping[str, object]

_APPLYING = frozenset({Action.SUBMIT, Action.APPROVE_AND_ISSUE})
_LETTER_FIELDS = ("letter_heading", "dues_paid_to", "contact")
_DAYS = re.compile(r"[0-9]{1,9}")
_NOT_KEPT = frozenset({"decision", "opinion", "attestation"})


def decide(
    transfer_id: int, *, version: int, answers: Answers, actor: Actor, key: str, now: datetime, deployment: Deployment
) -> Answer:
    """Take one decision; `version` is that of the transfer the person saw, `key` names the request.

    Refuses E_NOT_FOUND for what the actor cannot see, E_IDEMPOTENCY_REUSED, E_ALREADY_DECIDED, E_STALE, then as
    `judging.require_offered`, the form of the open task, and `judging.judge_answers`. The same key twice gets the
    same answer.
    """
    body_digest = digest_of({"transfer": transfer_id, "version": version, "answers": plain(dict(answers))})
    with transaction():
        stored = transfers.lock(transfer_id)
        if known := requests.find(actor.account_id, key, body_digest, is_locked=True):
            return repeated(known)
        # Before the decision is read: how a wrong one is refused must not tell that the transfer exists.
        seen = surroundings.context_of(stored, Decision(Action.APPROVE), deployment)
        sight.require_visible(seen, actor)
        context = replace(seen, decision=_decision(answers, actor))
        _require_version(stored, version, actor)
        judging.require_offered(context, actor)
        person = members.by_id(stored.transfer.member_id, deployment.vault)
        assert person is not None  # noqa: S101 - the foreign key holds it
        facts, application = _accepted(answers, stored, context, person, now, deployment)
        _judge(facts, stored, context, now)
        change = Change(
            before=stored,
            progress=_advance(stored, context, deployment),
            action=context.decision.action,
            actor=actor,
            person=person,
            application=application,
            explained={"decision": surroundings.decision_record(context.decision)},
            told=dict(facts),
            lineage_digest=_lineage_digest(context, stored),
            key=key,
            body_digest=body_digest,
            now=now,
        )
        return record(change, deployment=deployment)


def _decision(answers: Answers, actor: Actor) -> Decision:
    code = str(answers.get("decision") or "")
    if code not in set(Action):
        given = code[:40] or "-"
        raise Refused("E_REQUIRED_FIELD", field="decision", detail_zh=f"办理动作 {given}", detail_en=f"action {given}")
    target, branch = str(answers.get("target") or "").strip(), str(answers.get("branch") or "").strip()
    chains = organisations.chains(code for code in (target, branch) if code)
    if branch and branch not in chains:
        raise Refused("E_ORG_NOT_FOUND", field="branch", detail_zh=branch[:40], detail_en=branch[:40])
    validity = str(answers.get("validity_days") or "")
    return Decision(
        action=Action(code),
        by=actor.org.ref if actor.org else None,
        validity_days=int(validity) if _DAYS.fullmatch(validity) else None,
        target=chains.get(target),
        target_text="" if target in chains else target[:100],
        branch=chains.get(branch),
    )


def _require_version(stored: Stored, version: int, actor: Actor) -> None:
    if stored.version == version:
        return
    if stored.version > version and stored.last_account_id not in (None, actor.account_id):
        other = accounts.by_id(stored.last_account_id or 0)
        assert stored.last_decided_at is not None  # noqa: S101 - written together with the account
        at = f"{stored.last_decided_at.astimezone(ZONE):%Y-%m-%d %H:%M}"
        name = other.name if other else "?"
        raise Refused("E_ALREADY_DECIDED", detail_zh=f"{name} 已于 {at} 办理", detail_en=f"by {name} at {at}")
    raise Refused(
        "E_STALE",
        field="version",
        detail_zh=f"应为 {stored.version}，所见为 {version}",
        detail_en=f"expected {stored.version}, found {version}",
    )


def _accepted(
    answers: Answers, stored: Stored, context: Context, person: Person, now: datetime, deployment: Deployment
) -> tuple[Mapping[str, Any], dict[str, Any]]:
    """The clean facts of the form, and the application as it is after them."""
    known = deployment.vault.open(person.person_key, stored.application_sealed)
    form = surroundings.form_of(stored, stored.step, deployment)
    if not _applies_anew(context):
        # Who completes a letter may complete what stands in it.
        facts = form.accept(answers)
        completed = {name: facts[name] for name in _LETTER_FIELDS if name in facts}
        return facts, {**known, **completed}
    # Who submits again may correct his application; all its rules hold again.
    facts = form.accept({**known, **answers})
    around = Circumstances(
        profile=context.profile,
        today=local_date(now),
        is_outside=context.transfer.is_outside,
        is_incoming=context.transfer.variety is Variety.INCOMING,
        is_graduate=stored.is_graduate,
        by_member=context.transfer.starter is None,
    )
    applications.check(facts, around)
    return facts, {**known, **{name: value for name, value in facts.items() if name not in _NOT_KEPT}}


def _judge(facts: Mapping[str, Any], stored: Stored, context: Context, now: datetime) -> None:
    judging.check_expiry(context, valid_until=stored.valid_until, today=local_date(now))
    both = facts.get("reported") is True and facts.get("reviewed") is True
    attested = facts.get("attestation") is True or both
    judging.judge_answers(context, reason=str(facts.get("reason") or ""), attested=attested)


def _advance(stored: Stored, context: Context, deployment: Deployment) -> Progress:
    return deployment.engine.complete(
        surroundings.diagram_of(stored, deployment),
        state=stored.state,
        element=stored.step,
        facts={"decision": context.decision.action.value},
        context=context,
    )


def _applies_anew(context: Context) -> bool:
    return context.transfer.at_application and context.decision.action in _APPLYING


def _lineage_digest(context: Context, stored: Stored) -> str:
    lineage = context.lineage
    if judging.changes_target(context):
        lineage = lineage.with_target(context.decision.target)
    if context.decision.branch:
        lineage = lineage.with_branch(context.decision.branch)
    return stored.lineage_digest if lineage is context.lineage else surroundings.keep_lineage(lineage)
