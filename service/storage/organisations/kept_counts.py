"""Counts of whole provinces are kept for some minutes: counting five million rows anew takes seconds (R-011, R-208).

Small organisations are counted each time, so whoever keeps a branch or a county sees at once what he has done.
"""

import time
from collections.abc import Callable, Mapping
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
    answer = known(name, path)
    if answer is None:
        answer = count(path)
        keep(name, {path: answer}, size)
    return answer  # type: ignore[no-any-return]


def known(name: str, path: str) -> Any:
    """What was kept of a subtree, None where nothing is."""
    with _guard:
        until, answer = _mine().get((name, path), (0.0, None))
    return answer if time.monotonic() < until else None


def keep(name: str, answers: Mapping[str, Answer], size: Callable[[Answer], int]) -> None:
    """Keep, of what was answered of several subtrees, that of large ones."""
    until = time.monotonic() + KEPT_SECONDS
    large = {(name, path): (until, answer) for path, answer in answers.items() if size(answer) >= KEPT_FROM}
    with _guard:
        mine = _mine()
        if len(mine) + len(large) > MOST:
            mine.clear()
        mine.update(large)


def _mine() -> dict[_Key, tuple[float, Any]]:
    return _kept.setdefault(db.engine, {})
