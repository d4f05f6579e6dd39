"""Fresh proof before somebody changes by what his account is opened: a session left open or stolen does not do for it.

Proof is the password, or what a second factor shows: a code of an authenticator, a recovery code.
"""

from datetime import datetime

from service.domain.accounts.guessing import SECOND_FACTOR_TRIES, SECOND_FACTOR_WINDOW, Limit
from service.domain.errors import Refused
from service.storage.accounts import limits
from service.storage.db import transaction
from service.use_cases.accounts.change_password import count_try, is_right
from service.use_cases.accounts.second_factor import is_code
from service.use_cases.accounts.who_acts import ActingSession
from service.use_cases.deployment import Deployment


def require_proof(proof: str, *, acting: ActingSession, now: datetime, deployment: Deployment) -> None:
    """Refuse E_LOGIN_FAILED without proof, E_RATE_LIMITED after many tries; a code is used up."""
    limit = Limit(f"proof:{acting.account.id}", SECOND_FACTOR_TRIES, SECOND_FACTOR_WINDOW)
    account, owner = count_try(limit, acting=acting, now=now, deployment=deployment)
    is_proven = is_right(account, proof, owner)
    with transaction():
        if not is_proven and not is_code(proof, acting=acting, now=now, deployment=deployment):
            raise Refused(
                "E_LOGIN_FAILED",
                field="proof",
                detail_zh="密码、动态口令或恢复码不符",
                detail_en="it is neither the password nor a code",
            )
        limits.forget(limit.subject)
