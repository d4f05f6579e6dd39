"""The log: one JSON object a line, with ids and never with the content of a form.

The message of an exception may repeat what was entered, so it is written only where the operator asked for DEBUG.
"""

import logging
import sys
import traceback
from typing import Any

import structlog
from flask import g, request

from service.web.requests import request_id

_log: Any = structlog.get_logger("zhuanjie")


def configure(level: str) -> None:
    """Write JSON lines of this level and above to standard error."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=lambda *_: structlog.WriteLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


def fault(error: BaseException) -> None:
    """Write down a fault with its trace: files, lines and kinds of exceptions."""
    _log.error("fault", **_where(), exception=_kinds(error), trace=_frames(error))
    _log.debug("fault message", request_id=request_id(), message=str(error))


def note(what: str, **facts: str | int | None) -> None:
    """Write down something an operator will look for, as a log-in that failed."""
    _log.info(what, **_where(), **facts)


def _where() -> dict[str, Any]:
    session = g.get("session")
    return {
        "request_id": request_id(),
        "method": request.method,
        "endpoint": request.endpoint,
        "ids": request.view_args or {},
        "account": session.account.id if session else None,
    }


def _kinds(error: BaseException) -> list[str]:
    kinds: list[str] = []
    here: BaseException | None = error
    while here is not None:
        kinds.append(f"{type(here).__module__}.{type(here).__qualname__}")
        here = here.__cause__ or here.__context__
    return kinds


def _frames(error: BaseException) -> list[str]:
    return [f"{each.filename}:{each.lineno} {each.name}" for each in traceback.extract_tb(error.__traceback__)]
