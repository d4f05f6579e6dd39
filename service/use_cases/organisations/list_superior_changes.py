"""Applications for another superior: those to decide, those decided, and one's own (R-203)."""

from collections.abc import Sequence
from dataclasses import dataclass

from service.domain.accounts.actors import Actor
from service.domain.errors import Refused
from service.storage.db import reading
from service.storage.organisations import superior_changes
from service.storage.organisations.superior_changes import SuperiorChange
from service.use_cases.organisations.change_superior import is_seen

MOST = 200


@dataclass(frozen=True, slots=True)
class SuperiorChanges:
    """The applications that concern an organisation."""

    to_decide: Sequence[SuperiorChange]
    decided: Sequence[SuperiorChange]
    own: Sequence[SuperiorChange]


def list_superior_changes(*, actor: Actor, limit: int = MOST) -> SuperiorChanges:
    """The newest of each list, of those to decide the oldest; refuses E_FORBIDDEN."""
    if not actor.decides_for_org or actor.org is None:
        raise Refused("E_FORBIDDEN")
    with reading():
        return SuperiorChanges(
            superior_changes.to_decide(actor.org.id, limit=limit),
            superior_changes.decided_by_organisation(actor.org.id, limit=limit),
            superior_changes.of_applicant(actor.org.id, limit=limit),
        )


def show_superior_change(change_id: int, *, actor: Actor) -> SuperiorChange:
    """One application; refuses E_NOT_FOUND for what this person may not know of."""
    with reading():
        change = superior_changes.get(change_id)
        if change is None or not is_seen(change, actor):
            raise Refused("E_NOT_FOUND")
        return change
