"""Who may see a transfer: the member, the organisations of its route, those above origin, target and branch (R-039).

Auditors see all transfers of their scope and decide nothing (R-217). Who keeps the system running sees none: what he
mends he knows by its number.
"""

from service.domain.accounts.actors import Actor
from service.domain.accounts.roles import Role
from service.domain.errors import Refused
from service.domain.organisations import tree
from service.domain.organisations.organisations import Organisation
from service.domain.profile import Profile
from service.domain.transfers import bystanders
from service.domain.transfers.context import Context, Lineage
from service.domain.transfers.transfers import Transfer


def require_visible(context: Context, actor: Actor) -> None:
    """Refuse E_NOT_FOUND what is out of the actor's sight, and as `require_progress` what is his own."""
    if not is_visible(context, actor):
        raise Refused("E_NOT_FOUND")
    require_progress(actor, context.profile)


def require_progress(actor: Actor, profile: Profile) -> None:
    """Refuse E_FORBIDDEN to a member where members do not follow their transfers (R-081, C-64)."""
    if not follows_progress(actor, profile):
        raise Refused("E_FORBIDDEN")


def follows_progress(actor: Actor, profile: Profile) -> bool:
    """Whether this role has a view of transfers under way; only members may have none."""
    return actor.role is not Role.MEMBER or profile.flag("progress.member_view")


def is_visible(context: Context, actor: Actor) -> bool:
    """Whether the actor may see the transfer."""
    transfer, lineage = context.transfer, context.lineage
    if actor.role is Role.AUDITOR:
        return is_of_scope(transfer, lineage, actor)
    if bystanders.is_applicant(transfer, actor):
        return True
    if actor.member_id is not None and actor.member_id == transfer.member_id:
        return True
    org = actor.org
    if org is None or not actor.decides_for_org:
        return False
    return _takes_part(transfer, org) or _lies_above(transfer, lineage, org)


def require_party(context: Context, actor: Actor) -> None:
    """Refuse E_NOT_FOUND what is out of sight, E_FORBIDDEN what is in sight of others than its parties (R-197)."""
    require_visible(context, actor)
    if not is_party(context, actor):
        raise Refused("E_FORBIDDEN")


def is_party(context: Context, actor: Actor) -> bool:
    """Whether the actor is one of those whom the transfer is between: the member, who applied, who has a hop of it."""
    transfer = context.transfer
    if bystanders.is_applicant(transfer, actor):
        return True
    if actor.member_id is not None and actor.member_id == transfer.member_id:
        return True
    return actor.org is not None and actor.decides_for_org and _takes_part(transfer, actor.org)


def require_auditor(actor: Actor) -> None:
    """Refuse E_FORBIDDEN to whoever does not act as an auditor (R-215)."""
    if actor.role is not Role.AUDITOR:
        raise Refused("E_FORBIDDEN")


def require_of_scope(transfer: Transfer, lineage: Lineage, actor: Actor) -> None:
    """Refuse E_NOT_FOUND what is not of an auditor's scope (R-217)."""
    if not is_of_scope(transfer, lineage, actor):
        raise Refused("E_NOT_FOUND")


def is_of_scope(transfer: Transfer, lineage: Lineage, actor: Actor) -> bool:
    """Whether an auditor may read the transfer: all of them, or those that touch his organisation or one below it."""
    org = actor.org
    if org is None or _takes_part(transfer, org) or _lies_above(transfer, lineage, org):
        return True
    return any(tree.contains(lineage.chain(hop.org.code), org) for hop in transfer.hops if hop.org)


def _takes_part(transfer: Transfer, org: Organisation) -> bool:
    return any(hop.code == org.code for hop in transfer.hops)


def _lies_above(transfer: Transfer, lineage: Lineage, org: Organisation) -> bool:
    # Where a committee placed the member, those between it and his branch have him on their list too.
    placed = lineage.chain(transfer.branch.code) if transfer.branch else None
    chains = (lineage.origin, lineage.target if transfer.target.org else None, placed)
    return any(chain is not None and tree.contains(chain, org) for chain in chains)
