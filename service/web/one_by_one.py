"""Requests compute one after the other instead of all at once.

The interpreter runs one thread at a time anyway. Eight threads that fight for it in the middle of their work cost half
as much again as eight that take turns; who has been at work for long no longer keeps the others waiting.
"""

from collections.abc import Callable, Iterable
from contextlib import ExitStack, suppress
from typing import Any

from service.storage.turns import NoTurn, Turns

PATIENCE_SECONDS = 0.05

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


def one_by_one(application: Application, *, patience_seconds: float = PATIENCE_SECONDS) -> Application:
    """Wrap an application: a request waits for the one before, but for so long at most."""
    turns = Turns()

    def serve(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with ExitStack() as stack:
            with suppress(NoTurn):
                stack.enter_context(turns.taken(timeout=patience_seconds))
            return application(environ, start_response)

    return serve
