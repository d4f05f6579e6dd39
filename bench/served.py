"""Real server processes for the benchmark, as an operator starts them."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from service.config import Settings

START_WITHIN_SECONDS = 30


@contextmanager
def serving(settings: Settings, *, processes: int) -> Iterator["list[Server]"]:
    """Start so many servers and answer them."""
    with ExitStack() as stack:
        yield [stack.enter_context(_server(settings, number)) for number in range(processes)]


@dataclass(frozen=True, slots=True)
class Server:
    """A running server process."""

    address: tuple[str, int]
    process: int

    @property
    def cpu_seconds(self) -> float:
        """Processor time so far; other load on the machine does not change it."""
        fields = Path(f"/proc/{self.process}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def resident_bytes(self) -> int:
        """Peak resident size so far."""
        status = Path(f"/proc/{self.process}/status").read_text()
        (line,) = (line for line in status.splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024


@contextmanager
def _server(settings: Settings, number: int) -> Iterator[Server]:
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
        yield Server(_address(process, log), process.pid)
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
