"""What weakens one's own second factor asks for fresh proof."""

from datetime import datetime

from service.domain.deadlines.notices import NoticeKind
from service.domain.errors import Refused
from service.storage.accounts import second_factors
from service.storage.db import reading, transaction
from service.storage.messages import notices
from service.storage.messages.notices import Notice
from service.use_cases.accounts.fresh_proof import require_proof
from service.use_cases.accounts.second_factor import new_recovery, note
from service.use_cases.accounts.who_acts import ActingSession
from service.use_cases.deployment import Deployment


def remove_factor(factor_id: int, *, proof: str, acting: ActingSession, now: datetime, deployment: Deployment) -> None:
    """Take one away; the last one takes the recovery codes with it. The holder is told.

    Refuses E_NOT_FOUND, E_LOGIN_FAILED without proof, E_RATE_LIMITED for many tries.
    """
    account_id = acting.account.id
    with reading():
        if all(each.id != factor_id for each in second_factors.of_account(account_id, with_unconfirmed=True)):
            raise Refused("E_NOT_FOUND")
    require_proof(proof, acting=acting, now=now, deployment=deployment)
    with transaction():
        if not second_factors.remove(account_id, factor_id):
            raise Refused("E_NOT_FOUND")
        if not second_factors.of_account(account_id):
            second_factors.remove_all(account_id)
        note("remove_second_factor", acting, now)
        _tell(NoticeKind.FACTOR_REMOVED, acting, now)


def renew_recovery(*, proof: str, acting: ActingSession, now: datetime, deployment: Deployment) -> tuple[str, ...]:
    """New recovery codes in place of the old ones: each of them opens the account. The holder is told.

    Refuses E_SECOND_FACTOR_MISSING without a second factor, E_LOGIN_FAILED, E_RATE_LIMITED as above.
    """
    with reading():
        _require_factor(acting)
    require_proof(proof, acting=acting, now=now, deployment=deployment)
    with transaction():
        _require_factor(acting)
        note("renew_recovery_codes", acting, now)
        _tell(NoticeKind.RECOVERY_RENEWED, acting, now)
        return new_recovery(acting.account.id, deployment)


def _require_factor(acting: ActingSession) -> None:
    if not second_factors.of_account(acting.account.id):
        raise Refused("E_SECOND_FACTOR_MISSING")


def _tell(kind: NoticeKind, acting: ActingSession, now: datetime) -> None:
    notices.add([Notice(kind.value, None, now, account_id=acting.account.id)])
