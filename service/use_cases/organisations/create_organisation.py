"""Create an organisation below another one (R-003–R-005, R-205)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.domain.accounts.actors import Actor
from service.domain.clock import local_date
from service.domain.errors import Refused
from service.domain.organisations import organisation_changes
from service.domain.organisations.organisation_codes import without_code
from service.domain.organisations.organisation_records import Saving, loggable
from service.domain.organisations.organisations import OrgType
from service.domain.plain import plain
from service.storage import audit
from service.storage.audit import Subject
from service.storage.db import transaction
from service.storage.organisations import organisation_records
from service.storage.transfers import requests
from service.storage.transfers.requests import Answered
from service.use_cases.deployment import Deployment
from service.use_cases.organisations.chains import require_chain, require_record
from service.use_cases.organisations.saving import accepted
from service.use_cases.transfers.answer import digest_of

CREATED = 201


@dataclass(frozen=True, slots=True)
class Created:
    """The code of a new organisation."""

    code: str


def create_organisation(
    answers: Mapping[str, object], *, superior: str, actor: Actor, key: str, now: datetime, deployment: Deployment
) -> Created:
    """Create it; the same key and answers again get the same code.

    Refuses E_ORG_ROOT without a superior, E_ORG_NOT_FOUND, E_FORBIDDEN, E_ORG_OUT_OF_SCOPE, E_ACTION_NOT_ALLOWED below
    a dissolved one, E_ORG_CODE_IMMUTABLE when a code was sent, then every field at fault.
    """
    if not superior:
        raise Refused("E_ORG_ROOT", field="superior")
    saving = Saving(deployment.profile, local_date(now), is_new=True)
    body_digest = digest_of({"create_org": superior, "answers": plain(dict(answers))})
    with transaction():
        if known := requests.find(actor.account_id, key, body_digest):
            return Created(str(known["code"]))
        parent, chain = require_record(superior), require_chain(superior)
        organisation_changes.require_in_reach(actor, chain)
        facts = accepted(without_code(answers, None), saving)
        organisation_changes.require_may_create(actor, chain, OrgType(facts["org_type"]))
        initial = deployment.profile.flag("auto_approve.initial")
        made, code = organisation_records.add(
            facts, parent_id=parent.id, parent_path=parent.path, auto_approve_children=initial
        )
        _record(code, made, facts, superior, actor, now)
        requests.record(_answered(actor, key, body_digest, code, now))
    return Created(code)


def _record(code: str, org_id: int, facts: Mapping[str, Any], superior: str, actor: Actor, now: datetime) -> None:
    after = {"superior": superior, **loggable(facts)}
    audit.append("create_org", subject=Subject("organisation", code, org_id), actor=actor, now=now, after=after)


def _answered(actor: Actor, key: str, body_digest: str, code: str, now: datetime) -> Answered:
    return Answered(
        account_id=actor.account_id,
        key=key,
        body_digest=body_digest,
        status=CREATED,
        answer={"code": code},
        transfer_id=None,
        first_event=None,
        last_event=None,
        at=now,
    )
