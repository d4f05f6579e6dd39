"""Dissolve an organisation that nobody and nothing belongs to any more (R-204, R-206, R-228)."""

from datetime import datetime

from service.domain.accounts.actors import Actor
from service.domain.clock import local_date
from service.domain.organisations import organisation_changes
from service.storage import audit
from service.storage.audit import Subject
from service.storage.db import transaction
from service.storage.organisations import organisation_lists, organisation_records
from service.storage.transfers import pending_transfers
from service.use_cases.deployment import Deployment
from service.use_cases.organisations.chains import require_chain, require_record
from service.use_cases.organisations.edit_organisation import NAMED


def dissolve_organisation(code: str, *, actor: Actor, now: datetime, deployment: Deployment) -> None:
    """Let it be one of the past; letters, histories and lists of the past go on naming it.

    Refuses E_ORG_NOT_FOUND, E_FORBIDDEN, E_ORG_OUT_OF_SCOPE, E_ACTION_NOT_ALLOWED once dissolved, E_ORG_ROOT,
    E_ORG_HAS_PENDING_TRANSFERS with those that stand in the way, E_ORG_NOT_EMPTY.
    """
    with transaction():
        record, chain = require_record(code), require_chain(code)
        organisation_changes.require_may_keep(actor, chain, deployment.profile)
        # Whatever the profile says of other changes: nobody can arrive at an organisation that is gone.
        organisation_changes.refuse_pending(pending_transfers.of_subtree(record.path, limit=NAMED))
        organisation_changes.check_dissolution(
            chain,
            members=organisation_lists.has_members(record.id),
            subordinates=organisation_lists.active_children(record.id),
        )
        organisation_records.dissolve(record, on=local_date(now))
        audit.append(
            "dissolve_org",
            subject=Subject("organisation", code, record.id),
            actor=actor,
            now=now,
            before={"status": record.status.value, "name": chain[0].name},
            after={"status": "DISSOLVED"},
        )
