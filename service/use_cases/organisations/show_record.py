"""The page of an organisation: its record, what stands above and below it, and what this person may do (R-002, R-011)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from service.domain.accounts.actors import Actor
from service.domain.errors import Refused
from service.domain.organisations import organisation_changes, permissions
from service.domain.organisations.organisations import Chain, OrgType
from service.domain.profile import Profile
from service.storage import audit
from service.storage.audit import Entry, Subject
from service.storage.db import reading
from service.storage.organisations import organisation_leaders, organisation_lists, organisation_records, organisations
from service.storage.organisations.organisation_leaders import Leader
from service.storage.organisations.organisation_lists import Counts
from service.storage.organisations.organisation_records import OrganisationRecord
from service.use_cases.deployment import Deployment
from service.use_cases.organisations.chains import require_chain


@dataclass(frozen=True, slots=True)
class Offers:
    """What this person may do to an organisation, as far as his role says; a lock may still stand in the way."""

    edit: bool
    dissolve: bool
    apply: bool
    configure: bool
    create: tuple[OrgType, ...]


@dataclass(frozen=True, slots=True)
class OrganisationView:
    """A record with the chain up to the root, who leads it, and what is offered."""

    record: OrganisationRecord
    chain: Chain
    leaders: Sequence[Leader]
    offers: Offers


def show_record(code: str, *, actor: Actor, deployment: Deployment) -> OrganisationView:
    """The whole record; refuses E_ORG_NOT_FOUND, E_FORBIDDEN, E_ORG_OUT_OF_SCOPE for what lies outside (R-039)."""
    with reading():
        chain = require_chain(code)
        organisation_changes.require_in_reach(actor, chain)
        record = organisation_records.get(code)
        assert record is not None  # noqa: S101 - it has a chain
        leaders = organisation_leaders.of_organisation(record.id)
        return OrganisationView(record, chain, leaders, offers(actor, chain, deployment.profile))


def count_organisation(code: str, *, actor: Actor) -> Counts:
    """Members by kind in it and below, organisations by type below it (R-011); refuses as `show_record`."""
    with reading():
        chain = require_chain(code)
        organisation_changes.require_in_reach(actor, chain)
        return organisation_lists.counts(organisations.path_of(chain[0].id))


def show_changes(code: str, *, actor: Actor, limit: int = 20, below: int | None = None) -> tuple[Entry, ...]:
    """What was changed about it, the newest first; refuses as `show_record`."""
    with reading():
        chain = require_chain(code)
        organisation_changes.require_in_reach(actor, chain)
        subject = Subject("organisation", code, chain[0].id)
        return tuple(audit.of_subject(subject, limit=limit, below=below))


def offers(actor: Actor, chain: Chain, profile: Profile) -> Offers:
    """What the acting role may do here."""
    keeps = _is_allowed(lambda: organisation_changes.require_may_keep(actor, chain, profile))
    is_active = _is_allowed(lambda: organisation_changes.require_active(chain[0]))
    return Offers(
        edit=keeps,
        dissolve=keeps and len(chain) > 1 and not chain[0].is_holding_node,
        apply=len(chain) > 1 and _is_allowed(lambda: organisation_changes.require_may_apply(actor, chain)),
        configure=is_active and _is_allowed(lambda: permissions.require_configurable(actor, chain)),
        create=organisation_changes.types_below(chain[0].org_type) if is_active else (),
    )


def _is_allowed(rule: Callable[[], None]) -> bool:
    try:
        rule()
    except Refused:
        return False
    return True
