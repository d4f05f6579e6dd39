"""A hop: one organisation's turn in a route (requirements 1.7, 4.4, R-087)."""

from dataclasses import dataclass
from enum import StrEnum

from service.domain.organisations.organisations import OrgRef


class HopRole(StrEnum):
    """What the organisation of the hop has to do."""

    START = "START"
    APPLY = "APPLY"
    APPROVE = "APPROVE"
    RECEIVE = "RECEIVE"
    CONFIRM_REPORT_IN = "CONFIRM_REPORT_IN"
    REPORT_IN = "REPORT_IN"
    CLOSE = "CLOSE"
    CONFIRM_OUTSIDE = "CONFIRM_OUTSIDE"
    RECORD_RECEIPT = "RECORD_RECEIPT"


class Fill(StrEnum):
    """Whether a person decides the hop, or the system does so by rule."""

    NORMAL = "NORMAL"
    AUTO = "AUTO"
    AUTO_FILLED = "AUTO_FILLED"


class Side(StrEnum):
    """Losing side, gaining side, or what follows a transfer outside."""

    HOME = "HOME"
    RECEIVING = "RECEIVING"
    TAIL = "TAIL"


class MadeBy(StrEnum):
    """How the hop came into the route (R-087)."""

    GENERATED = "GENERATED"
    AUTO_FILLED = "AUTO_FILLED"
    RE_ROUTED = "RE_ROUTED"


class HopState(StrEnum):
    """State of a hop (requirements 1.7); what is ahead or open is PENDING."""

    PENDING = "PENDING"
    APPROVED = "APPROVED"
    AUTO_APPROVED = "AUTO_APPROVED"
    AUTO_FILLED = "AUTO_FILLED"
    RETURNED = "RETURNED"
    RECEIVED = "RECEIVED"
    REPORTED_IN = "REPORTED_IN"
    SKIPPED = "SKIPPED"


APPLICATION = frozenset({HopRole.APPLY, HopRole.START})
"""Roles of the hop at which a transfer is applied for."""
DONE_BY_SYSTEM = frozenset({HopState.AUTO_APPROVED, HopState.AUTO_FILLED})
HANDLED = frozenset({HopState.APPROVED, HopState.RETURNED, HopState.RECEIVED, HopState.REPORTED_IN})
"""States of a hop that its organisation decided itself; what the system did by rule is not its work (R-157, R-175)."""


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a route; `org` is None for the applicant in front and for a branch not chosen yet."""

    org: OrgRef | None
    role: HopRole
    side: Side
    fill: Fill = Fill.NORMAL
    made_by: MadeBy = MadeBy.GENERATED
    state: HopState = HopState.PENDING

    @property
    def step(self) -> str:
        """Id of the user task in which a person takes this hop."""
        if self.role is HopRole.APPROVE:
            return "decide_home" if self.side is not Side.RECEIVING else "decide_receiving"
        return _STEPS[self.role]

    @property
    def code(self) -> str | None:
        """Code of the organisation, if there is one."""
        return self.org.code if self.org else None


_STEPS = {
    HopRole.START: "apply",
    HopRole.APPLY: "apply",
    HopRole.RECEIVE: "receive",
    HopRole.CONFIRM_REPORT_IN: "confirm_report_in",
    HopRole.REPORT_IN: "report_in",
    HopRole.CLOSE: "close",
    HopRole.CONFIRM_OUTSIDE: "confirm_outside",
    HopRole.RECORD_RECEIPT: "record_receipt",
}
STEPS = ("apply", "decide_home", "decide_receiving", *dict.fromkeys(list(_STEPS.values())[2:]))
"""Ids of all user tasks that a diagram may hold."""
