"""Passwords: what an initial one is, when it must be changed or no longer opens, and what is too weak (R-022, R-023)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from service.domain.clock import local_date
from service.domain.errors import Refused
from service.domain.profile import Profile

SHORTEST = 10
LONGEST = 128
_LAST = 6
_SHORTEST_PART = 6
"""So many characters of an identity number in a row give it away."""
_SHORTEST_NAME = 2
_FEWEST_DIFFERENT = 5
_SEQUENCES = (
    "01234567890123456789",
    "98765432109876543210",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
)
_RUN = 6
_WORST = frozenset(
    {
        "password", "passw0rd", "p@ssword", "p@ssw0rd", "admin", "administrator", "root", "letmein", "welcome",
        "iloveyou", "woaini", "woaizuguo", "woaizhongguo", "zhongguo", "dangyuan", "zhuanjie", "gongchandang",
        "qazwsx", "1qaz2wsx", "1q2w3e4r", "zaq12wsx", "abcd1234", "abc123", "aa123456", "a123456", "qq123456",
        "bj0701", "changeme", "test", "guest", "dragon", "monkey", "football", "baseball", "sunshine", "princess",
        "master", "superman", "michael", "shadow", "trustno1", "hello", "secret", "default", "login", "user",
        "mima", "xiugaimima", "chushimima", "jiandang", "19210701", "19491001", "20211001", "5201314", "1314520",
        "asdfgh", "zxcvbn", "poiuyt", "0987654321", "147258369", "789456123", "11223344", "112233445566",
    }
)  # fmt: skip
"""What is tried first; also with digits or signs before or behind."""
_DECORATION = "0123456789!@#$%^&*()_+-=.,;:?~ "


class PasswordKind(StrEnum):
    """Whose choice the password is."""

    OWN = "OWN"
    """Chosen by the holder; without a stored one the account cannot be logged in to."""
    INITIAL = "INITIAL"
    """The initial one of the profile; it is never stored, as it can be told from the profile and the number."""
    ISSUED = "ISSUED"
    """Random, told once to the superior who opened a virtual account."""


@dataclass(frozen=True, slots=True)
class Owner:
    """What a password must not be made of: name, log-in name (of a person his identity number), initial password."""

    name: str = ""
    login_name: str = ""
    initial: str | None = None


def initial_password(profile: Profile, login_name: str) -> str | None:
    """The initial password of whoever logs in with this identity number; None where there is none (R-022).

    One that is made from the number is only for those who have one.
    """
    way = profile.choice("auth.initial_password")
    if way == "constant":
        return profile.choice("auth.initial_password_value") or None
    number = login_name.strip().upper()
    if way == "id_last6" and looks_like_number(number):
        return number[-_LAST:]
    return None


def looks_like_number(login_name: str) -> bool:
    """Whether a log-in name has the form of an identity number."""
    number = login_name.strip().upper()
    return len(number) == 18 and number[:17].isascii() and number[:17].isdigit() and number[17] in "0123456789X"  # noqa: PLR2004 - R-041


def must_change(kind: PasswordKind, profile: Profile) -> bool:
    """Whether nothing but changing the password is open (R-022): an issued one is changed under every profile."""
    return kind is PasswordKind.ISSUED or (kind is PasswordKind.INITIAL and profile.flag("auth.force_password_change"))


def is_closed(kind: PasswordKind, activated_at: datetime | None, profile: Profile, *, today: date) -> bool:
    """Whether the account is closed because it still uses the initial password after the cut-off (R-023).

    One that its branch has activated since then is open again.
    """
    text = profile.choice("auth.initial_password_cutoff")
    if kind is not PasswordKind.INITIAL or not text:
        return False
    cutoff = date.fromisoformat(text)
    return today >= cutoff and (activated_at is None or local_date(activated_at) < cutoff)


def require_strong(password: str, owner: Owner) -> None:
    """Refuse E_PASSWORD_WEAK for a password that is short, known to all, or told by its owner's data (R-022)."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise _weak(f"应为 {SHORTEST}–{LONGEST} 个字符", f"it must have {SHORTEST} to {LONGEST} characters")
    small = password.casefold()
    if len(set(small)) < _FEWEST_DIFFERENT or _is_common(small):
        raise _weak("过于常见", "it is too common")
    if _tells_number(small, owner.login_name.casefold()):
        raise _weak("不能含有证件号码或用户名", "it must not contain your number or user name")
    if len(owner.name) >= _SHORTEST_NAME and owner.name.casefold() in small:
        raise _weak("不能含有姓名", "it must not contain your name")
    if owner.initial and owner.initial.casefold() in small:
        raise _weak("不能含有初始密码", "it must not contain the initial password")


def _is_common(small: str) -> bool:
    bare = small.strip(_DECORATION)
    if small in _WORST or bare in _WORST or not bare:
        # Nothing but digits and signs: dates, telephones, patterns on the keyboard.
        return True
    runs = (small[start : start + _RUN] for start in range(len(small) - _RUN + 1))
    return any(run in sequence for run in runs for sequence in _SEQUENCES)


def _tells_number(small: str, login_name: str) -> bool:
    size = min(_SHORTEST_PART, len(login_name))
    parts = (login_name[start : start + size] for start in range(len(login_name) - size + 1))
    return bool(login_name) and any(part in small for part in parts)


def _weak(zh: str, en: str) -> Refused:
    return Refused("E_PASSWORD_WEAK", field="password", detail_zh=zh, detail_en=en)
