"""The transfers of an auditor's scope, running and ended, so that he finds what he may read (R-217)."""

from service.domain.accounts.actors import Actor
from service.domain.errors import Refused
from service.domain.transfers import sight
from service.storage.db import reading
from service.storage.organisations import organisations
from service.storage.transfers import inbox
from service.use_cases.deployment import Deployment
from service.use_cases.transfers.list_inbox import PER_PAGE, Page


def list_audited(*, actor: Actor, deployment: Deployment, page: int = 1) -> Page:
    """One page, the newest first; refuses E_FORBIDDEN to whoever is no auditor, E_QUERY_INVALID for an impossible page."""
    sight.require_auditor(actor)
    if page < 1:
        raise Refused("E_QUERY_INVALID", field="page")
    with reading():
        chosen = inbox.touching(organisations.path_of(actor.org.id) if actor.org else None)
        found = inbox.rows(chosen, deployment.vault, by_expiry=False, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
        return Page(tuple(found), inbox.count(chosen), page, PER_PAGE)
