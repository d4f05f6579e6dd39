"""Replay on recorded calls: the same way again, and any difference is found."""

from dataclasses import replace

import pytest

from service.engine.recorded import DivergedError, answering
from service.engine.runner import Engine
from tests.engine import tiny

ENGINE = Engine()
DIAGRAM = tiny.load(tiny.LOOP)
CONTEXT = tiny.Scripted(answers=({"step": "apply", "due": True},))
FIRST = ENGINE.start(DIAGRAM, facts={}, context=CONTEXT)
STEP = {"state": FIRST.state, "element": "apply", "facts": {"decision": "approve"}, "context": CONTEXT}
SECOND = ENGINE.complete(DIAGRAM, **STEP)


def test_a_record_replays():
    assert ENGINE.start(answering(DIAGRAM, FIRST.calls), facts={}, context=CONTEXT) == FIRST
    assert ENGINE.complete(answering(DIAGRAM, SECOND.calls), **STEP) == SECOND


@pytest.mark.parametrize(
    "calls",
    [
        SECOND.calls[:-1],
        SECOND.calls[1:],
        SECOND.calls[::-1],
        (replace(SECOND.calls[0], name="other"), *SECOND.calls[1:]),
        (replace(SECOND.calls[0], arguments={"a": 1}), *SECOND.calls[1:]),
        (replace(SECOND.calls[0], context_digest="0"), *SECOND.calls[1:]),
        (replace(SECOND.calls[0], facts={"due": False, "stays": False}), *SECOND.calls[1:]),
        (replace(SECOND.calls[0], effects=()), *SECOND.calls[1:]),
    ],
)
def test_a_changed_record_diverges(calls):
    with pytest.raises(DivergedError):
        progress = ENGINE.complete(answering(DIAGRAM, calls), **STEP)
        if progress.calls != SECOND.calls:
            raise DivergedError


def test_another_decision_diverges():
    with pytest.raises(DivergedError):
        ENGINE.complete(answering(DIAGRAM, SECOND.calls), **{**STEP, "facts": {"decision": "reject"}})
