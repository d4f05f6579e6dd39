"""The organisation above lets a branch keep the records of its own members (R-210)."""

from datetime import datetime

from service.domain.accounts.actors import Actor
from service.domain.errors import Refused
from service.domain.members import member_keeping
from service.storage import audit
from service.storage.audit import Subject
from service.storage.db import reading, transaction
from service.storage.members import record_keepers
from service.use_cases.organisations.chains import require_chain


def authorise_keeping(code: str, *, authorised: bool, actor: Actor, now: datetime) -> None:
    """Give or take it; refuses E_ORG_NOT_FOUND, E_FORBIDDEN, E_ORG_OUT_OF_SCOPE, E_FIELD_INVALID."""
    with transaction():
        chain = require_chain(code)
        member_keeping.require_may_authorise(actor, chain)
        org = chain[0]
        if record_keepers.set_authorised(org.id, authorised, account_id=actor.account_id, now=now):
            audit.append(
                "authorise_keeping",
                subject=Subject("organisation", code, org.id),
                actor=actor,
                now=now,
                after={"authorised": authorised},
            )


def keeps_records(code: str, *, actor: Actor) -> bool | None:
    """Whether a branch keeps the records of its members; None where the actor has no say in it."""
    try:
        with reading():
            chain = require_chain(code)
            member_keeping.require_may_authorise(actor, chain)
            return record_keepers.is_authorised(chain[0].id)
    except Refused:
        return None
