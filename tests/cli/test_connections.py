"""Connections that say nothing shut nobody out."""

import socket
import threading
from contextlib import ExitStack, closing
from urllib.request import urlopen

from service.commands.server import listen
from service.config import Settings


def _answer(_environ: object, start: object) -> list[bytes]:
    start("200 OK", [("Content-Length", "2")])  # type: ignore[operator]
    return [b"ok"]


def test_a_hundred_silent_connections_keep_nobody_waiting() -> None:
    server = listen(_answer, Settings(port=18421))
    threading.Thread(target=server.run, daemon=True).start()
    with ExitStack() as stack:
        for _ in range(150):
            silent = stack.enter_context(closing(socket.create_connection(("127.0.0.1", server.effective_port))))
            silent.sendall(b"GET / HTTP/1.1\r\nX: ")
        with urlopen(f"http://127.0.0.1:{server.effective_port}/", timeout=5) as answer:
            assert answer.read() == b"ok"
