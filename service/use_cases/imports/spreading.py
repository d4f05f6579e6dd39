"""Preparing the chunks of a long file in further processes, while the one that asked for it stores what they made."""

import gc
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain, islice
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")

_HERE = 4
"""So many chunks are done before another process would have begun."""
_AHEAD = 2


def useful_processes() -> int:
    """How many may prepare: one for each processor, as the one that stores mostly waits for the database."""
    processors = len(os.sched_getaffinity(0))
    return processors if processors > 1 else 0


def prepared(prepare: Callable[[Given], Made], chunks: Iterable[Given], *, processes: int) -> Iterator[Made]:
    """What is made of each chunk, in the order of the chunks.

    The first chunks are prepared here, those of a long file by as many processes as are given. `prepare` goes to them
    and must be a function of a module, or a partial of one.
    """
    left = iter(chunks)
    yield from map(prepare, islice(left, _HERE))
    following = next(left, None)
    if following is None:
        return
    left = chain((following,), left)
    if processes < 1:
        yield from map(prepare, left)
        return
    # What is there now stays; millions of lines would make the search for garbage pass over it again and again.
    gc.freeze()
    # Begun anew, not forked: a copy of a process with threads and connections may hold locks nobody opens.
    pool = ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=_begin)
    try:
        yield from _in_order(pool, prepare, left, ahead=processes * _AHEAD)
    finally:
        pool.shutdown(cancel_futures=True)


def _in_order(
    pool: ProcessPoolExecutor, prepare: Callable[[Given], Made], chunks: Iterable[Given], *, ahead: int
) -> Iterator[Made]:
    begun: deque[Future[Made]] = deque()
    for chunk in chunks:
        begun.append(pool.submit(prepare, chunk))
        if len(begun) > ahead:
            yield begun.popleft().result()
    while begun:
        yield begun.popleft().result()


def _begin() -> None:
    # Who presses Ctrl-C stops the one that stores, and with it these; when that one is killed, they go as well.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()
    gc.freeze()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
