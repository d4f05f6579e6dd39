"""Other machines on this one: a receiver of posts and a mail server, as good or bad as a test wants them."""

import json
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(slots=True)
class Post:
    """One post as it came."""

    path: str
    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> dict[str, object]:
        return dict(json.loads(self.raw))


@dataclass(slots=True)
class Receiver:
    """Keeps what it was sent; `status` answers each post, `bytes_a_second` makes it slow."""

    url: str = ""
    posts: list[Post] = field(default_factory=list)
    status: Callable[[Post], int] = lambda _: 202
    bytes_a_second: float = 0

    def keys(self) -> list[str]:
        return [str(post.body["key"]) for post in self.posts]


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Run a receiver of posts."""
    made = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            post = Post(self.path, dict(self.headers), raw)
            made.posts.append(post)
            status = made.status(post)
            if made.bytes_a_second:
                self._drip()
                return
            self.send_response(status)
            self.send_header("Location", made.url + "/elsewhere")
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def _drip(self) -> None:
            try:
                for each in b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 1000:
                    self.wfile.write(bytes([each]))
                    self.wfile.flush()
                    time.sleep(1 / made.bytes_a_second)
            except OSError:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        made.url = f"http://127.0.0.1:{server.server_address[1]}"
        with _served(server):
            yield made


@dataclass(slots=True)
class MailBox:
    """Keeps what it was sent; `refusal` answers each receiver."""

    port: int = 0
    mails: list[str] = field(default_factory=list)
    refusal: bytes = b""


@contextmanager
def taking_mail() -> Iterator[MailBox]:
    """Run a mail server that knows just enough."""
    box = MailBox()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 sample\r\n")
            while line := self.rfile.readline():
                word = line.split()[0].upper() if line.split() else b""
                if word == b"QUIT":
                    self.wfile.write(b"221 bye\r\n")
                    return
                self.wfile.write(self._answer(word))

        def _answer(self, word: bytes) -> bytes:
            if word == b"RCPT" and box.refusal:
                return box.refusal + b"\r\n"
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = list(iter(self.rfile.readline, b".\r\n"))
                box.mails.append(b"".join(lines).decode())
            return b"250 ok\r\n"

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        box.port = server.server_address[1]
        with _served(server):
            yield box


@contextmanager
def _served(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join(timeout=10)
