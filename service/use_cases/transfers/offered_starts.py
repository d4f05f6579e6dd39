"""What the acting role may start, so that nobody is offered a form that will be refused (R-050, R-137)."""

from enum import StrEnum

from service.domain.accounts.actors import Actor
from service.domain.errors import Refused
from service.domain.profile import Profile
from service.storage.db import reading
from service.use_cases.transfers.opening import starting_of


class Start(StrEnum):
    """Ways to start a transfer."""

    OUTGOING = "outgoing"
    INCOMING = "incoming"


def offered_starts(actor: Actor, *, profile: Profile) -> frozenset[Start]:
    """The ways open to this role; whether a certain member may be moved is asked later."""
    return frozenset(start for start in Start if _is_open(start, actor, profile))


def require_start(start: Start, actor: Actor, *, profile: Profile) -> None:
    """Refuse E_START_NOT_ALLOWED or E_NO_TRANSFER_PERMISSION."""
    with reading():
        starting_of(actor, profile, is_incoming=start is Start.INCOMING)


def _is_open(start: Start, actor: Actor, profile: Profile) -> bool:
    try:
        require_start(start, actor, profile=profile)
    except Refused:
        return False
    return True
