"""Starts a transfer and takes it on, one completed task at a time: SpiffWorkflow runs from wait to wait."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from service.definitions.diagram_words import DECISION
from service.definitions.diagrams import Diagram
from service.domain.errors import Refused
from service.domain.transfers.functions import FactValue, kinds_of
from service.engine import state as states
from service.engine.environment import WordsEngine, WordsEnvironment, check_scalar
from service.engine.progress import Context, OpenTask, Progress
from service.engine.specs import Specs, specs_of
from service.engine.workflow import LeanWorkflow


class Engine:
    """Holds nothing between steps; one engine serves all threads."""

    def prepare(self, diagram: Diagram) -> None:
        """Parse the diagram now, so that the first transfer does not wait for it."""
        specs_of(diagram)

    def start(self, diagram: Diagram, *, facts: Mapping[str, FactValue], context: Context) -> Progress:
        """Begin a new instance with exactly the facts that the diagram was loaded for, and run to the first wait."""
        if set(facts) != set(diagram.given):
            raise ValueError(f"expected the facts {sorted(diagram.given)} at the start, found {sorted(facts)}")
        for name, value in facts.items():
            check_scalar(value, name=name)
            if type(value) not in kinds_of(diagram.given[name]):
                raise TypeError(f"expected {name} to be {diagram.given[name]}, found {value!r:.80}")
        step = _Step(diagram, context)
        step.workflow.task_tree.data = dict(facts)
        step.workflow.task_tree._ready()
        return step.finish()

    def complete(
        self, diagram: Diagram, *, state: bytes, element: str, facts: Mapping[str, FactValue], context: Context
    ) -> Progress:
        """Complete an open user task with a decision and run to the next wait.

        Refuses bytes that are no state of this diagram (E_STATE_FORMAT) and a task that is not open
        (E_ACTION_NOT_ALLOWED). Facts other than `decision`, or none, are a fault of the caller.
        """
        if set(facts) != {DECISION} or type(facts[DECISION]) is not str:
            raise ValueError(f"expected the fact {DECISION} and no other, found {dict(facts)!r:.80}")
        check_scalar(facts[DECISION], name=DECISION)
        step = _Step(diagram, context)
        states.load(state, diagram=diagram, specs=step.specs, workflow=step.workflow)
        task = next((task for task in step.workflow.ready(manual=True) if task.task_spec.name == element), None)
        if task is None:
            raise Refused(
                "E_ACTION_NOT_ALLOWED",
                field=element,
                detail_zh="该环节未在办理中",
                detail_en=f"{element} is not open",
            )
        task.data.update(facts)
        task.run()
        return step.finish()

    def open_tasks(self, diagram: Diagram, *, state: bytes) -> tuple[OpenTask, ...]:
        """Read which user tasks are open, without running anything; refuses like `complete`."""
        step = _Step(diagram, None)
        states.load(state, diagram=diagram, specs=step.specs, workflow=step.workflow)
        return step.open_tasks()


class _Step:
    """One run from wait to wait, with an instance of its own."""

    def __init__(self, diagram: Diagram, context: Any) -> None:
        self.diagram = diagram
        self.specs: Specs = specs_of(diagram)
        self.environment = WordsEnvironment(diagram, context=context)
        self.workflow = LeanWorkflow(self.specs, script_engine=WordsEngine(self.environment))

    def open_tasks(self) -> tuple[OpenTask, ...]:
        """The user tasks that wait."""
        names = [task.task_spec.name for task in self.workflow.ready(manual=True)]
        return tuple(OpenTask(name, self.diagram.roles[name]) for name in names)

    def finish(self) -> Progress:
        """Run what needs no person and report."""
        self.workflow.run_to_wait()
        open_tasks = self.open_tasks()
        if not open_tasks and not self.workflow.completed:
            raise RuntimeError(f"{self.diagram.process_id} stands still: no task is open and it has not ended")
        facts: dict[str, FactValue] = dict(self.workflow.data)
        for task in self.workflow.ready(manual=True):
            facts |= task.data
        return Progress(
            state=states.dump(self.workflow, diagram=self.diagram, specs=self.specs),
            open_tasks=open_tasks,
            calls=tuple(self.environment.calls),
            context=self.environment.context,
            facts=MappingProxyType(dict(sorted(facts.items()))),
            path=tuple(self.workflow.path),
            ended=self.workflow.completed,
        )
