"""Change the record of an organisation (R-002–R-005, R-202, R-228)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from service.domain.accounts.actors import Actor
from service.domain.clock import local_date
from service.domain.errors import Refused
from service.domain.organisations import organisation_changes, organisation_records
from service.domain.organisations.organisation_codes import without_code
from service.domain.organisations.organisation_records import Saving, loggable
from service.domain.organisations.organisations import Organisation
from service.storage import audit
from service.storage.audit import Subject
from service.storage.db import transaction
from service.storage.organisations import organisation_records as stored
from service.storage.transfers import pending_transfers
from service.use_cases.deployment import Deployment
from service.use_cases.organisations.chains import require_chain, require_record
from service.use_cases.organisations.saving import accepted

NAMED = 50
"""So many of the transfers that stand in the way are named."""


def edit_organisation(
    code: str, answers: Mapping[str, object], *, version: int, actor: Actor, now: datetime, deployment: Deployment
) -> int:
    """Store the answers as the whole record and return its new version.

    Refuses E_ORG_NOT_FOUND, E_FORBIDDEN, E_ORG_OUT_OF_SCOPE, E_ACTION_NOT_ALLOWED once dissolved,
    E_ORG_CODE_IMMUTABLE, E_ORG_HAS_PENDING_TRANSFERS for a branch with unfinished transfers, E_STALE when somebody
    else was faster, then every field at fault; E_FIELD_READONLY for another type.
    """
    saving = Saving(deployment.profile, local_date(now), is_new=False)
    with transaction():
        record, chain = require_record(code), require_chain(code)
        organisation_changes.require_may_keep(actor, chain, deployment.profile)
        given = without_code(answers, code)
        _require_unlocked(chain[0], deployment)
        _require_version(record.version, version)
        organisation_records.require_same_type(given, record.values["org_type"])
        changed = stored.update(record, accepted(given, saving))
        if not changed:
            return record.version
        _record(record.id, code, changed, actor, now)
    return record.version + 1


def _require_unlocked(org: Organisation, deployment: Deployment) -> None:
    if org.is_branch and deployment.profile.flag("org.lock_on_pending"):
        organisation_changes.refuse_pending(pending_transfers.of_organisation(org.id, limit=NAMED))


def _require_version(found: int, seen: int) -> None:
    if found != seen:
        raise Refused(
            "E_STALE",
            field="version",
            detail_zh=f"应为 {found}，所见为 {seen}",
            detail_en=f"expected {found}, found {seen}",
        )


def _record(org_id: int, code: str, changed: Mapping[str, tuple[Any, Any]], actor: Actor, now: datetime) -> None:
    before, after = ({name: _plain(pair[side]) for name, pair in changed.items()} for side in (0, 1))
    audit.append(
        "edit_org",
        subject=Subject("organisation", code, org_id),
        actor=actor,
        now=now,
        before=loggable(before),
        after=loggable(after),
    )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
