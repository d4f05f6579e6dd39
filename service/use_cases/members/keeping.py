"""The member whose record is looked at or changed, and whether this actor may (R-039, R-210)."""

from service.domain.accounts.actors import Actor
from service.domain.errors import Refused
from service.domain.members import member_keeping
from service.domain.organisations.organisations import Chain
from service.storage.members import members, record_keepers
from service.storage.members.members import Person
from service.storage.organisations import organisations
from service.use_cases.deployment import Deployment


def seen(member_id: int, actor: Actor, deployment: Deployment) -> tuple[Person, Chain]:
    """A member below the acting organisation with up(branch); refuses E_FORBIDDEN, E_NOT_FOUND."""
    person = members.by_id(member_id, deployment.vault)
    chain = organisations.chain(person.branch_code) if person is not None and person.branch_code else ()
    member_keeping.require_seen(actor, chain)
    if person is None:
        raise Refused("E_NOT_FOUND")
    return person, chain


def kept(member_id: int, actor: Actor, deployment: Deployment) -> Person:
    """The same for who may change it; refuses E_FORBIDDEN to a branch without authorisation."""
    person, chain = seen(member_id, actor, deployment)
    member_keeping.require_may_edit(actor, chain, is_authorised=is_authorised(actor))
    return person


def is_authorised(actor: Actor) -> bool:
    """Whether the acting organisation was authorised to keep records."""
    return actor.org is not None and record_keepers.is_authorised(actor.org.id)
