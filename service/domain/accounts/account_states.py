"""Whether somebody can log in to an account: a row of it alone says nothing (R-022, R-023, R-035)."""

from enum import StrEnum

from service.domain.accounts.passwords import PasswordKind


class AccountState(StrEnum):
    """How an account stands for those who look after it."""

    NOT_OPEN = "NOT_OPEN"
    """There is none, or it was never activated, or reset and not activated again."""
    OPEN = "OPEN"
    CLOSED = "CLOSED"
    """Taken out of use, or still on the initial password after the cut-off."""


def account_state(kind: PasswordKind | None, *, has_password: bool, is_active: bool, is_closed: bool) -> AccountState:
    """How it stands; `kind` is None where there is no account, `is_closed` as `passwords.is_closed` says."""
    if is_closed or (kind is not None and not is_active):
        return AccountState.CLOSED
    if kind is None or (kind is PasswordKind.OWN and not has_password):
        return AccountState.NOT_OPEN
    return AccountState.OPEN
