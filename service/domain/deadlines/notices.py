"""What organisations and persons are told, in both languages (R-192, R-193, R-194).

A text names the kind of transfer and its number, never a person: who opens it finds the rest where he may see it.
"""

import re
from enum import StrEnum
from typing import NamedTuple

from service.domain.deadlines.deadlines import Mark
from service.domain.routes.varieties import Variety


class NoticeKind(StrEnum):
    """What a notice is about; those on the way of a transfer bear the name that the rules gave them."""

    HOP_OPENED = "hop_opened"
    RETURNED = "returned"
    COMPLETED = "completed"
    VOIDED = "voided"
    REVOKED = "revoked"
    SEAL_MISSING = "seal_missing"
    LETTER_READY = "letter_ready"
    DUE_SOON = Mark.DUE_SOON.value
    OVERDUE = Mark.OVERDUE.value
    LETTER_EXPIRES = Mark.LETTER_EXPIRES.value
    LETTER_EXPIRED = Mark.LETTER_EXPIRED.value
    NO_ADMINISTRATOR = "no_administrator"
    MESSAGE_DEAD = "message_dead"
    TIMER_PARKED = "timer_parked"
    YEAR_MISSING = "year_missing"
    BACKUP_FAILED = "backup_failed"
    PHONE_UNBOUND = "phone_unbound"
    PHONE_BOUND = "phone_bound"
    FACTOR_ADDED = "factor_added"
    FACTOR_REMOVED = "factor_removed"
    RECOVERY_RENEWED = "recovery_renewed"
    CODES_GUESSED = "codes_guessed"
    CERTIFICATE_EXPIRES = "certificate_expires"
    SUPERIOR_APPLIED = "superior_applied"
    SUPERIOR_APPROVED = "superior_approved"
    SUPERIOR_REFUSED = "superior_refused"
    ADMISSION_SUBMITTED = "admission_submitted"
    ADMISSION_APPROVED = "admission_approved"
    ADMISSION_REFUSED = "admission_refused"


class NoticeText(NamedTuple):
    """What is said, in Chinese and in English."""

    zh: str
    en: str


NOTICE_TEXTS = {
    NoticeKind.HOP_OPENED: NoticeText("有新的待办", "There is something new to do"),
    NoticeKind.RETURNED: NoticeText("转接已退回", "The transfer was sent back"),
    NoticeKind.COMPLETED: NoticeText("转接已办结", "The transfer is completed"),
    NoticeKind.VOIDED: NoticeText("转接已作废", "The transfer was voided"),
    NoticeKind.REVOKED: NoticeText("转接已撤销", "The transfer was revoked"),
    NoticeKind.SEAL_MISSING: NoticeText(
        "尚未上传签章，未自动审核，请上传签章后办理",
        "There is no seal, so nothing was approved automatically: upload one, then decide",
    ),
    NoticeKind.LETTER_READY: NoticeText(
        "上级党委已开具纸质介绍信", "The committee above has made out the paper letter"
    ),
    NoticeKind.DUE_SOON: NoticeText("待办即将超期", "A step will soon be overdue"),
    NoticeKind.OVERDUE: NoticeText("待办已超期", "A step is overdue"),
    NoticeKind.LETTER_EXPIRES: NoticeText("介绍信即将过期", "The introduction letter will expire soon"),
    NoticeKind.LETTER_EXPIRED: NoticeText("介绍信已过期", "The introduction letter has expired"),
    NoticeKind.NO_ADMINISTRATOR: NoticeText(
        "待办所在党组织没有管理员", "The organisation whose turn it is has no administrator"
    ),
    NoticeKind.MESSAGE_DEAD: NoticeText(
        "有消息多次发送失败，已停止重试", "A message could not be delivered and was given up"
    ),
    NoticeKind.BACKUP_FAILED: NoticeText("备份未完成", "The backup was not completed"),
    NoticeKind.PHONE_UNBOUND: NoticeText(
        "您的手机号码已被另一账号绑定，本账号的绑定已取消",
        "Your mobile number was bound to another account; it is no longer bound to yours",
    ),
    NoticeKind.PHONE_BOUND: NoticeText(
        "您绑定的手机号码原属另一账号，该账号的绑定已取消",
        "The mobile number you bound was that of another account, from which it was taken",
    ),
    NoticeKind.FACTOR_ADDED: NoticeText(
        "您的账号登记了一项二次验证；如非本人操作，请修改密码并联系上级",
        "A second factor was added to your account; if that was not you, change your password and tell your superior",
    ),
    NoticeKind.FACTOR_REMOVED: NoticeText(
        "您的账号移除了一项二次验证；如非本人操作，请修改密码并联系上级",
        "A second factor was removed from your account; if that was not you, change your password and tell your superior",
    ),
    NoticeKind.RECOVERY_RENEWED: NoticeText(
        "您的账号更新了恢复码；如非本人操作，请修改密码并联系上级",
        "Your account has new recovery codes; if that was not you, change your password and tell your superior",
    ),
    NoticeKind.CODES_GUESSED: NoticeText(
        "一分钟内错误的短信验证码过多，可能有人在猜测",
        "Very many wrong SMS codes within a minute: somebody may be guessing",
    ),
    NoticeKind.CERTIFICATE_EXPIRES: NoticeText(
        "您的数字证书将在 30 天内到期，请到签发机构续期后重新登记",
        "Your digital certificate ends within 30 days: renew it at its issuer, then register the new one",
    ),
    NoticeKind.TIMER_PARKED: NoticeText(
        "转接的期限提醒多次出错，已暂停", "The deadlines of a transfer keep failing and were set aside"
    ),
    NoticeKind.YEAR_MISSING: NoticeText(
        "下一年度节假日安排尚未录入，期限暂按周末计算",
        "The holidays of a coming year have not been entered; deadlines count weekends only",
    ),
    NoticeKind.SUPERIOR_APPLIED: NoticeText(
        "有上级变更申请待审批", "An application for another superior waits for you"
    ),
    NoticeKind.SUPERIOR_APPROVED: NoticeText(
        "上级变更申请已同意，党组织已变更上级", "The application for another superior was approved, and the unit moved"
    ),
    NoticeKind.SUPERIOR_REFUSED: NoticeText("上级变更申请未同意", "The application for another superior was refused"),
    NoticeKind.ADMISSION_SUBMITTED: NoticeText("有新增党员报送待审批", "A submission of new members waits for you"),
    NoticeKind.ADMISSION_APPROVED: NoticeText(
        "新增党员报送已同意，人员已进入系统", "The submission of new members was approved, and they were entered"
    ),
    NoticeKind.ADMISSION_REFUSED: NoticeText(
        "新增党员报送未同意，已退回", "The submission of new members was refused and sent back"
    ),
}
ABOUT_TO_DO = frozenset({NoticeKind.HOP_OPENED, NoticeKind.RETURNED})
"""What an organisation has to act on (R-192)."""
TOLD_TO_PERSONS = frozenset({NoticeKind.RETURNED, NoticeKind.COMPLETED, NoticeKind.VOIDED, NoticeKind.REVOKED})
"""What applicant and member are told (R-193)."""
_LONG_NUMBER = re.compile(r"\d{15}", re.ASCII)


def short_text(kind: NoticeKind, *, variety: Variety | None, transfer_id: int | None) -> str:
    """The text of a short message: what, which kind, which number."""
    about = f"（{variety.zh}，编号 {transfer_id}）" if variety and transfer_id else ""
    return f"{NOTICE_TEXTS[kind].zh}{about}，请登录党员组织关系转接系统查看。"


def is_discreet(text: str) -> bool:
    """Whether a text that leaves the house holds nothing like an identity number (R-194)."""
    return not _LONG_NUMBER.search(text)
