"""A person changes the role he acts in; the session gets a new identifier (R-024)."""

from datetime import datetime

from service.domain.errors import Refused
from service.storage import accounts
from service.storage.db import transaction
from service.use_cases.accounts.log_in import Session, open_session, valid_grants
from service.use_cases.accounts.who_acts import ActingSession


def switch_role(token: str, grant_id: int | None, *, acting: ActingSession, now: datetime) -> Session:
    """Act in another role held, or as the member himself (`grant_id` None); refuses E_ROLE_NOT_HELD."""
    with transaction():
        held = valid_grants(acting.account.id, now)
        if grant_id not in {grant.id for grant in held} and not (
            grant_id is None and acting.account.member_id is not None
        ):
            raise Refused("E_ROLE_NOT_HELD")
        accounts.close_session(token)
        return open_session(acting.account, held, grant_id, now=now)
