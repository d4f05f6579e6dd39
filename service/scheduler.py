"""The worker: a few interval jobs that do what is due, never one per message or per deadline.

Any number of workers may share one PostgreSQL: due rows are claimed, not assigned. On SQLite the worker runs
inside the one server process.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from apscheduler.schedulers.background import BackgroundScheduler

from service.use_cases.accounts.own_certificates import warn_of_certificates
from service.use_cases.deadlines import fire_deadlines, plan_deadlines
from service.use_cases.deadlines.change_workdays import warn_of_missing_years
from service.use_cases.deployment import Deployment
from service.use_cases.outbox.channels import NO_CHANNELS, NOTICE, Channels
from service.use_cases.outbox.deliver_messages import deliver_messages, is_any_due
from service.use_cases.outbox.dispatch import Dispatch
from service.use_cases.outbox.spread_notices import spread_notices
from service.use_cases.upkeep.forget_old import forget_old
from service.use_cases.upkeep.nightly_backup import Plan, nightly_backup

INTERVAL_SECONDS = 2
TIDY_SECONDS = 3600
BACKUP_SECONDS = 300
"""How often it is asked whether the backup of the night is due."""
MOST_AT_ONCE = 10_000
"""What one turn does at most before others get theirs."""

Surroundings = Callable[[], AbstractContextManager[object]]
"""What a job runs in: the application context, which knows the database."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Worker:
    """What the jobs work with."""

    surroundings: Surroundings
    deployment: Deployment
    channels: Channels = NO_CHANNELS
    backups: Plan | None = None


@contextmanager
def working(
    worker: Worker, *, interval_seconds: float = INTERVAL_SECONDS, tidy_seconds: float = TIDY_SECONDS
) -> Iterator[None]:
    """Run the worker for as long as the block lasts; at its end a delivery under way is finished first."""
    scheduler = BackgroundScheduler(timezone=UTC)
    # Each channel is a job of its own: one that hangs holds up no other.
    jobs: dict[str, Callable[[], object]] = {
        "notices": partial(spread, worker),
        "deadlines": partial(fire, worker),
        **{"+".join(sorted(kinds)): partial(deliver, worker, kinds) for kinds in worker.channels.kinds},
    }
    for name, job in jobs.items():
        _add(scheduler, name, job, interval_seconds)
    _add(scheduler, "tidy", partial(tidy, worker), tidy_seconds)
    if worker.backups is not None:
        _add(scheduler, "backup", partial(save, worker, worker.backups), BACKUP_SECONDS)
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=True)


def spread(worker: Worker) -> int:
    """Turn what is to be told into notices and messages; answers how much it was."""

    def step() -> int:
        now = datetime.now(UTC)
        if not is_any_due(now, (NOTICE,)):
            return 0
        return spread_notices(profile=worker.deployment.profile, channels=worker.channels, now=now)

    return _until_nothing_is_due(worker, "notices", step)


def deliver(worker: Worker, kinds: frozenset[str]) -> int:
    """Deliver messages of these kinds; answers how many were claimed."""
    dispatch = Dispatch(worker.channels, worker.deployment.vault)

    def step() -> int:
        now = datetime.now(UTC)
        if not is_any_due(now, kinds):
            return 0
        return deliver_messages(deliver=dispatch, now=now, kinds=kinds, channels=worker.channels)

    return _until_nothing_is_due(worker, "messages", step)


def fire(worker: Worker) -> int:
    """Tell what is due of open hops; answers how many transfers were claimed."""

    def step() -> int:
        return fire_deadlines.fire_deadlines(
            deployment=worker.deployment, now=datetime.now(UTC), channels=worker.channels
        )

    return _until_nothing_is_due(worker, "deadlines", step)


def tidy(worker: Worker) -> int:
    """Drop what is kept for a time only, plan what an upgrade left unplanned, warn of missing years.

    Answers how much was dropped. A fault is logged, never raised.
    """
    try:
        with worker.surroundings():
            now = datetime.now(UTC)
            warn_of_missing_years(now=now, channels=worker.channels)
            warn_of_certificates(now=now)
            plan_deadlines.plan_deadlines(deployment=worker.deployment, now=now, is_unplanned=True)
            return forget_old(now=now)
    except Exception:  # noqa: BLE001 - the next turn tries again
        _log.exception("the worker could not tidy up")
    return 0


def save(worker: Worker, plan: Plan) -> bool:
    """Make the backup of the night when it is due; answers whether it was made. A fault is logged, never raised."""
    try:
        with worker.surroundings():
            vault, now = worker.deployment.vault, datetime.now(UTC)
            return nightly_backup(plan, vault=vault, channels=worker.channels, now=now) is not None
    except Exception:  # noqa: BLE001 - the next turn tries again
        _log.exception("the worker could not make the backup")
    return False


def _until_nothing_is_due(worker: Worker, what: str, step: Callable[[], int]) -> int:
    """Take steps while there is something to do; a fault is logged, never raised."""
    total = 0
    try:
        with worker.surroundings():
            while total < MOST_AT_ONCE and (done := step()):
                total += done
    except Exception:  # noqa: BLE001 - the next turn tries again
        _log.exception("the worker could not deliver %s", what)
    return total


def _add(scheduler: BackgroundScheduler, name: str, job: Callable[[], object], seconds: float) -> None:
    scheduler.add_job(
        job, "interval", seconds=seconds, id=name, max_instances=1, coalesce=True, misfire_grace_time=None
    )
