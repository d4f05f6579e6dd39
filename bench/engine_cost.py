"""What the engine costs per completed hop, at hop 1, 5, 10 and 50, beside stock SpiffWorkflow on the same diagram.

Timed is exactly: read the state, complete the task, run to the next wait, write the state, with the real functions.
Both engines get the same contexts; a route long enough for 50 hops runs through a deep chain of general branches.
"""

import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib import resources
from typing import Any

from bench.measures import Measure
from bench.stock_engine import StockEngine
from scripts import functions
from service.definitions import diagrams, profiles
from service.domain.organisations.organisations import AuthorityLevel, Chain, Organisation, OrgType, Scope
from service.domain.routes.cases import RouteCase
from service.domain.routes.routes import preview_route
from service.domain.transfers.actions import Action
from service.domain.transfers.context import Context, Decision, Lineage
from service.domain.transfers.transfers import Target, Transfer
from service.engine.runner import Engine

HOPS = (1, 5, 10, 50)
ROUNDS = 40
_DEPTH = 26


@dataclass(frozen=True, slots=True)
class Cost:
    """Median seconds and bytes of state at one hop."""

    seconds: float
    size: int


def measure() -> Iterator[Measure]:
    """All figures of the engine."""
    ours, stock = _costs(Engine()), _costs(StockEngine())
    for hop in HOPS:
        yield Measure(
            "engine", f"hop {hop}, time", ours[hop].seconds * 1e3, "ms", stock[hop].seconds * 1e3, "stock", "<= 1"
        )
    for hop in HOPS:
        yield Measure("engine", f"hop {hop}, state", ours[hop].size, "bytes", stock[hop].size, "stock", "<= 2048")
    first, last = ours[HOPS[0]], ours[HOPS[-1]]
    yield Measure("engine", "hop 50 / hop 1, time", last.seconds / first.seconds, "", goal="<= 1.2")
    yield Measure("engine", "hop 50 / hop 1, state", last.size / first.size, "", goal="<= 1.2")


def _costs(engine: Any) -> dict[int, Cost]:
    diagram = _diagram()
    taken: dict[int, list[float]] = {hop: [] for hop in HOPS}
    sizes: dict[int, int] = {}
    rounds = ROUNDS if isinstance(engine, Engine) else ROUNDS // 8
    for _ in range(rounds):
        progress = engine.start(diagram, facts={}, context=_context())
        for hop in range(1, max(HOPS) + 1):
            context = replace(progress.context, decision=_decision(progress.context))
            element = _open(progress)
            begun = time.perf_counter()
            progress = engine.complete(
                diagram, state=progress.state, element=element, facts={"decision": "approve_and_issue"}, context=context
            )
            if hop in taken:
                taken[hop].append(time.perf_counter() - begun)
                sizes[hop] = len(progress.state)
    return {hop: Cost(statistics.median(taken[hop]), sizes[hop]) for hop in HOPS}


def _open(progress: Any) -> str:
    task = progress.open_tasks[0]
    return task if isinstance(task, str) else task.element


def _decision(context: Context) -> Decision:
    return Decision(Action.APPROVE_AND_ISSUE, context.transfer.hop.org)


def _diagram() -> diagrams.Diagram:
    process = "transfer_in_province"
    xml = resources.files("bpmn").joinpath(f"{process}.bpmn").read_bytes()
    return diagrams.load(xml, functions=functions(process))


def _context() -> Context:
    rules = profiles.profile("shandong")
    origin, target = _chain("A"), _chain("B")
    case = RouteCase(origin=origin, target=target, starter=origin)
    route = preview_route(case, rules)
    transfer = Transfer(
        variety=route.variety, member_id=1, origin=origin[0].ref, target=Target(target[0].ref), starter=origin[0].ref,
        out_type=route.out_type,
    )  # fmt: skip
    lineage = Lineage(origin, target, origin)
    return Context(transfer, lineage, rules, "shandong", Decision(Action.SUBMIT, origin[0].ref))


def _chain(side: str) -> Chain:
    """A branch below 26 general branches, a committee and a county."""
    first = 1000 if side == "A" else 2000
    branch = Organisation(first, f"{side}-B", "样例党支部", OrgType.BRANCH, AuthorityLevel.BELOW_FIRST)
    between = tuple(
        Organisation(first + n, f"{side}-G{n}", f"样例党总支{n}", OrgType.GENERAL_BRANCH, AuthorityLevel.BELOW_FIRST)
        for n in range(1, _DEPTH + 1)
    )
    committee = Organisation(
        first + 90, f"{side}-T", "样例镇党委", OrgType.PRIMARY_COMMITTEE, AuthorityLevel.FIRST_LEVEL, Scope.COUNTY
    )
    county = Organisation(
        first + 91, side, "样例县委", OrgType.LOCAL_COMMITTEE, AuthorityLevel.COUNTY_COMMITTEE, Scope.NATIONAL
    )
    return (branch, *between, committee, county, _ROOT)


_ROOT = Organisation(1, "P", "样例省委", OrgType.LOCAL_COMMITTEE, AuthorityLevel.PROVINCIAL_COMMITTEE, Scope.NATIONAL)
