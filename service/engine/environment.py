"""Our own script environment: SpiffWorkflow hands over text, and only the diagram's own checked words answer.

The environment is replaced, not only the engine around it: SpiffWorkflow calls it directly in some places.
"""

from typing import Any, NoReturn

from SpiffWorkflow.bpmn.script_engine.python_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.script_engine.python_environment import BasePythonScriptEngineEnvironment

from service.definitions import words
from service.definitions.diagrams import Diagram
from service.definitions.words import CallLine
from service.domain.errors import Refused
from service.domain.transfers.functions import FactValue, Function, Outcome, kinds_of
from service.engine.progress import Call

MAX_STRING = 1000
MAX_INTEGER = 2**53


class WordsEnvironment(BasePythonScriptEngineEnvironment):
    """Interprets the words of one diagram during one step and records every call."""

    def __init__(self, diagram: Diagram, *, context: Any) -> None:
        super().__init__()
        self._diagram = diagram
        self.context = context
        self.calls: list[Call] = []

    def evaluate(self, expression: str, context: dict[str, FactValue], external_context: object = None) -> bool:
        """Judge a condition of this diagram; `context` is SpiffWorkflow's word for the facts."""
        for flow, text in self._diagram.condition_texts.items():
            if text == expression:
                return words.holds(self._diagram.conditions[flow], context)
        raise _not_ours(expression)

    def execute(self, script: str, context: dict[str, FactValue], external_context: object = None) -> bool:
        """Run the lines of a script of this diagram."""
        for node, text in self._diagram.texts.items():
            if text == script:
                for line in self._diagram.scripts[node]:
                    self._run(line, context, node)
                return True
        raise _not_ours(script)

    def call_service(self, context: dict[str, FactValue], **kwargs: object) -> NoReturn:
        """No diagram of ours calls a service."""
        raise _not_ours("service task")

    def _run(self, line: CallLine, facts: dict[str, FactValue], node: str) -> None:
        function = self._diagram.functions[line.function]
        arguments = words.arguments_of(line, facts)
        digest = self.context.digest()
        try:
            outcome = function.call(self.context, **arguments)
            _check_outcome(function, outcome)
        except Refused:
            raise
        except Exception as fault:  # told where it happened, then passed on as it is
            fault.add_note(f"{self._diagram.process_id} {self._diagram.digest[:12]} {node}: {line.function}")
            raise
        self.calls.append(Call(line.function, arguments, digest, dict(outcome.facts), outcome.effects))
        self.context = self.context.after(outcome.effects)
        if line.target is None:
            facts.update(outcome.facts)
        else:
            facts[line.target] = next(iter(outcome.facts.values()))


class WordsEngine(PythonScriptEngine):
    """Lets every exception through as the same object; the stock engine wraps it, and breaks on some."""

    environment: WordsEnvironment

    def validate(self, expression: str) -> NoReturn:
        """Nothing is left to be validated at run time."""
        raise _not_ours(expression)

    def evaluate(self, task: Any, expression: str, external_context: object = None) -> bool:
        """Judge a condition for a task."""
        return self.environment.evaluate(expression, task.data)

    def execute(self, task: Any, script: str, external_context: object = None) -> bool:
        """Run the words of a task."""
        return self.environment.execute(script, task.data)

    def call_service(self, task: Any, **kwargs: object) -> NoReturn:
        """No diagram of ours calls a service (the stock method fails on its own error path)."""
        raise _not_ours("service task")

    def create_task_exec_exception(self, task: Any, script: str, err: Exception) -> Exception:
        """Keep the exception."""
        return err


def check_scalar(value: FactValue, *, name: str) -> None:
    """Refuse what workflow data cannot hold; a fault of the caller: TypeError."""
    small = (
        value is None
        or type(value) is bool
        or (type(value) is int and abs(value) <= MAX_INTEGER)
        or (type(value) is str and len(value) <= MAX_STRING)
    )
    if not small:
        raise TypeError(f"expected {name} to be a short string, an integer, a boolean or None, found {value!r:.80}")


def _check_outcome(function: Function, outcome: Any) -> None:
    """A function keeps what it declared; if not, that is a fault of the program: TypeError."""
    if not isinstance(outcome, Outcome) or set(outcome.facts) != set(function.gives):
        raise TypeError(f"{function.name}: expected the facts {sorted(function.gives)}, found {outcome!r:.200}")
    for name, value in outcome.facts.items():
        check_scalar(value, name=name)
        if type(value) not in kinds_of(function.gives[name]):
            raise TypeError(f"{function.name}: expected {name} to be {function.gives[name]}, found {value!r:.80}")
    for effect in outcome.effects:
        if not isinstance(effect, function.effects):
            raise TypeError(f"{function.name}: the effect {type(effect).__name__} is not declared")


def _not_ours(text: Any) -> Refused:
    shown = text[:60] if isinstance(text, str) else type(text).__name__
    return Refused(
        "E_BPMN_INVALID", detail_zh=f"不是本流程图的文字：{shown}", detail_en=f"not words of this diagram: {shown}"
    )
