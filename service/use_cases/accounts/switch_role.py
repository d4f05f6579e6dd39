"""A person changes the role he acts in; the session gets a new identifier (R-024)."""

from dataclasses import replace
from datetime import datetime

from service.domain.accounts.restrictions import Awaited
from service.domain.errors import Refused
from service.storage.accounts import accounts
from service.storage.db import transaction
from service.use_cases.accounts.opening import Session, Standing, open_session, standing, valid_grants
from service.use_cases.accounts.who_acts import ActingSession


def switch_role(token: str, grant_id: int | None, *, acting: ActingSession, where: Standing, now: datetime) -> Session:
    """Act in another role held, or as the member himself (`grant_id` None).

    Refuses E_ROLE_NOT_HELD, and E_CERT_REQUIRED, E_CERT_EXPIRED where the role needs a certificate (R-036).
    """
    with transaction():
        held = valid_grants(acting.account.id, now)
        if grant_id not in {grant.id for grant in held} and not (
            grant_id is None and acting.account.member_id is not None
        ):
            raise Refused("E_ROLE_NOT_HELD")
        new = standing(acting.account, held, grant_id, where, now=now)
        if new.awaits != Awaited.ENROLMENT:
            # What was proven at log-in is not asked for again; who had no role then may have nothing to prove it with.
            new = replace(new, awaits=None)
        accounts.close_session(token)
        return open_session(acting.account, held, new, now=now)
