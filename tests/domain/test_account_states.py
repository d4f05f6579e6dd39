"""An account is open where somebody can log in to it, not where there is a row of it (R-022, R-023, R-035)."""

import pytest

from service.domain.accounts.account_states import AccountState, account_state
from service.domain.accounts.passwords import PasswordKind


@pytest.mark.requirement("R-023")
@pytest.mark.parametrize(
    ("kind", "has_password", "is_active", "is_closed", "wanted"),
    [
        (None, False, True, False, AccountState.NOT_OPEN),
        (None, False, True, True, AccountState.CLOSED),
        (PasswordKind.OWN, False, True, False, AccountState.NOT_OPEN),
        (PasswordKind.OWN, True, True, False, AccountState.OPEN),
        (PasswordKind.OWN, True, False, False, AccountState.CLOSED),
        (PasswordKind.INITIAL, False, True, False, AccountState.OPEN),
        (PasswordKind.INITIAL, False, True, True, AccountState.CLOSED),
        (PasswordKind.ISSUED, True, True, False, AccountState.OPEN),
    ],
)
def test_how_an_account_stands(
    kind: PasswordKind | None, has_password: bool, is_active: bool, is_closed: bool, wanted: AccountState
) -> None:
    assert account_state(kind, has_password=has_password, is_active=is_active, is_closed=is_closed) is wanted
