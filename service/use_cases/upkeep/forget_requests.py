"""Forget the answers to requests that nobody repeats any more: they are promised for thirty days, no longer."""

from datetime import datetime

from service.storage import requests
from service.storage.db import transaction


def forget_requests(*, now: datetime) -> int:
    """Drop the old answers; answers how many there were."""
    with transaction():
        return requests.forget(now)
