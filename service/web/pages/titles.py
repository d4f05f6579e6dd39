"""What the code names of the domain are called on a page, in both languages."""

from enum import StrEnum
from functools import cache

from service.domain.accounts.account_states import AccountState
from service.domain.accounts.roles import Role
from service.domain.letters.letters import LetterState
from service.domain.members.members import MemberKind, Sex
from service.domain.routes.hops import HopRole, HopState, Side
from service.domain.routes.varieties import Variety
from service.domain.transfers.actions import action_titles
from service.domain.transfers.transfers import Cause, TransferState
from service.web.pages.language import said

TITLES: dict[StrEnum, tuple[str, str]] = {
    Variety.INTRA_COUNTY: (Variety.INTRA_COUNTY.zh, "Inside the county"),
    Variety.IN_PROVINCE: (Variety.IN_PROVINCE.zh, "Inside the province"),
    Variety.OUT_OF_PROVINCE: (Variety.OUT_OF_PROVINCE.zh, "Outside the province"),
    Variety.INCOMING: (Variety.INCOMING.zh, "Incoming"),
    Variety.INTERNAL: (Variety.INTERNAL.zh, "Internal move"),
    TransferState.DRAFT: ("草稿", "Draft"),
    TransferState.IN_PROGRESS: ("办理中", "Under way"),
    TransferState.RETURNED_TO_APPLICANT: ("退回申请环节", "Back with the applicant"),
    TransferState.AWAITING_REPORT_IN: ("未报到", "Awaiting report-in"),
    TransferState.AWAITING_RECEIPT: ("待回执", "Awaiting the receipt"),
    TransferState.AWAITING_OUTSIDE_CONFIRMATION: ("待确认报到", "Awaiting confirmation from outside"),
    TransferState.COMPLETED: ("已办结", "Completed"),
    TransferState.VOIDED: ("已作废", "Voided"),
    TransferState.REVOKED: ("已撤销", "Revoked"),
    Cause.REJECTED: ("被驳回", "Sent back"),
    Cause.WITHDRAWN: ("已撤回", "Withdrawn"),
    HopRole.START: ("发起", "Start"),
    HopRole.APPLY: ("申请", "Application"),
    HopRole.APPROVE: ("审批", "Approval"),
    HopRole.RECEIVE: ("接收", "Receiving"),
    HopRole.CONFIRM_REPORT_IN: ("确认报到", "Confirm report-in"),
    HopRole.REPORT_IN: ("登记报到", "Report-in"),
    HopRole.CLOSE: ("办结", "Closing"),
    HopRole.CONFIRM_OUTSIDE: ("确认外地报到", "Confirm report-in outside"),
    HopRole.RECORD_RECEIPT: ("录入回执", "Record the receipt"),
    HopState.APPROVED: ("已同意", "Approved"),
    HopState.AUTO_APPROVED: ("自动审核", "Approved automatically"),
    HopState.AUTO_FILLED: ("自动补齐", "Filled in by the system"),
    HopState.RETURNED: ("已退回", "Sent back"),
    HopState.RECEIVED: ("已接收", "Received"),
    HopState.REPORTED_IN: ("已报到", "Reported in"),
    HopState.SKIPPED: ("未办理", "Not decided"),
    Side.HOME: ("转出方", "Losing side"),
    Side.RECEIVING: ("接收方", "Gaining side"),
    Side.TAIL: ("后续", "Afterwards"),
    LetterState.DRAFT: ("待保存", "Draft"),
    LetterState.ISSUED: ("有效", "Issued"),
    LetterState.RETURNED: ("已退回", "Returned"),
    LetterState.SUPERSEDED: ("已换开", "Superseded"),
    LetterState.RECALLED: ("已撤回", "Recalled"),
    LetterState.VOID: ("已作废", "Void"),
    LetterState.RECEIPTED: ("已回执", "Receipt recorded"),
    MemberKind.FULL: ("正式党员", "Full member"),
    MemberKind.PROBATIONARY: ("预备党员", "Probationary member"),
    Sex.MALE: ("男", "Male"),
    Sex.FEMALE: ("女", "Female"),
    Role.MEMBER: ("党员本人", "Member"),
    Role.BRANCH_ADMIN: ("支部管理员", "Branch administrator"),
    Role.GENERAL_BRANCH_ADMIN: ("总支管理员", "General-branch administrator"),
    Role.COMMITTEE_ADMIN: ("党委管理员", "Committee administrator"),
    Role.LOCAL_ADMIN: ("地方党委管理员", "Local-committee administrator"),
    Role.LIAISON: ("联络员", "Liaison"),
    Role.VIRTUAL_ADMIN: ("虚拟管理员", "Virtual administrator"),
    Role.SECURITY_OFFICER: ("安全员", "Security officer"),
    Role.DATA_COLLECTOR: ("信息采集员", "Data collector"),
    Role.SYSTEM_ADMIN: ("系统管理员", "System administrator"),
    Role.PROCESS_DESIGNER: ("流程设计员", "Process designer"),
    Role.AUDITOR: ("审计员", "Auditor"),
    Role.PARTY_AFFAIRS_CONTACT: ("党务联系人", "Party-affairs contact"),
}
ACCOUNT_STATES: dict[AccountState, tuple[str, str]] = {
    AccountState.NOT_OPEN: ("未开通", "Not opened"),
    AccountState.OPEN: ("已开通", "Open"),
    AccountState.CLOSED: ("已停用", "Closed"),
}
DONE: dict[HopRole, tuple[str, str]] = {
    HopRole.START: ("已发起", "Started"),
    HopRole.APPLY: ("已提交", "Submitted"),
    HopRole.CLOSE: ("已办结", "Closed"),
    HopRole.CONFIRM_OUTSIDE: ("已确认", "Confirmed"),
    HopRole.RECORD_RECEIPT: ("已录入", "Recorded"),
}
"""What is said of a step that was not approved but done."""
STEPS = {
    "apply": ("提出申请", "Application"),
    "decide_home": ("转出方审批", "Decision of the losing side"),
    "decide_receiving": ("接收方审批", "Decision of the gaining side"),
    "receive": ("接收党员", "Receiving the member"),
    "confirm_report_in": ("确认报到", "Confirming the report-in"),
    "report_in": ("登记报到", "Reporting in"),
    "close": ("系统内办结", "Closing inside the system"),
    "confirm_outside": ("确认外地报到", "Confirming the report-in outside"),
    "record_receipt": ("录入回执", "Recording the receipt"),
}
"""The user tasks, called as the diagrams and their forms call them."""


def title(code: StrEnum) -> str:
    """What a code name is called."""
    return said(*TITLES[code])


def action_title(code: str) -> str:
    """What an action is called, one of a person or one of the system."""
    return said(*action_titles(code))


def step_title(step: str) -> str:
    """What a step is called; empty for a transfer that waits for nobody."""
    return said(*STEPS[step]) if step else ""


def account_title(state: AccountState) -> str:
    """How an account stands."""
    return said(*ACCOUNT_STATES[state])


@cache
def _codes(kind: type[StrEnum]) -> dict[str, StrEnum]:
    return {each.value: each for each in kind}


def variety_title(code: str) -> str:
    """What a variety of transfer is called."""
    return title(_codes(Variety)[code])


def state_title(code: str) -> str:
    """What a state of a transfer is called."""
    return title(_codes(TransferState)[code])


def letter_state_title(code: str) -> str:
    """What a state of a letter is called."""
    return title(_codes(LetterState)[code])


def kind_title(code: str) -> str:
    """What a kind of member is called."""
    return title(_codes(MemberKind)[code])


def sex_title(code: str) -> str:
    """What a sex is called."""
    return title(_codes(Sex)[code])
