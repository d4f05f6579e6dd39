"""Action codes and which of them a hop offers in a profile (requirements 1.9, 4.6)."""

from collections.abc import Iterable
from enum import StrEnum

from service.domain.letters.letter_editing import has_draft, saves_letter
from service.domain.organisations.organisations import Organisation, OrgType
from service.domain.profile import Profile
from service.domain.routes.hops import APPLICATION, Hop, HopRole, Side
from service.domain.routes.varieties import Variety
from service.domain.transfers.transfers import Transfer


class Action(StrEnum):
    """Codes of what a person may do to a transfer; the fact `decision` holds one of them."""

    SUBMIT = "submit"
    APPROVE = "approve"
    APPROVE_IN_CITY = "approve_in_city"
    APPROVE_OUT_OF_CITY = "approve_out_of_city"
    APPROVE_AND_ISSUE = "approve_and_issue"
    SAVE_LETTER = "save_letter"
    DISAPPROVE = "disapprove"
    REJECT = "reject"
    RETURN = "return"
    CHANGE_TARGET = "change_target"
    ADJUST_RECEIVER = "adjust_receiver"
    RECEIVE = "receive"
    CONFIRM_REPORT_IN = "confirm_report_in"
    REPORT_IN = "report_in"
    CONFIRM_OUTSIDE = "confirm_outside"
    OBJECT = "object"
    RETURN_UNREPORTED = "return_unreported"
    CLOSE = "close"
    REVOKE = "revoke"
    WITHDRAW_APPLICATION = "withdraw_application"
    WITHDRAW_APPROVAL = "withdraw_approval"
    RECALL_LETTER = "recall_letter"
    VOID = "void"
    RECORD_RECEIPT = "record_receipt"


APPROVALS = frozenset(
    {
        Action.APPROVE,
        Action.APPROVE_IN_CITY,
        Action.APPROVE_OUT_OF_CITY,
        Action.APPROVE_AND_ISSUE,
    }
)
CITY_APPROVALS = frozenset({Action.APPROVE_IN_CITY, Action.APPROVE_OUT_OF_CITY})
"""Approvals that also name the category of the transfer (R-093)."""
NEGATIVE = frozenset(
    {
        Action.DISAPPROVE,
        Action.REJECT,
        Action.RETURN,
        Action.OBJECT,
        Action.RETURN_UNREPORTED,
    }
)
ONWARD = APPROVALS | {
    Action.SUBMIT,
    Action.SAVE_LETTER,
    Action.RECEIVE,
    Action.CONFIRM_REPORT_IN,
    Action.REPORT_IN,
    Action.CLOSE,
    Action.CONFIRM_OUTSIDE,
    Action.RECORD_RECEIPT,
}
"""Actions that take the transfer on to its next step."""
ACTION_TITLES: dict[Action, tuple[str, str]] = {
    Action.SUBMIT: ("提交", "Submit"),
    Action.APPROVE: ("同意", "Approve"),
    Action.APPROVE_IN_CITY: ("同意市内接转", "Approve in-city"),
    Action.APPROVE_OUT_OF_CITY: ("同意转出京外", "Approve out-of-city"),
    Action.APPROVE_AND_ISSUE: ("同意并开新信", "Approve and issue letter"),
    Action.SAVE_LETTER: ("保存介绍信", "Save letter"),
    Action.DISAPPROVE: ("不同意", "Disapprove"),
    Action.REJECT: ("驳回", "Reject"),
    Action.RETURN: ("退件", "Return"),
    Action.CHANGE_TARGET: ("更改", "Change target"),
    Action.ADJUST_RECEIVER: ("调整接收党组织", "Adjust receiver"),
    Action.RECEIVE: ("接收", "Receive"),
    Action.CONFIRM_REPORT_IN: ("确认报到", "Confirm report-in"),
    Action.REPORT_IN: ("报到", "Report in"),
    Action.CONFIRM_OUTSIDE: ("确认报到（转出）", "Confirm report-in outside"),
    Action.OBJECT: ("异议反馈", "Object"),
    Action.RETURN_UNREPORTED: ("退回", "Return unreported"),
    Action.CLOSE: ("办结", "Close"),
    Action.REVOKE: ("撤销", "Revoke"),
    Action.WITHDRAW_APPLICATION: ("撤回申请", "Withdraw application"),
    Action.WITHDRAW_APPROVAL: ("撤回审批", "Withdraw approval"),
    Action.RECALL_LETTER: ("撤回介绍信", "Recall letter"),
    Action.VOID: ("作废", "Void"),
    Action.RECORD_RECEIPT: ("录入回执", "Record receipt"),
}
"""What the buttons say, in Chinese and in English."""

AUTOMATIC_TITLES = {
    "auto_approve": ("自动审核", "Approved automatically"),
    "auto_fill": ("自动补齐", "Filled in by the system"),
    "return_through": ("退回经过", "Passed on its way back"),
}
"""What the system does by itself, as history names it."""
AFTERWARDS_TITLES = {"retrieve": ("找回", "Retrieve")}
"""What is noted behind the end of a transfer that moves no more."""


def action_titles(code: str) -> tuple[str, str]:
    """What an action of a person or of the system is called, in Chinese and in English."""
    return AUTOMATIC_TITLES.get(code) or AFTERWARDS_TITLES.get(code) or ACTION_TITLES[Action(code)]


_CITY_APPROVERS = frozenset(set(OrgType) - {OrgType.BRANCH, OrgType.DIRECT_BRANCH})


def negative_action(profile: Profile) -> Action:
    """How this profile says no: disapprove, return or reject."""
    if profile.choice("reject.mode") == "unwind_to_initiator":
        return Action.DISAPPROVE
    if profile.choice("letter.per_hop") == "every_hop":
        return Action.RETURN
    return Action.REJECT


def offered_to_holder(
    transfer: Transfer, org: Organisation | None, primary: str | None, profile: Profile
) -> tuple[Action, ...]:
    """List what the holder of the current hop may do, as 4.6 says.

    `org` is the holder as it was when the route was planned (None for the applicant), `primary` the code
    of the primary committee of the receiving leg.
    """
    hop = transfer.hop
    if has_draft(transfer):
        return (Action.SAVE_LETTER, negative_action(profile))
    if hop.role in APPLICATION:
        return tuple(_at_application(hop, profile))
    if hop.role is HopRole.APPROVE:
        saves = (Action.SAVE_LETTER,) if saves_letter(transfer, org, profile) else ()
        return (*_approving(transfer, org, primary, profile), *saves, negative_action(profile))
    if hop.role is HopRole.RECEIVE:
        return (*_receiving(org, profile), negative_action(profile))
    if hop.role is HopRole.CLOSE:
        return (Action.CLOSE, negative_action(profile), *_changing(profile))
    return _LATE_ACTIONS[hop.role]


_LATE_ACTIONS: dict[HopRole, tuple[Action, ...]] = {
    HopRole.CONFIRM_REPORT_IN: (Action.CONFIRM_REPORT_IN, Action.OBJECT),
    HopRole.REPORT_IN: (Action.REPORT_IN,),
    HopRole.CONFIRM_OUTSIDE: (Action.CONFIRM_OUTSIDE,),
    HopRole.RECORD_RECEIPT: (Action.RECORD_RECEIPT,),
}


def _at_application(hop: Hop, profile: Profile) -> Iterable[Action]:
    # Where the start always is the starter's own approval, it issues its letter anew like any other (4.6, shandong).
    approves = hop.role is HopRole.START and profile.choice("start.counts_as_approval") == "always"
    issues = approves and profile.choice("letter.per_hop") == "every_hop"
    yield Action.APPROVE_AND_ISSUE if issues else Action.SUBMIT
    if profile.flag("void.at_application"):
        yield Action.VOID
    is_incoming = hop.side is Side.RECEIVING
    if is_incoming and profile.choice("change_target.mode") == "subordinates_only":
        yield Action.ADJUST_RECEIVER


def _approving(transfer: Transfer, org: Organisation | None, primary: str | None, profile: Profile) -> Iterable[Action]:
    letters = profile.choice("letter.per_hop")
    in_cities = (
        letters == "per_authority"
        and transfer.hop.side is not Side.RECEIVING
        and transfer.variety is not Variety.INTERNAL
        and org is not None
        and org.org_type in _CITY_APPROVERS
    )
    if in_cities:
        yield from (Action.APPROVE_IN_CITY, Action.APPROVE_OUT_OF_CITY)
    else:
        yield Action.APPROVE_AND_ISSUE if letters == "every_hop" else Action.APPROVE
    yield from _changing(profile)
    if transfer.hop.side is Side.RECEIVING:
        if profile.choice("change_target.mode") == "subordinates_only":
            yield Action.ADJUST_RECEIVER
        by_committee = profile.choice("receive.by") == "branch_or_committee"
        if by_committee and org is not None and org.code == primary:
            yield Action.RECEIVE


def _receiving(org: Organisation | None, profile: Profile) -> Iterable[Action]:
    # Where report-in is a step of its own, taking the member in is called an approval (4.6, fujian).
    is_step = profile.choice("report_in.mode") == "step"
    yield Action.APPROVE if is_step else Action.RECEIVE
    yield from _changing(profile)
    adjusts = profile.choice("change_target.mode") == "subordinates_only"
    if adjusts and org is not None and not org.is_branch:
        yield Action.ADJUST_RECEIVER


def _changing(profile: Profile) -> Iterable[Action]:
    if profile.choice("change_target.mode") == "reroute_anywhere":
        yield Action.CHANGE_TARGET
