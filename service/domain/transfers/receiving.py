"""Taking the member in: the branch, the filled-in steps below a committee, the move (R-117–R-122, R-047)."""

from dataclasses import replace

from service.domain.errors import Refused
from service.domain.organisations import tree
from service.domain.organisations.organisations import Chain, Organisation, OrgRef, OrgStatus, OrgType
from service.domain.profile import Profile
from service.domain.routes.hops import APPLICATION, Fill, Hop, HopRole, HopState, MadeBy, Side
from service.domain.routes.varieties import Variety
from service.domain.transfers.actions import Action
from service.domain.transfers.context import Context
from service.domain.transfers.effects import BranchChosen, Effect, HopDecided, MembershipLeft, MembershipMoved, RouteSet
from service.domain.transfers.progress import WAITING, Advance, decide, done_state

_MOVING_ROLES = {
    "receive": frozenset({HopRole.RECEIVE}),
    "report_in": frozenset({HopRole.CONFIRM_REPORT_IN, HopRole.REPORT_IN}),
}
_PLACING = frozenset({"committee", "county_scope_holder"})
"""Values of `receive.by` under which a committee places the member in a branch."""
_LEAVING_ROLES = frozenset({HopRole.CLOSE, HopRole.CONFIRM_OUTSIDE, HopRole.RECORD_RECEIPT})


def accept(context: Context) -> Advance:
    """Decide the current hop in the affirmative; a receipt also settles the branch."""
    advance = Advance(context)
    here = context.transfer.position
    if context.decision.action is Action.RECEIVE and context.transfer.hop.role is not HopRole.RECEIVE:
        _take_over(advance)
    hop = advance.context.transfer.hop
    if hop.role is HopRole.RECEIVE:
        advance.add(BranchChosen(settle_branch(advance.context).ref))
    elif hop.role in APPLICATION and start_receives(advance.context):
        advance.add(BranchChosen(branch_of_start(advance.context)))
    advance.add(HopDecided(here, done_state(hop.role)))
    return advance


def fill_in_below(advance: Advance) -> None:
    """Decide the steps that the system fills in below a committee that received (R-120)."""
    transfer = advance.context.transfer
    for position in range(transfer.position + 1, len(transfer.hops)):
        hop = transfer.hops[position]
        if hop.fill is Fill.AUTO_FILLED and hop.state in WAITING:
            decide(advance, position, HopState.AUTO_FILLED, is_automatic=True)


def is_membership_due(context: Context) -> bool:
    """Whether the hop just decided is the one at which the membership moves (C-31, 4.6)."""
    role = context.transfer.hop.role
    if role in _LEAVING_ROLES:
        return True
    if context.transfer.hop.state is HopState.PENDING:
        return False
    if role in APPLICATION and start_receives(context):
        return _moves_at_receipt(context)
    return role in _MOVING_ROLES[context.profile.choice("membership.moves_at")]


def start_receives(context: Context) -> bool:
    """Whether the start is the receipt already: the initiator moves members between his own branches (R-154, A-22)."""
    initiates = context.profile.choice("route.internal_turn") == "initiator"
    return (
        initiates
        and context.transfer.variety is Variety.INTERNAL
        and not any(hop.role is HopRole.RECEIVE for hop in context.transfer.hops)
    )


def branch_of_start(context: Context) -> OrgRef:
    """The branch that such a start places the member in; refuses E_TARGET_PRECISION where the target is none."""
    target = context.lineage.target
    if target is None or not target[0].is_branch:
        raise Refused("E_TARGET_PRECISION", field="target")
    return target[0].ref


def place_at_start(context: Context) -> tuple[Effect, ...]:
    """Place the member with the start; refuses E_TARGET_PRECISION (R-154)."""
    branch = branch_of_start(context)
    return (BranchChosen(branch), *((MembershipMoved(branch),) if _moves_at_receipt(context) else ()))


def has_moved(context: Context) -> bool:
    """Whether the membership has moved although the member is still to report in (C-31)."""
    is_received = any(hop.state is HopState.RECEIVED for hop in context.transfer.hops)
    return _moves_at_receipt(context) and (is_received or start_receives(context))


def _moves_at_receipt(context: Context) -> bool:
    return context.profile.choice("membership.moves_at") == "receive"


def move(context: Context) -> Effect:
    """Move the membership to the branch, or out of the system (R-047, R-127)."""
    transfer = context.transfer
    if transfer.is_outside:
        return MembershipLeft()
    branch = transfer.branch or transfer.hop.org
    assert branch is not None
    return MembershipMoved(branch)


def settle_branch(context: Context) -> Organisation:
    """Find the branch that takes the member in.

    Refuses E_REQUIRED_FIELD when the receiver has to choose one and did not, E_TARGET_NOT_SUBORDINATE when
    it is not his, E_SAME_BRANCH when the member would stay where he is, E_TARGET_NOT_ALLOWED when it is no branch to
    move to, E_ADJUST_BEFORE_RECEIVE when the letter's receiver is no branch (R-069, R-117, R-118).
    """
    receiver = _receiver(context)
    chosen = context.decision.branch
    if context.profile.choice("receive.by") not in _PLACING:
        return _branch_of_letter(context, receiver)
    if receiver.is_branch:
        return receiver
    if chosen is None:
        target = context.lineage.target
        if target is None or not target[0].is_branch:
            raise Refused("E_REQUIRED_FIELD", field="branch")
        chosen = target
    if not may_place(chosen, receiver, context.profile):
        raise _not_there("E_TARGET_NOT_SUBORDINATE", chosen[0])
    if chosen[0].ref == context.transfer.origin:
        raise _not_there("E_SAME_BRANCH", chosen[0])
    if chosen[0].is_functional or chosen[0].status is OrgStatus.DISSOLVED:
        raise _not_there("E_TARGET_NOT_ALLOWED", chosen[0])
    return chosen[0]


def chooses_branch(context: Context) -> bool:
    """Whether the receiver places the member in a branch of his choice (R-117, A-45)."""
    if context.transfer.hop.role is not HopRole.RECEIVE or context.profile.choice("receive.by") not in _PLACING:
        return False
    return not _receiver(context).is_branch


def needs_branch(context: Context) -> bool:
    """Whether he must name the branch, as the letter names none."""
    target = context.lineage.target
    return chooses_branch(context) and (target is None or not target[0].is_branch)


def may_place(branch: Chain, receiver: Organisation, profile: Profile) -> bool:
    """May this receiver place a member in this branch?"""
    below = tree.upwards(branch, to=receiver)[:-1]
    if not below or not below[0].is_branch:
        return False
    if profile.choice("receive.by") != "county_scope_holder":
        return True
    return len(below) == 1 or (len(below) == 2 and below[1].is_plain_general_branch)  # noqa: PLR2004


def primary_committee(context: Context) -> str | None:
    """Code of the primary committee of the receiving leg, which may receive for its branch (R-119)."""
    target = context.lineage.target
    if target is None or context.transfer.target.org is None:
        return None
    for org in target:
        if org.org_type in _PRIMARY_TYPES:
            return org.code
    return None


_FILLED_ROLES = frozenset({HopRole.APPROVE, HopRole.RECEIVE})
_PRIMARY_TYPES = frozenset({OrgType.PRIMARY_COMMITTEE, OrgType.WORKING_COMMITTEE})


def _not_there(code: str, branch: Organisation) -> Refused:
    return Refused(code, field="branch", detail_zh=f"“{branch.name}”", detail_en=branch.code)


def _receiver(context: Context) -> Organisation:
    hop = context.transfer.hop
    assert hop.org is not None
    return context.organisation(hop.org)


def _branch_of_letter(context: Context, receiver: Organisation) -> Organisation:
    if receiver.is_branch:
        return receiver
    last = context.lineage.target
    if last is not None and last[0].is_branch and context.transfer.target.org == last[0].ref:
        return last[0]
    raise Refused("E_ADJUST_BEFORE_RECEIVE")


def _take_over(advance: Advance) -> None:
    # 4.4 step 12: the committee's own hop receives, every later hop of the leg is filled in; who has to report in
    # still has to.
    transfer = advance.context.transfer
    here = transfer.position
    later = tuple(
        replace(hop, fill=Fill.AUTO_FILLED, made_by=MadeBy.AUTO_FILLED) if hop.role in _FILLED_ROLES else hop
        for hop in transfer.hops[here + 1 :]
    )
    hop = transfer.hop
    received = Hop(hop.org, HopRole.RECEIVE, Side.RECEIVING, hop.fill, hop.made_by, hop.state)
    advance.add(RouteSet(here, (received, *later)))
