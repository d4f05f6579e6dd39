"""A person logs out: the session is gone for good, whoever still holds its token."""

from service.storage.accounts import accounts
from service.storage.db import transaction


def log_out(token: str) -> None:
    """End the session."""
    with transaction():
        accounts.close_session(token)
