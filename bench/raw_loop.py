"""The floor to compare with: bare SpiffWorkflow over SQLite, and what one flush to the disk costs here.

Six user tasks in a row, the whole state as JSON read and written at each step in one transaction with FULL
synchronous; no server, no log-in, no permission, no history, no letter.
"""

import io
import os
import sqlite3
import statistics
import tempfile
import time
from itertools import pairwise
from pathlib import Path

from lxml import etree
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.spiff.parser.process import SpiffBpmnParser
from SpiffWorkflow.spiff.serializer.config import SPIFF_CONFIG
from SpiffWorkflow.util.task import TaskState

TASKS = 6
_BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"


def completions_per_second(*, seconds: float) -> float:
    """Completed user tasks by wall time, starts included."""
    with tempfile.TemporaryDirectory(prefix="zhuanjie-bench-") as folder:
        connection = sqlite3.connect(Path(folder) / "raw.db", isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE instances (id INTEGER PRIMARY KEY, state TEXT NOT NULL)")
        loop = _Loop(connection)
        done, begun = 0, time.perf_counter()
        while time.perf_counter() - begun < seconds:
            instance = loop.start()
            for _ in range(TASKS):
                loop.complete(instance)
            done += TASKS
        elapsed = time.perf_counter() - begun
        connection.close()
    return done / elapsed


def flush_seconds(*, repeat: int = 200) -> float:
    """Median time of one fdatasync after overwriting 4 KiB."""
    taken = []
    with tempfile.TemporaryFile() as file:
        file.write(bytes(4096))
        for number in range(repeat):
            file.seek(0)
            file.write(number.to_bytes(2, "big") * 2048)
            file.flush()
            begun = time.perf_counter()
            os.fdatasync(file.fileno())
            taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


class _Loop:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(SPIFF_CONFIG))
        parser = SpiffBpmnParser()
        parser.add_bpmn_xml(etree.parse(io.BytesIO(_diagram())))
        self._spec = parser.get_spec("raw")

    def start(self) -> int:
        workflow = BpmnWorkflow(self._spec)
        workflow.do_engine_steps()
        state = self._serializer.serialize_json(workflow)
        return int(self._connection.execute("INSERT INTO instances (state) VALUES (?)", (state,)).lastrowid or 0)

    def complete(self, instance: int) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        (state,) = self._connection.execute("SELECT state FROM instances WHERE id = ?", (instance,)).fetchone()
        workflow = self._serializer.deserialize_json(state)
        (task,) = workflow.get_tasks(state=TaskState.READY, manual=True)
        task.data.update({"decision": "同意", "opinion": "情况属实", "handler": "样例", "days": 90})
        task.run()
        workflow.do_engine_steps()
        state = self._serializer.serialize_json(workflow)
        self._connection.execute("UPDATE instances SET state = ? WHERE id = ?", (state, instance))
        self._connection.execute("COMMIT")


def _diagram() -> bytes:
    names = ["begin", *(f"task{number}" for number in range(TASKS)), "done"]
    tasks = "".join(f'<userTask id="{name}" name="{name}"/>' for name in names[1:-1])
    pairs = pairwise(names)
    flows = "".join(f'<sequenceFlow id="f_{one}" sourceRef="{one}" targetRef="{two}"/>' for one, two in pairs)
    return (
        f'<definitions xmlns="{_BPMN}" targetNamespace="urn:raw"><process id="raw" isExecutable="true">'
        f'<startEvent id="begin"/>{tasks}<endEvent id="done"/>{flows}</process></definitions>'
    ).encode()
