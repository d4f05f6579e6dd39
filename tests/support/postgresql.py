"""A real PostgreSQL cluster of our own: made for one test session on a free loopback port, ended with it.

It collates by ICU as a deployment might, so that a column which forgot to ask for binary order is found.
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

OWNER = "zhuanjie"
START_WITHIN_SECONDS = 30
SETTINGS = ("listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=60", "log_statement=none")


class NoPostgreSQL(RuntimeError):
    """PostgreSQL is missing or does not start; the tests that need it fail with this sentence."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running cluster."""

    port: int

    def url(self, database: str) -> str:
        """Name one of its databases as DATABASE_URL does."""
        return f"postgresql://{OWNER}@127.0.0.1:{self.port}/{database}"

    def create(self, database: str, *, template: str = "template1") -> str:
        """Create a database, empty or as a copy of another, and answer its address."""
        self._execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')
        return self.url(database)

    def drop(self, database: str) -> None:
        """Remove a database together with the connections that a failed test left open."""
        self._execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def running_cluster(*settings: str) -> Iterator[Cluster]:
    """Initialise a cluster in a temporary folder, serve it with further settings, and end it by its own process id."""
    user = _unprivileged_user()
    folder = Path(tempfile.mkdtemp(prefix="zhuanjie-postgresql-"))
    try:
        if user:
            shutil.chown(folder, user)
        _initialise(folder / "data", user)
        with _serving(folder, user, *settings) as cluster:
            yield cluster
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def cluster_in(folder: Path) -> Callable[[], AbstractContextManager[Cluster]]:
    """Initialise a cluster in a folder of the test's choice, with small files of the journal.

    Answers what serves it, again and again, also after it died.
    """
    user = _unprivileged_user()
    if user:
        shutil.chown(folder, user)
    _initialise(folder / "data", user, "--wal-segsize", "1")
    return lambda: _serving(folder, user)


def _initialise(data: Path, user: str | None, *options: str) -> None:
    command = [
        _program("initdb"), "--pgdata", str(data), "--username", OWNER, "--auth", "trust", "--encoding", "UTF8",
        "--locale", "C.UTF-8", "--locale-provider", "icu", "--icu-locale", "und", "--no-instructions",
        *options,
    ]  # fmt: skip
    done = subprocess.run(command, user=user, cwd="/", capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoPostgreSQL(f"initdb failed: {done.stderr.strip() or done.stdout.strip()}")


@contextmanager
def _serving(folder: Path, user: str | None, *settings: str) -> Iterator[Cluster]:
    port = _free_port()
    command = [_program("postgres"), "-D", str(folder / "data"), "-p", str(port)]
    for setting in (*SETTINGS, *settings):
        command += ["-c", setting]
    log = folder / "log"
    with log.open("wb") as output:
        server = subprocess.Popen(command, user=user, cwd="/", stdout=output, stderr=output)
    try:
        cluster = Cluster(port)
        _await_answer(cluster, server, log)
        yield cluster
    finally:
        _end(server)


def _await_answer(cluster: Cluster, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_WITHIN_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            psycopg.connect(cluster.url("postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise NoPostgreSQL(f"PostgreSQL did not answer on port {cluster.port}:\n{log.read_text(errors='replace')}")


def _end(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(2)  # SIGINT is PostgreSQL's fast shutdown: it does not wait for clients
    try:
        server.wait(timeout=20)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _program(name: str) -> str:
    """Find a server program: Debian keeps them out of the search path."""
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda place: int(place.parts[4]))
    found = str(places[-1]) if places else shutil.which(name)
    if found is None:
        raise NoPostgreSQL(f"Expected PostgreSQL's {name}, found none. Run tools/test_machine.sh.")
    return found


def _unprivileged_user() -> str | None:
    """PostgreSQL refuses to run as root; then it runs as its own user, or as nobody."""
    if os.geteuid() != 0:
        return None
    users = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in users else "nobody"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
