"""`zhuanjie serve` and `zhuanjie worker`: the processes that stay.

On SQLite one `serve` is everything, the worker inside it. On PostgreSQL any number of both may run.
"""

import errno
import gc
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from types import FrameType
from typing import Any

import click
from waitress.server import create_server

from service.app import create_app
from service.bootstrap import channels
from service.commands.backups import nightly
from service.commands.bodies import MOST_BYTES, Room, bounded
from service.commands.context import database_file, require_made, within
from service.commands.dispatcher import OneAfterTheOther
from service.commands.server_lock import only_server
from service.config import Settings, from_environment
from service.domain.errors import Refused
from service.scheduler import Worker, working
from service.storage import standalone
from service.web.deployed import deployed
from service.web.uploads import LARGEST_REQUEST, LARGEST_UPLOAD

SWITCH_SECONDS = 0.0005
GARBAGE_THRESHOLDS = (50_000, 20, 50)
PORTS_TRIED = 50
MOST_CONNECTIONS = 400
"""A hundred silent ones must not shut the others out. What all of them together hold is bounded in `bodies`."""
SILENT_SECONDS = 30
"""A connection on which nothing was said for so long is closed, unless its request is being answered."""
LARGEST_HEADERS = 64 * 1024
"""A certificate of sixteen kilobytes in percent signs is the longest that fits in."""
LARGEST_BODY = LARGEST_UPLOAD + LARGEST_REQUEST
"""What is read of a request before the application may refuse it. It stays in memory: a file on the way in or out may
be the photograph of an identity card, which must not lie open in a temporary file."""


@click.command()
@click.option("--with-worker", is_flag=True, help="PostgreSQL: 同时运行后台任务 / run the worker in this process too")
def serve(with_worker: bool) -> None:
    """启动网页服务 / Serve pages and interface; on SQLite the worker runs inside."""
    serve_until_stopped(from_environment(), with_worker=with_worker)


@click.command()
def worker() -> None:
    """启动后台任务 / Deliver what is due (SQLite: `serve` does this itself)."""
    settings = from_environment()
    with only_server(database_file(settings)), stopped_by_signals():
        with within(settings) as deployment:
            app = standalone.application(settings.database_url)
        with working(Worker(app.app_context, deployment, channels(settings), nightly(settings))):
            click.echo("后台任务已启动 / worker started")
            while True:
                time.sleep(3600)


def serve_until_stopped(settings: Settings, *, with_worker: bool = False, welcome: str = "") -> None:
    """Serve until a signal comes; refuses E_DATABASE_IN_USE, E_SCHEMA_VERSION, E_SETTING_INVALID."""
    with only_server(database_file(settings)), stopped_by_signals():
        require_made(settings)
        app = create_app(settings)
        works_inside = with_worker or database_file(settings) is not None
        inside: AbstractContextManager[None] = nullcontext()
        if works_inside:
            inside = working(Worker(app.app_context, deployed(app).deployment, channels(settings), nightly(settings)))
        server = listen(app, settings)
        _settle()
        with inside:
            click.echo(f"{welcome}http://{_shown(settings.host)}:{server.effective_port}/")
            # waitress ends its loop on SystemExit and lets requests under way finish.
            server.run()


def _settle() -> None:
    """Fit the interpreter to a server; in process it saved time, through HTTP no gain was measured."""
    # Who is handed the write lock must not wait long for the interpreter: the default is 5 ms.
    sys.setswitchinterval(SWITCH_SECONDS)
    # What was loaded stays; it need not be searched for garbage with every few requests.
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE_THRESHOLDS)


def listen(app: Any, settings: Settings) -> Any:
    """Bind the wished port, or the next free one; refuses E_SETTING_INVALID when none is."""
    dispatcher = OneAfterTheOther(threads=settings.threads)
    for port in range(settings.port, settings.port + PORTS_TRIED):
        servers: dict[int, Any] = {}
        try:
            server = create_server(
                app,
                map=servers,
                host=settings.host,
                port=port,
                _dispatcher=dispatcher,
                ident="zhuanjie",
                connection_limit=MOST_CONNECTIONS,
                channel_timeout=SILENT_SECONDS,
                cleanup_interval=5,
                asyncore_use_poll=True,
                max_request_header_size=LARGEST_HEADERS,
                max_request_body_size=LARGEST_BODY,
                inbuf_overflow=2 * LARGEST_BODY,
                outbuf_overflow=2 * LARGEST_BODY,
                clear_untrusted_proxy_headers=settings.proxies == 0,
            )
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise _cannot_listen(settings, str(error)) from error
        else:
            bounded(servers, Room(MOST_BYTES))
            return server
    raise _cannot_listen(settings, f"{PORTS_TRIED} ports in use")


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Turn SIGTERM into an orderly end, as Ctrl+C is one; the command then exits with 0."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    except KeyboardInterrupt:
        raise SystemExit(0) from None
    finally:
        signal.signal(signal.SIGTERM, before)


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _cannot_listen(settings: Settings, reason: str) -> Refused:
    where = f"{settings.host}:{settings.port}"
    return Refused(
        "E_SETTING_INVALID",
        field="ZHUANJIE_PORT",
        detail_zh=f"无法监听 {where}（{reason}）",
        detail_en=f"cannot listen on {where} ({reason})",
    )
