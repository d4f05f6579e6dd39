"""Counts of whole provinces are kept for some minutes: counting five million rows anew takes seconds (R-011, R-208).

Small organisations are counted each time, so whoever keeps a branch or a county sees at once what he has done; in the
list of his province he sees it some minutes later.
"""

import time
from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from service.storage.db import db

KEPT_FROM = 30_000
"""So many rows counted: in fewer there is nothing to gain."""
KEPT_SECONDS = 600
MOST = 2_000

Answer = TypeVar("Answer")
_Key = tuple[str, str]
_kept: WeakKeyDictionary[sa.Engine, dict[_Key, tuple[float, Any]]] = WeakKeyDictionary()
_guard = Lock()


def kept(name: str, path: str, count: Callable[[str], Answer], size: Callable[[Answer], int]) -> Answer:
    """What `count` answers of a subtree; of a large one, told by `size`, what it answered at most ten minutes ago."""
    key, now = (name, path), time.monotonic()
    with _guard:
        mine = _kept.setdefault(db.engine, {})
        until, answer = mine.get(key, (0.0, None))
    if now < until:
        return answer  # type: ignore[no-any-return]
    found = count(path)
    if size(found) >= KEPT_FROM:
        with _guard:
            if len(mine) >= MOST:
                mine.clear()
            mine[key] = (now + KEPT_SECONDS, found)
    return found
