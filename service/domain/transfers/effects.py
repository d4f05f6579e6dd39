"""What a script function wants to happen, as values; a transfer is the fold of its effects.

Functions return effects and perform none of them: the use case writes them in one transaction, and the
same fold explains the state in a replay.
"""

from dataclasses import dataclass, replace
from functools import singledispatch

from service.domain.letters.letters import LetterState, OpenLetter
from service.domain.organisations.organisations import OrgRef
from service.domain.routes.hops import Hop, HopRole, HopState
from service.domain.routes.varieties import OutType
from service.domain.transfers.transfers import Cause, Target, Transfer, TransferState


@dataclass(frozen=True, slots=True)
class RouteSet:
    """The hops from index `start` on are these (R-087)."""

    start: int
    hops: tuple[Hop, ...]


@dataclass(frozen=True, slots=True)
class TargetSet:
    """The member shall go elsewhere (R-113, R-114, R-116)."""

    target: Target
    out_type: OutType | None


@dataclass(frozen=True, slots=True)
class HopOpened:
    """The hop at this index is the current one and waits for a person."""

    position: int


@dataclass(frozen=True, slots=True)
class HopDecided:
    """The hop at this index has this state now."""

    position: int
    state: HopState


@dataclass(frozen=True, slots=True)
class StateSet:
    """The transfer has this state now."""

    state: TransferState
    cause: Cause | None = None


@dataclass(frozen=True, slots=True)
class LetterIssued:
    """A new letter: from the organisation of the hop to the addressee, who is None outside the tree.

    A draft waits to be completed and saved (R-094); an automatic one is written by the system.
    """

    position: int
    issuer: OrgRef
    addressee: OrgRef | None
    validity_days: int
    is_draft: bool = False
    is_automatic: bool = False


@dataclass(frozen=True, slots=True)
class LetterPassed:
    """The open letter travels on, or is saved with what was completed in it: same number, texts written anew.

    A draft becomes a letter by it (R-094); `validity_days` is None where the validity stays as it is.
    """

    position: int
    issuer: OrgRef
    addressee: OrgRef | None
    validity_days: int | None = None


@dataclass(frozen=True, slots=True)
class LetterStateSet:
    """The open letter has this state now."""

    state: LetterState


@dataclass(frozen=True, slots=True)
class LetterReturned:
    """The letter that the hop at this position wrote lies before its issuer again, with the reason (R-105)."""

    position: int
    issuer: OrgRef
    addressee: OrgRef | None


@dataclass(frozen=True, slots=True)
class BranchChosen:
    """The branch in which the receiver places the member (R-117)."""

    branch: OrgRef


@dataclass(frozen=True, slots=True)
class MembershipMoved:
    """The member belongs to this branch from now on (R-047)."""

    branch: OrgRef


@dataclass(frozen=True, slots=True)
class MembershipReturned:
    """The member belongs again where he stood before this transfer moved him: one who came in, to his holding node."""


@dataclass(frozen=True, slots=True)
class MembershipLeft:
    """The member has left the system (R-127, R-129)."""


@dataclass(frozen=True, slots=True)
class NoticeWanted:
    """Somebody is to be told: an organisation, or the applicant where `org` is None (R-192, R-193)."""

    kind: str
    org: OrgRef | None = None


Effect = (
    RouteSet
    | TargetSet
    | HopOpened
    | HopDecided
    | StateSet
    | LetterIssued
    | LetterPassed
    | LetterStateSet
    | LetterReturned
    | BranchChosen
    | MembershipMoved
    | MembershipReturned
    | MembershipLeft
    | NoticeWanted
)


@singledispatch
def apply(effect: object, transfer: Transfer) -> Transfer:  # noqa: ARG001 - the general case ignores it
    """Return the transfer as it is after the effect; notices and memberships change nothing in it."""
    return transfer


@apply.register
def _(effect: RouteSet, transfer: Transfer) -> Transfer:
    return replace(transfer, hops=transfer.hops[: effect.start] + effect.hops)


@apply.register
def _(effect: TargetSet, transfer: Transfer) -> Transfer:
    return replace(transfer, target=effect.target, out_type=effect.out_type)


@apply.register
def _(effect: HopOpened, transfer: Transfer) -> Transfer:
    opened = _with_state(transfer, effect.position, HopState.PENDING)
    return replace(opened, position=effect.position)


@apply.register
def _(effect: HopDecided, transfer: Transfer) -> Transfer:
    return _with_state(transfer, effect.position, effect.state)


@apply.register
def _(effect: StateSet, transfer: Transfer) -> Transfer:
    return replace(transfer, state=effect.state, cause=effect.cause)


@apply.register
def _(effect: LetterIssued, transfer: Transfer) -> Transfer:
    state = LetterState.DRAFT if effect.is_draft else LetterState.ISSUED
    letter = OpenLetter(effect.position, effect.issuer, effect.addressee, state)
    return replace(transfer, letter=letter)


@apply.register
def _(effect: LetterPassed, transfer: Transfer) -> Transfer:
    letter = OpenLetter(effect.position, effect.issuer, effect.addressee)
    return replace(transfer, letter=letter)


@apply.register
def _(effect: LetterStateSet, transfer: Transfer) -> Transfer:
    if transfer.letter is None:
        return transfer
    return replace(transfer, letter=replace(transfer.letter, state=effect.state))


@apply.register
def _(effect: LetterReturned, transfer: Transfer) -> Transfer:
    letter = OpenLetter(effect.position, effect.issuer, effect.addressee, LetterState.RETURNED)
    return replace(transfer, letter=letter)


@apply.register
def _(effect: BranchChosen, transfer: Transfer) -> Transfer:
    hops = tuple(replace(hop, org=effect.branch) if hop.role is HopRole.REPORT_IN else hop for hop in transfer.hops)
    return replace(transfer, branch=effect.branch, hops=hops)


def _with_state(transfer: Transfer, position: int, state: HopState) -> Transfer:
    hops = list(transfer.hops)
    hops[position] = replace(hops[position], state=state)
    return replace(transfer, hops=tuple(hops))
