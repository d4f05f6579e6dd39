"""An administrator whose own transfer comes before him (R-100)."""

from service.domain.accounts.actors import Actor
from service.domain.transfers import judging
from service.domain.transfers.context import Context
from service.storage.accounts import grants


def is_barred(context: Context, actor: Actor) -> bool:
    """Whether he would decide on his own transfer although another administrator of the organisation could."""
    if actor.org is None or not judging.decides_own(context, actor):
        return False
    return grants.has_other_admin(actor.org.id, actor.account_id)
