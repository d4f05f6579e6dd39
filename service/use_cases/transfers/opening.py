"""The door of every start: who acts, and may he start at all? (R-050, R-137, R-227 groups 1 and 2)"""

from dataclasses import dataclass
from datetime import date, datetime

from service.domain.accounts.actors import Actor
from service.domain.accounts.roles import Role
from service.domain.applying import starts
from service.domain.clock import local_date
from service.domain.errors import Refused
from service.domain.organisations.organisations import Chain
from service.domain.profile import Profile
from service.storage.organisations import organisations
from service.use_cases.deployment import Deployment


@dataclass(frozen=True, slots=True)
class Opened:
    """A start that its actor may ask for; only `open_start` makes it.

    `starting` is up(s) of the acting organisation, None when the member acts for himself.
    """

    actor: Actor
    starting: Chain | None
    now: datetime
    deployment: Deployment

    @property
    def profile(self) -> Profile:
        """The rules of the system."""
        return self.deployment.profile

    @property
    def today(self) -> date:
        """The date at the border."""
        return local_date(self.now)


def open_start(actor: Actor, *, now: datetime, deployment: Deployment, is_incoming: bool = False) -> Opened:
    """Open the door, inside a change or a reading; refuses E_START_NOT_ALLOWED, E_NO_TRANSFER_PERMISSION."""
    return Opened(actor, starting_of(actor, deployment.profile, is_incoming=is_incoming), now, deployment)


def starting_of(actor: Actor, profile: Profile, *, is_incoming: bool = False) -> Chain | None:
    """up(s) of an actor who may start; refuses E_START_NOT_ALLOWED, E_NO_TRANSFER_PERMISSION."""
    starting = None
    if actor.role is not Role.MEMBER:
        if not actor.decides_for_org or actor.org is None:
            raise Refused("E_START_NOT_ALLOWED")
        starting = organisations.chain(actor.org.code)
    starts.check_right(starting, profile, is_incoming=is_incoming)
    return starting
