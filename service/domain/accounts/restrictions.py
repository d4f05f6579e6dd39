"""What a session must do before anything else is open to it: second factor, its first set-up, a new password."""

from enum import StrEnum

from service.domain.accounts.passwords import PasswordKind, must_change
from service.domain.errors import Refused
from service.domain.profile import Profile


class Awaited(StrEnum):
    """What is awaited of somebody who has logged in."""

    SECOND_FACTOR = "SECOND_FACTOR"
    ENROLMENT = "ENROLMENT"
    PASSWORD = "PASSWORD"  # noqa: S105 - what is awaited, not one


_CODES = {
    Awaited.SECOND_FACTOR: "E_SECOND_FACTOR_REQUIRED",
    Awaited.ENROLMENT: "E_SECOND_FACTOR_MISSING",
    Awaited.PASSWORD: "E_PASSWORD_MUST_CHANGE",
}


def awaited(awaits: str | None, kind: PasswordKind, profile: Profile) -> Awaited | None:
    """What comes first: the second factor, then a password of one's own, then the set-up (R-022)."""
    if awaits == Awaited.SECOND_FACTOR:
        return Awaited.SECOND_FACTOR
    if kind is not PasswordKind.OWN and must_change(kind, profile):
        return Awaited.PASSWORD
    return Awaited(awaits) if awaits else None


def refusal(of: Awaited) -> Refused:
    """What everything else is refused with meanwhile."""
    return Refused(_CODES[of])
