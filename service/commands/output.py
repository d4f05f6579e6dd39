"""How commands speak: refusals in both languages, bad lines by number, progress that fits where it is shown."""

import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from secrets import token_hex

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from service.commands.bad_file import BadFile
from service.config import from_environment
from service.domain.errors import FieldError, Refused
from service.use_cases.imports.defects import SHOWN

REFUSED = 2
FAULT = 1
_EVERY = 50_000

Advance = Callable[[int], None]
"""Tell how much is done by now, all in all."""


def say_refusal(refused: Refused) -> int:
    """Print code and sentence in Chinese and English, then each field at fault; answers the exit status."""
    _complain(f"{refused.code} {refused.message_zh}")
    _complain(f"{refused.code} {refused.message_en}")
    for error in refused.fields[:SHOWN]:
        if _says_more(error, refused):
            where = " ".join(part for part in (error.member, error.field) if part)
            _complain(f"  {where or '-'}: {error.code} {error.message_zh} / {error.message_en}")
    return REFUSED


def say_bad_file(bad: BadFile) -> int:
    """Print the first hundred bad lines, and a summary on standard output; answers the exit status."""
    for defect in bad.report.defects:
        _complain(str(defect))
    found = bad.report.found
    click.echo(f"{found} 处错误，未作任何更改 / {found} defects; nothing was changed")
    return REFUSED


def say_fault(fault: BaseException) -> int:
    """Print where it happened and a number to find it by; answers the exit status.

    The message of an exception may repeat what was read from a file: it is printed at log level DEBUG only.
    """
    request_id = token_hex(8)
    _complain("".join(traceback.format_tb(fault.__traceback__)).rstrip())
    _complain(f"{type(fault).__module__}.{type(fault).__qualname__}" + (f": {fault}" if _is_debugging() else ""))
    told = Refused("E_INTERNAL")
    for sentence in (told.message_zh, told.message_en):
        _complain(f"E_INTERNAL {sentence} (request_id {request_id})")
    return FAULT


def _is_debugging() -> bool:
    try:
        return from_environment().log_level == "DEBUG"
    except Refused:
        return False


@contextmanager
def progress(title: str, total: int | None = None) -> Iterator[Advance]:
    """Show how far a long work has come: a bar on a terminal, a plain line now and then elsewhere."""
    if sys.stderr.isatty():
        with _bar() as bar:
            task = bar.add_task(title, total=total)
            yield lambda done: bar.update(task, completed=done)
        return
    told = 0

    def tell(done: int) -> None:
        nonlocal told
        if done - told >= _EVERY:
            told = done
            _complain(f"{title}: {done:,}" + (f" / {total:,}" if total else ""))

    yield tell


def _bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)


def _says_more(error: FieldError, refused: Refused) -> bool:
    same = (error.zh, error.en) == (refused.detail_zh, refused.detail_en)
    return not (same and len(refused.fields) == 1)


def _complain(text: str) -> None:
    click.echo(text, err=True)
