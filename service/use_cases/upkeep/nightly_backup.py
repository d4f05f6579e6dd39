"""The backup of each night: one worker makes it, its failure is told to the system administrators (R-226)."""

import logging
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from service.domain.clock import ZONE, local_date
from service.domain.deadlines.notices import NoticeKind
from service.domain.errors import Refused
from service.storage.backups import runs
from service.storage.db import transaction
from service.storage.vault import Vault
from service.use_cases.outbox.channels import Channels
from service.use_cases.outbox.raise_alarm import raise_alarm
from service.use_cases.upkeep.back_up import Database, back_up

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is backed up, where to, from which hour of the day on (China's time), and how many files are kept."""

    database: Database
    folder: Path
    hour: int
    keep: int


def nightly_backup(plan: Plan, *, vault: Vault, channels: Channels, now: datetime) -> Path | None:
    """Make the backup of today if it is time and nobody else makes it; a failure is told, never raised."""
    if now.astimezone(ZONE).hour < plan.hour:
        return None
    day = local_date(now)
    with transaction():
        is_mine = runs.claim(day, now=now)
    if not is_mine:
        return None
    try:
        made = back_up(plan.database, plan.folder, vault=vault, now=now, keep=plan.keep)
    except Exception as error:  # noqa: BLE001 - whatever it is, the administrators must hear of it
        _log.exception("the backup of %s failed", day)
        said = error.message_en if isinstance(error, Refused) else f"{type(error).__name__}: {error}"
        with transaction():
            runs.finish(day, now=now, error=said or "failed")
            raise_alarm(NoticeKind.BACKUP_FAILED, key=f"backup:{day}", now=now, channels=channels)
        return None
    with transaction():
        runs.finish(day, now=now, file=str(made))
    return made
