"""The processes that stay, as an operator starts them: one per SQLite file, the next free port, an orderly end."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

START_WITHIN_SECONDS = 60


def environment(data: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ZHUANJIE", "DATABASE"))}
    return {**kept, "ZHUANJIE_DATA": str(data), "PYTHONUNBUFFERED": "1", **more}


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "service.cli", *words]


@contextmanager
def started(data: Path, **more: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A server, when it has said its address; it is ended if the test has not done so."""
    log = data / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(command("serve"), env=environment(data, **more), stdout=output, stderr=output)
    try:
        deadline = time.monotonic() + START_WITHIN_SECONDS
        while not (found := re.search(r"http://\S+", log.read_text())):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield process, found[0]
    finally:
        process.kill()
        process.wait()


def test_one_server_serves_one_file_and_ends_in_order(tmp_path: Path) -> None:
    subprocess.run(command("init"), env=environment(tmp_path), check=True, capture_output=True)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with started(tmp_path, ZHUANJIE_PORT=str(port)) as (process, address):
            assert not address.endswith(f":{port}/")
            with urllib.request.urlopen(f"{address}api/v1/openapi.json", timeout=30) as answer:  # noqa: S310 - the address of our own server
                assert answer.status == 200
            for word in ("serve", "worker"):
                second = subprocess.run(
                    command(word), env=environment(tmp_path), capture_output=True, text=True, check=False
                )
                assert second.returncode == 2
                assert second.stderr.startswith("E_DATABASE_IN_USE")
                assert str(process.pid) in second.stderr
            beside = subprocess.run(command("doctor"), env=environment(tmp_path), capture_output=True, check=False)
            assert b"ok   schema" in beside.stdout
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=20) == 0
    with started(tmp_path, ZHUANJIE_PORT=str(port)) as (process, address):
        assert address.endswith(f":{port}/")
