"""The state of a transfer as bytes: which tasks are live and which facts are set, and nothing of the past.

    version (1) | first 8 bytes of the diagram's digest | 8 bytes of BLAKE2b over the rest | body

The body is JSON: `[place, facts]` with one open task, `[facts]` after the end, and a list of rows within
parallel branches. It does not grow with the number of hops. Bytes that differ in any place are refused:
E_STATE_FORMAT.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.util.task import TaskState

from service.definitions.diagrams import Diagram
from service.domain.errors import Refused
from service.domain.transfers.functions import FactValue
from service.engine.specs import Specs
from service.engine.workflow import LeanTask, LeanWorkflow

VERSION = b"\x01"
_DIGEST_BYTES = 8
_CHECK_BYTES = 8
_BODY = 1 + _DIGEST_BYTES + _CHECK_BYTES
_UNSET: list[Any] = []
_ENDED = -1


def dump(workflow: LeanWorkflow, *, diagram: Diagram, specs: Specs) -> bytes:
    """Write what is still needed to go on."""
    live = [task for task in workflow.tasks.values() if task._state < TaskState.COMPLETED]
    if not live:
        body = [_ENDED, _pack(workflow.data, diagram)]
    elif len(live) == 1 and live[0]._state == TaskState.READY:
        body = [specs.index[live[0].task_spec.name], _pack(live[0].data, diagram)]
    else:
        body = [_rows(_common_ancestor(live), diagram, specs)]
    return _seal(json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode(), diagram)


def load(state: bytes, *, diagram: Diagram, specs: Specs, workflow: LeanWorkflow) -> None:
    """Put the live tasks back under the root of an empty workflow; refuses foreign bytes: E_STATE_FORMAT."""
    body = json.loads(_open(state, diagram))
    root = workflow.task_tree
    root._state = TaskState.COMPLETED
    if isinstance(body[0], int):
        if body[0] == _ENDED:
            workflow.data.update(_unpack(body[1], diagram))
            workflow.completed = True
            return
        task = LeanTask(workflow, specs.process.task_specs[specs.names[body[0]]], root, TaskState.READY)
        task.data = _unpack(body[1], diagram)
    else:
        _restore(body[0], diagram, specs, workflow)


def _seal(body: bytes, diagram: Diagram) -> bytes:
    head = VERSION + bytes.fromhex(diagram.digest)[:_DIGEST_BYTES]
    return head + _check_of(head, body) + body


def _open(state: bytes, diagram: Diagram) -> bytes:
    head, check, body = state[: 1 + _DIGEST_BYTES], state[1 + _DIGEST_BYTES : _BODY], state[_BODY:]
    if head[:1] != VERSION:
        raise _refusal(f"格式版本 {head[:1].hex()}", f"format version {head[:1].hex()}")
    if _check_of(head, body) != check:
        raise _refusal("校验和不符", "the checksum differs")
    if head[1:] != bytes.fromhex(diagram.digest)[:_DIGEST_BYTES]:
        raise _refusal("属于另一版本的流程图", "it belongs to another version of the diagram")
    return body


def _check_of(head: bytes, body: bytes) -> bytes:
    return hashlib.blake2b(head + body, digest_size=_CHECK_BYTES).digest()


def _refusal(zh: str, en: str) -> Refused:
    return Refused("E_STATE_FORMAT", detail_zh=zh, detail_en=en)


def _pack(facts: Mapping[str, FactValue], diagram: Diagram) -> list[Any]:
    """Facts in the order of the diagram's list; a list stands for "not set"."""
    return [facts.get(name, _UNSET) for name in diagram.facts]


def _unpack(values: list[Any], diagram: Diagram) -> dict[str, FactValue]:
    return {name: value for name, value in zip(diagram.facts, values, strict=True) if value != _UNSET}


def _common_ancestor(live: list[LeanTask]) -> LeanTask:
    """The nearest task above all live ones: what lies above it is the past."""
    ways = [_way_to(task) for task in live]
    common = ways[0][0]
    for steps in zip(*ways, strict=False):
        if any(step is not steps[0] for step in steps):
            break
        common = steps[0]
    return common


def _way_to(task: LeanTask) -> list[LeanTask]:
    way = [task]
    while way[-1].parent is not None:
        way.append(way[-1].parent)
    return way[::-1]


def _rows(top: LeanTask, diagram: Diagram, specs: Specs) -> list[list[Any]]:
    """One row for each task from `top` down: place, state, row of the parent, rank of its last change, facts."""
    tasks = [task for task in top.workflow.tasks.values() if task is top or top in _way_to(task)]
    rank = {tick: place for place, tick in enumerate(sorted(task.last_state_change for task in tasks))}
    row_of = {task.id: place for place, task in enumerate(tasks)}
    return [
        [
            specs.index[task.task_spec.name],
            task._state,
            row_of.get(task._parent, -1),
            rank[task.last_state_change],
            _pack(task.data, diagram),
        ]
        for task in tasks
    ]


def _restore(rows: list[list[Any]], diagram: Diagram, specs: Specs, workflow: LeanWorkflow) -> None:
    tasks: list[LeanTask] = []
    first_tick = workflow.next_tick()
    for place, state, parent, rank, values in rows:
        above = workflow.task_tree if parent < 0 else tasks[parent]
        task = LeanTask(workflow, specs.process.task_specs[specs.names[place]], above, state)
        task.last_state_change = first_tick + rank
        task.data = _unpack(values, diagram)
        tasks.append(task)
    for _ in rows:
        workflow.next_tick()
