"""Who may see a transfer: the member, the organisations of its route, and those above origin and target (R-039)."""

from service.domain import bystanders, tree
from service.domain.actors import Actor
from service.domain.context import Context
from service.domain.errors import Refused
from service.domain.roles import Role

_SEE_ALL = frozenset({Role.AUDITOR, Role.SYSTEM_ADMIN})


def require_visible(context: Context, actor: Actor) -> None:
    """Refuse E_NOT_FOUND what is out of the actor's sight."""
    if not is_visible(context, actor):
        raise Refused("E_NOT_FOUND")


def is_visible(context: Context, actor: Actor) -> bool:
    """Whether the actor may see the transfer."""
    transfer, lineage = context.transfer, context.lineage
    if actor.role in _SEE_ALL or bystanders.is_applicant(transfer, actor):
        return True
    if actor.member_id is not None and actor.member_id == transfer.member_id:
        return True
    org = actor.org
    if org is None or not actor.decides_for_org:
        return False
    if any(hop.code == org.code for hop in transfer.hops):
        return True
    chains = (lineage.origin, lineage.target if transfer.target.org else None)
    return any(chain is not None and tree.contains(chain, org) for chain in chains)
