"""A transfer as one immutable value: what it is, where it stands and the hops of its route (requirements 1.7)."""

from dataclasses import dataclass
from enum import StrEnum

from service.domain.letters.letters import OpenLetter
from service.domain.organisations.organisations import OrgRef
from service.domain.routes.hops import Hop, HopRole
from service.domain.routes.varieties import InType, OutType, Variety


class TransferState(StrEnum):
    """State of a transfer."""

    DRAFT = "DRAFT"
    IN_PROGRESS = "IN_PROGRESS"
    RETURNED_TO_APPLICANT = "RETURNED_TO_APPLICANT"
    AWAITING_REPORT_IN = "AWAITING_REPORT_IN"
    AWAITING_RECEIPT = "AWAITING_RECEIPT"
    AWAITING_OUTSIDE_CONFIRMATION = "AWAITING_OUTSIDE_CONFIRMATION"
    COMPLETED = "COMPLETED"
    VOIDED = "VOIDED"
    REVOKED = "REVOKED"

    @property
    def is_final(self) -> bool:
        """Whether the transfer never moves again."""
        return self in _FINAL


_FINAL = frozenset({TransferState.COMPLETED, TransferState.VOIDED, TransferState.REVOKED})
STATE_OF_ROLE = {
    HopRole.CONFIRM_REPORT_IN: TransferState.AWAITING_REPORT_IN,
    HopRole.REPORT_IN: TransferState.AWAITING_REPORT_IN,
    HopRole.RECORD_RECEIPT: TransferState.AWAITING_RECEIPT,
    HopRole.CONFIRM_OUTSIDE: TransferState.AWAITING_OUTSIDE_CONFIRMATION,
}
"""State that a transfer has while a hop of this role is open; IN_PROGRESS for all others (4.6)."""


class Cause(StrEnum):
    """Why a transfer stands at the applicant again."""

    REJECTED = "REJECTED"
    WITHDRAWN = "WITHDRAWN"


@dataclass(frozen=True, slots=True)
class Target:
    """Where the member shall end up: an organisation of the tree, or a name typed by hand."""

    org: OrgRef | None = None
    text: str = ""

    @property
    def name(self) -> str:
        """The name to show."""
        return self.org.name if self.org else self.text


@dataclass(frozen=True, slots=True)
class Transfer:
    """The whole of a transfer as the rules see it.

    `starter` is None when the member applied himself. `position` is the index of the current hop in
    `hops`, -1 before the route is planned; everything before it is decided, everything after it is not.
    `branch` is the branch chosen at the receipt. `letter` is the letter that travels now.
    """

    variety: Variety
    member_id: int
    origin: OrgRef | None
    target: Target
    starter: OrgRef | None
    out_type: OutType | None = None
    in_type: InType | None = None
    state: TransferState = TransferState.DRAFT
    cause: Cause | None = None
    position: int = -1
    hops: tuple[Hop, ...] = ()
    branch: OrgRef | None = None
    letter: OpenLetter | None = None

    @property
    def hop(self) -> Hop:
        """The current hop; only for a transfer that is under way."""
        return self.hops[self.position]

    @property
    def is_outside(self) -> bool:
        """Whether the member leaves the system at the end."""
        return self.variety is not Variety.INCOMING and self.target.org is None

    @property
    def at_application(self) -> bool:
        """Whether it stands at the application step, sent back or withdrawn (R-078)."""
        return self.state is TransferState.RETURNED_TO_APPLICANT
