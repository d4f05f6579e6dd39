"""Which statements a piece of work sends to the database, whichever way they go."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import sqlalchemy as sa

from service.storage.prepared import Prepared


@contextmanager
def noting(engine: sa.Engine) -> Iterator[list[str]]:
    """Note the SQL of all that is executed in the block."""
    found: list[str] = []

    def note(*arguments: object) -> None:
        found.append(str(arguments[2]))

    run = Prepared._run

    def run_noted(statement: Prepared, parameters: dict) -> object:
        answer = run(statement, parameters)
        found.append(answer[0].sql)
        return answer

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        with patch.object(Prepared, "_run", run_noted):
            yield found
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
