"""Codes that prove something once: by short message, and the authorisation code of a superior (R-033–R-035)."""

from datetime import timedelta
from enum import StrEnum

SMS_DIGITS = 8
SMS_TRIES = 5
SMS_GOOD_FOR = timedelta(minutes=10)
SMS_PER_DAY = 5
"""To one telephone, and for one account."""
WRONG_PER_MINUTE = 300
"""Wrong answers of all together: beyond that somebody is guessing, and it is told to the system administrators."""
AUTHORISATION_GOOD_FOR = timedelta(days=7)
AUTHORISATION_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
AUTHORISATION_LENGTH = 12
"""Sixty bits: it is found by itself, so nobody may come upon one."""


class Purpose(StrEnum):
    """What a code by short message is for; one sent for one thing does not prove another."""

    ACTIVATION = "ACTIVATION"
    BINDING = "BINDING"


_FOR = {Purpose.ACTIVATION: "激活账号", Purpose.BINDING: "绑定手机号码"}


def sms_text(code: str, purpose: Purpose) -> str:
    """What the short message with a code says."""
    return f"验证码 {code}，用于{_FOR[purpose]}，10 分钟内有效。请勿告诉他人；由党组织代为绑定时，只告诉经办人。"


def authorisation_text(code: str) -> str:
    """What the short message with an authorisation code says."""
    return f"您已被授权为党员组织关系转接系统管理员，授权码 {code}，一周内有效。请在登录页面点击“立即激活”。"


def as_entered(code: str) -> str:
    """A code without the blanks and hyphens that people put in."""
    return "".join(code.split()).replace("-", "").upper()
