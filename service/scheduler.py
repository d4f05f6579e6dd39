"""The worker: one interval job that delivers what is due; never one job per message or per deadline.

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

INTERVAL_SECONDS = 2

Surroundings = Callable[[], AbstractContextManager[object]]
"""What the job runs in: the application context, which knows the database."""

_log = logging.getLogger(__name__)


@contextmanager
def working(surroundings: Surroundings, *, interval_seconds: float = INTERVAL_SECONDS) -> Iterator[None]:
    """Run the worker for as long as the block lasts; at its end a delivery under way is finished first."""
    scheduler = BackgroundScheduler(timezone=UTC)
    scheduler.add_job(
        tick,
        "interval",
        args=(surroundings,),
        seconds=interval_seconds,
        id="outbox",
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


def log_adapter(message: Message) -> None:
    """Write the message to the log: the adapter of a deployment that sends nothing outside.

    Payloads hold ids, never personal data.
    """
    _log.info("outbox %s %s", message.kind, message.key)
