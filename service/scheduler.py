"""The worker: one interval job that delivers what is due, never one per message or per deadline; and one that tidies up.

Any number of workers may share one PostgreSQL: due rows are claimed, not assigned. On SQLite the worker runs
inside the one server process.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime

from apscheduler.schedulers.background import BackgroundScheduler

from service.storage.outbox import Message
from service.use_cases.outbox.deliver_messages import BATCH, deliver_messages
from service.use_cases.upkeep.forget_requests import forget_requests

INTERVAL_SECONDS = 2
TIDY_SECONDS = 3600

Surroundings = Callable[[], AbstractContextManager[object]]
"""What the job runs in: the application context, which knows the database."""

_log = logging.getLogger(__name__)


@contextmanager
def working(
    surroundings: Surroundings, *, interval_seconds: float = INTERVAL_SECONDS, tidy_seconds: float = TIDY_SECONDS
) -> Iterator[None]:
    """Run the worker for as long as the block lasts; at its end a delivery under way is finished first."""
    scheduler = BackgroundScheduler(timezone=UTC)
    for job, seconds in ((tick, interval_seconds), (tidy, tidy_seconds)):
        scheduler.add_job(
            job,
            "interval",
            args=(surroundings,),
            seconds=seconds,
            id=job.__name__,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=True)


def tick(surroundings: Surroundings) -> int:
    """Deliver until nothing is due; answers how many messages were claimed. A fault is logged, never raised."""
    total = 0
    try:
        with surroundings():
            while claimed := deliver_messages(deliver=log_adapter, now=datetime.now(UTC)):
                total += claimed
                if claimed < BATCH:
                    break
    except Exception:  # noqa: BLE001 - the next tick tries again
        _log.exception("the worker could not deliver")
    return total


def tidy(surroundings: Surroundings) -> int:
    """Drop what is kept for a time only; answers how much it was. A fault is logged, never raised."""
    try:
        with surroundings():
            return forget_requests(now=datetime.now(UTC))
    except Exception:  # noqa: BLE001 - the next turn tries again
        _log.exception("the worker could not tidy up")
    return 0


def log_adapter(message: Message) -> None:
    """Write the message to the log: the adapter of a deployment that sends nothing outside.

    Payloads hold ids, never personal data.
    """
    _log.info("outbox %s %s", message.kind, message.key)
