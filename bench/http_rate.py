"""Completions per second through HTTP: log-in, permission, form, engine, history, letter, all on, beside a raw loop.

One server process on SQLite, two on PostgreSQL, 1 and 8 keep-alive clients, the driver on the same cores. Rounds are
interleaved and the median is taken, because other load on the machine comes and goes.
"""

import statistics
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bench import raw_loop
from bench.clients import Crew, Rate
from bench.measures import Measure
from bench.served import Server, serving
from bench.world import World, make_world
from tests.support.postgresql import running_cluster

ROUNDS = 3
SECONDS = 4.0
WARM_UP_SECONDS = 1.0
CLIENTS = (1, 8)
PROCESSES = {"SQLite": 1, "PostgreSQL": 2}
GOALS = {"SQLite": ">= 200", "PostgreSQL": ">= 150"}


def measure() -> Iterator[Measure]:
    """All figures of the server."""
    rounds: dict[tuple[str, int], list[Round]] = defaultdict(list)
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
                with serving(world.settings, processes=PROCESSES[kind]) as servers:
                    for number in CLIENTS:
                        rounds[kind, number].append(_round(servers, world, away[kind], number))
    floor = statistics.median(raw)
    yield Measure("floor", "bare SpiffWorkflow on SQLite, no server", floor, "/s")
    yield Measure("floor", "one fdatasync", statistics.median(flushes) * 1e3, "ms")
    for kind, number in sorted(rounds, key=lambda key: (key[0] != "SQLite", key[1])):
        yield from _figures(kind, number, rounds[kind, number], floor)


@dataclass(frozen=True, slots=True)
class Round:
    """One round: the rate, processor time per completion, and the memory of all servers together."""

    rate: Rate
    cpu_ms: float
    resident: int


def _round(servers: list[Server], world: World, away: set[int], number: int) -> Round:
    crew = Crew([server.address for server in servers], world.member_ids, away, clients=number)
    # What is read, compiled and remembered once belongs to the start of a server.
    crew.drive(seconds=WARM_UP_SECONDS)
    before = sum(server.cpu_seconds for server in servers)
    rate = crew.drive(seconds=SECONDS)
    used = sum(server.cpu_seconds for server in servers) - before
    return Round(rate, used / rate.completions * 1e3, sum(server.resident_bytes for server in servers))


def _figures(kind: str, number: int, rounds: list[Round], floor: float) -> Iterator[Measure]:
    name = f"{kind}, {number} client{'s' if number > 1 else ''}"
    found = [each.rate for each in rounds]
    rate = statistics.median(each.per_second for each in found)
    yield Measure("HTTP", f"{name}, completions", rate, "/s", floor, "bare loop", GOALS[kind])
    yield Measure("HTTP", f"{name}, median", statistics.median(each.median_ms for each in found), "ms")
    yield Measure("HTTP", f"{name}, p99", statistics.median(each.p99_ms for each in found), "ms")
    yield Measure("HTTP", f"{name}, processor time", statistics.median(each.cpu_ms for each in rounds), "ms")
    if number == max(CLIENTS):
        yield Measure("HTTP", f"{name}, peak memory", max(each.resident for each in rounds) / 1e6, "MB")
