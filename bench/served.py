"""Real server processes for the benchmark, as an operator starts them."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from service.config import Settings

START_WITHIN_SECONDS = 30


@contextmanager
def serving(settings: Settings, *, processes: int) -> Iterator[list[tuple[str, int]]]:
    """Start so many servers and answer their addresses."""
    with ExitStack() as stack:
        yield [stack.enter_context(_server(settings, number)) for number in range(processes)]


def resident_bytes(process: int) -> int:
    """Peak resident size of a process so far."""
    status = Path(f"/proc/{process}/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


@contextmanager
def _server(settings: Settings, number: int) -> Iterator[tuple[str, int]]:
    log = settings.data / f"server{number}.log"
    environment = {
        **os.environ,
        "DATABASE_URL": settings.database_url,
        "ZHUANJIE_DATA": str(settings.data),
        "ZHUANJIE_KEY_FILE": str(settings.key_file),
        "ZHUANJIE_PROFILE": settings.profile,
        "ZHUANJIE_PORT": "18200",
        "ZHUANJIE_LOG_LEVEL": "WARNING",
    }
    command = [sys.executable, "-m", "service.cli", "serve"]
    with log.open("w") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.STDOUT)
    try:
        yield _address(process, log)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _address(process: subprocess.Popen[bytes], log: Path) -> tuple[str, int]:
    deadline = time.monotonic() + START_WITHIN_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        for line in log.read_text().splitlines():
            if line.startswith("http://"):
                found = urlsplit(line)
                assert found.hostname
                assert found.port
                return found.hostname, found.port
        time.sleep(0.05)
    raise RuntimeError(f"the server did not start:\n{log.read_text()}")
