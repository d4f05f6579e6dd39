"""Half-sent bodies fill neither the memory nor the way of others: a real server in a process of its own."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path

import pytest

MEGABYTE = 1024 * 1024
ROOM = 32 * MEGABYTE
SENT = 6 * MEGABYTE
SENDERS = 40
_SERVER = """
import sys
from service.commands import bodies, server
from service.config import Settings
{changes}
def answer(environ, start):
    length = len(environ["wsgi.input"].read())
    start("200 OK", [("Content-Length", str(len(str(length))))])
    return [str(length).encode()]
found = server.listen(answer, Settings(port=18521, threads=4))
print(found.effective_port, flush=True)
found.run()
"""


@contextmanager
def server(*changes: str) -> Iterator[tuple[int, int]]:
    """Its port and its process."""
    text = _SERVER.format(changes="\n".join(changes))
    command = [sys.executable, "-c", text]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline()), process.pid
        finally:
            process.kill()


def resident(process: int) -> int:
    """The most bytes that it ever held in memory."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


def post(port: int, size: int) -> tuple[int, bytes]:
    """Status and answer; 503 also where the answer was not waited for, as the server hangs up while it is sent to."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        try:
            connection.request("POST", "/", bytes(size))
            answer = connection.getresponse()
            return answer.status, answer.read()
        except ConnectionError:
            return 503, b""


def half_sent(stack: ExitStack, port: int, *, chunked: bool) -> socket.socket:
    """A connection on which six megabytes of twenty have come, as far as they were taken."""
    sender = stack.enter_context(closing(socket.create_connection(("127.0.0.1", port))))
    sender.settimeout(2)
    length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {20 * MEGABYTE}"
    with suppress(OSError):
        sender.sendall(f"POST / HTTP/1.1\r\nHost: x\r\n{length}\r\n\r\n".encode())
        for _ in range(SENT // 65_536):
            sender.sendall(b"10000\r\n" + b"x" * 65_536 + b"\r\n" if chunked else b"x" * 65_536)
    return sender


@pytest.mark.parametrize("chunked", [False, True])
def test_half_sent_bodies_together_take_no_more_than_is_set_aside(chunked: bool) -> None:
    with server(f"server.MOST_BYTES = {ROOM}") as (port, process), ExitStack() as stack:
        assert post(port, 10 * MEGABYTE) == (200, b"10485760")
        before = resident(process)
        senders = [half_sent(stack, port, chunked=chunked) for _ in range(SENDERS)]
        assert resident(process) - before < 2 * ROOM, "240 megabytes were sent"
        assert post(port, 60_000) == (200, b"60000"), "whoever works is not kept from it"
        assert post(port, SENT)[0] == 503
        for sender in senders:
            sender.close()
        _wait_for_room(port)


def _wait_for_room(port: int) -> None:
    for _ in range(50):
        if post(port, 20 * MEGABYTE) == (200, b"20971520"):
            return
        time.sleep(0.1)
    raise AssertionError("what was left behind still takes the room")


def test_the_room_is_found_again_by_one_after_the_other() -> None:
    with server(f"server.MOST_BYTES = {ROOM}") as (port, _):
        assert [post(port, 20 * MEGABYTE)[0] for _ in range(6)] == [200] * 6


def test_who_sends_a_byte_now_and_then_does_not_keep_his_room() -> None:
    with server("bodies.PATIENCE_SECONDS = 1.0") as (port, _), ExitStack() as stack:
        slow = stack.enter_context(closing(socket.create_connection(("127.0.0.1", port))))
        slow.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n" + b"x" * 100)
        answer = b""
        slow.settimeout(0.3)
        for _ in range(20):
            with suppress(TimeoutError):
                answer += slow.recv(100)
                break
            slow.sendall(b"x")
        assert answer.startswith(b"HTTP/1.1 408")


def test_headers_take_no_more_than_a_certificate_needs() -> None:
    with server() as (port, _), closing(socket.create_connection(("127.0.0.1", port))) as sender:
        sender.settimeout(5)
        with suppress(OSError):
            for _ in range(20):
                sender.sendall(b"X: " + b"x" * 8_000)
        assert sender.recv(100).startswith(b"HTTP/1.0 431")
