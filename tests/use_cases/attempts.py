"""Attempts to start: what became of them, as `ok` or the code of the refusal, and that a refusal left nothing behind."""

from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import count

import sqlalchemy as sa

from service.domain.accounts.actors import Actor
from service.domain.applying.choosing import HIMSELF, Chosen
from service.domain.errors import Refused
from service.storage.db import execute, reading
from service.storage.members import members
from service.storage.messages import outbox
from service.storage.transfers import history, letters, requests, transfers
from service.use_cases.transfers.submit_transfer import submit_transfer
from tests.reference.seeding import World
from tests.use_cases.walker import FORM, NOW, Played

_KEYS = count(1)
_TABLES = (transfers.table, transfers.hops, history.table, letters.table, outbox.table, requests.table, members.table)


def started(
    world: World,
    actor: Actor,
    answers: Mapping[str, object],
    *,
    chosen: Chosen = HIMSELF,
    now: datetime = NOW,
) -> Played:
    """Start a transfer with a valid form but for these answers; None takes an answer away."""
    given = {name: value for name, value in {**FORM, **answers}.items() if value is not None}
    answer = submit_transfer(
        given, actor=actor, chosen=chosen, key=f"attempt-{next(_KEYS)}", now=now, deployment=world.deployment
    )
    return Played(world, answer.transfer_id, actor, now)


def attempt(world: World, actor: Actor, answers: Mapping[str, object], **wishes: object) -> str:
    """The code of the refusal, or `ok`."""
    return outcome(lambda: started(world, actor, answers, **wishes))


def outcome(call: Callable[[], object]) -> str:
    """The code of the refusal of a call, which has changed nothing; `ok` where there is none."""
    before = rows()
    try:
        call()
    except Refused as refused:
        assert rows() == before, "a refusal changes nothing"
        return refused.code
    return "ok"


def refusal(call: Callable[[], object]) -> Refused:
    """The refusal of a call."""
    try:
        call()
    except Refused as refused:
        return refused
    raise AssertionError("it was not refused")


def rows() -> list[int]:
    """How many rows each table has that a start writes to."""
    with reading():
        return [int(execute(sa.select(sa.func.count()).select_from(table)).scalar_one()) for table in _TABLES]
