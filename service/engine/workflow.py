"""SpiffWorkflow's workflow and tasks without what would grow or cost: predictions, random ids, eager log records.

A task's children are made when it is done, not guessed before; so the tree holds only what really happened.
"""

from typing import Any

from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from service.engine.environment import WordsEngine
from service.engine.specs import Specs


class LeanTask(Task):
    """A task with a small integer id; the order of changes stands for the clock."""

    workflow: "LeanWorkflow"

    def __init__(
        self, workflow: "LeanWorkflow", spec: Any, parent: "Task | None" = None, state: int = TaskState.FUTURE
    ) -> None:
        self.id = workflow.next_id()
        self.workflow = workflow
        self.task_spec = spec
        self._parent = parent.id if parent is not None else None
        self._children: list[int] = []
        self._state = state
        self.triggered = False
        self.thread_id = 0
        self.data: dict[str, Any] = {}
        self.internal_data: dict[str, Any] = {}
        self.last_state_change = workflow.next_tick()
        workflow.tasks[self.id] = self
        if parent is not None:
            parent._children.append(self.id)

    def _add_child(self, task_spec: Any, state: int = TaskState.FUTURE) -> "LeanTask":
        return LeanTask(self.workflow, task_spec, self, state)

    def _set_state(self, value: int) -> None:
        if value != self._state:
            self.last_state_change = self.workflow.next_tick()
            self._state = value

    def _inherit_data(self) -> None:
        self.data = {**self.data, **self.parent.data}

    def complete(self) -> None:
        """Mark the task done, note it in the path, make what follows and tell it."""
        self._set_state(TaskState.COMPLETED)
        if not self._children:
            for spec in self.task_spec.outputs:
                self._add_child(spec)
        self.workflow.note_passed(self)
        self.task_spec._on_complete(self)


class LeanWorkflow(BpmnWorkflow):
    """One instance in the hands of one thread, for one step."""

    def __init__(self, specs: Specs, *, script_engine: WordsEngine) -> None:
        self._ticks = 0
        self._ids = 0
        self._flows = specs.flows
        self.path: list[str] = []
        super().__init__(specs.process, script_engine=script_engine, deserializing=True)
        self.task_tree = LeanTask(self, specs.process.start)

    def next_id(self) -> int:
        """A new task id."""
        self._ids += 1
        return self._ids

    def next_tick(self) -> int:
        """Count changes; SpiffWorkflow sorts by it where branches meet."""
        self._ticks += 1
        return self._ticks

    def ready(self, *, manual: bool) -> list[LeanTask]:
        """Tasks that may run now: those of people, or those of the engine."""
        return [
            task for task in self.tasks.values() if task._state == TaskState.READY and task.task_spec.manual == manual
        ]

    def run_to_wait(self) -> None:
        """Run what needs no person until only people are waited for."""
        while tasks := self.ready(manual=False):
            for task in tasks:
                # An earlier task of this round may have cancelled this one.
                if task._state == TaskState.READY:
                    task.run()

    def note_passed(self, task: LeanTask) -> None:
        """Add a node that is done, and the flows that leave it now, to the path."""
        name = task.task_spec.name
        if task.task_spec.bpmn_id is not None:
            self.path.append(name)
        for child in task.children:
            if flow := self._flows.get((name, child.task_spec.name)):
                self.path.append(flow)

    def update_waiting_tasks(self) -> None:
        """Nothing to do: a join is looked at by each branch that reaches it, and nothing else ever waits here."""

    def _task_completed_notify(self, task: LeanTask) -> None:
        if task.task_spec.name == "End":
            self.data.update(task.data)
            self.completed = True
