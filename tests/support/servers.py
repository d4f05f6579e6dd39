"""A real server for one test: the application behind waitress on a free loopback port."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from waitress import wasyncore
from waitress.server import create_server


@contextmanager
def serving(application: Callable[..., Any], *, threads: int = 4) -> Iterator[str]:
    """Serve an application from a thread and answer its address, as http://127.0.0.1:PORT."""
    server = create_server(application, host="127.0.0.1", port=0, threads=threads, _start=True)
    thread = threading.Thread(target=server.run, name="test-server", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        # In the server's own thread: browsers keep their connections open, and its loop ends with the last one.
        server.trigger.pull_trigger(lambda: wasyncore.close_all(server._map))
        thread.join(timeout=10)
        server.task_dispatcher.shutdown()
