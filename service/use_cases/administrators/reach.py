"""Finding the organisation whose roles somebody wants to change, and whether he may."""

from service.domain.accounts import granting
from service.domain.accounts.actors import Actor
from service.domain.accounts.roles import ORG_ADMINS
from service.domain.organisations.organisations import Chain
from service.domain.profile import Profile
from service.storage.accounts import grants
from service.use_cases.organisations.chains import require_chain


def require_grantable(code: str, *, actor: Actor, profile: Profile) -> Chain:
    """up(x) of an organisation whose roles the actor may give and take; refuses E_ORG_NOT_FOUND and as `granting`."""
    chain = require_chain(code)
    ids = grants.are_administered([org.id for org in chain[1:]], sorted(ORG_ADMINS))
    administered = {org.code for org in chain[1:] if org.id in ids}
    granting.require_may_grant(actor, chain, profile, administered=administered)
    return chain
