"""Completions per second through HTTP: log-in, permission, form, engine, history, letter, all on, beside a raw loop.

One server process on SQLite, two on PostgreSQL, 1 and 8 keep-alive clients, the driver on the same cores. Rounds are
interleaved and the median is taken, because other load on the machine comes and goes.
"""

import statistics
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from bench import clients, raw_loop
from bench.clients import Rate
from bench.measures import Measure
from bench.served import serving
from bench.world import make_world
from tests.support.postgresql import running_cluster

ROUNDS = 3
SECONDS = 4.0
CLIENTS = (1, 8)
PROCESSES = {"SQLite": 1, "PostgreSQL": 2}
GOALS = {"SQLite": ">= 200", "PostgreSQL": ">= 150"}


def measure() -> Iterator[Measure]:
    """All figures of the server."""
    rates: dict[tuple[str, int], list[Rate]] = defaultdict(list)
    away: dict[str, set[int]] = defaultdict(set)
    raw: list[float] = []
    flushes: list[float] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="zhuanjie-bench-")))
        cluster = stack.enter_context(running_cluster())
        urls = {"SQLite": f"sqlite:///{folder}/SQLite/zhuanjie.db", "PostgreSQL": cluster.create("bench")}
        worlds = {kind: make_world(folder / kind, url) for kind, url in urls.items()}
        for _ in range(ROUNDS):
            raw.append(raw_loop.completions_per_second(seconds=SECONDS / 2))
            flushes.append(raw_loop.flush_seconds())
            for kind, world in worlds.items():
                with serving(world.settings, processes=PROCESSES[kind]) as addresses:
                    for number in CLIENTS:
                        rate = clients.drive(addresses, world.member_ids, away[kind], clients=number, seconds=SECONDS)
                        rates[kind, number].append(rate)
    floor = statistics.median(raw)
    yield Measure("floor", "bare SpiffWorkflow on SQLite, no server", floor, "/s")
    yield Measure("floor", "one fdatasync", statistics.median(flushes) * 1e3, "ms")
    for (kind, number), found in sorted(rates.items(), key=lambda item: (item[0][0] != "SQLite", item[0][1])):
        yield from _figures(kind, number, found, floor)


def _figures(kind: str, number: int, found: list[Rate], floor: float) -> Iterator[Measure]:
    name = f"{kind}, {number} client{'s' if number > 1 else ''}"
    rate = statistics.median(each.per_second for each in found)
    yield Measure("HTTP", f"{name}, completions", rate, "/s", floor, "bare loop", GOALS[kind])
    yield Measure("HTTP", f"{name}, median", statistics.median(each.median_ms for each in found), "ms")
    yield Measure("HTTP", f"{name}, p99", statistics.median(each.p99_ms for each in found), "ms")
