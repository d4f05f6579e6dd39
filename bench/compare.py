"""`python -m bench compare [REVISION]`: is this tree slower than an earlier revision? Fails below 0.9.

Both serve on this machine at the same time and are measured in turn, the order changing from round to round, so that
other load meets both. The earlier revision stands in a git worktree in a temporary folder and is driven by the
benchmark of this tree, where that still fits it, so that only the service differs.
"""

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.measures import Measure, table
from tests.support.postgresql import running_cluster

ROOT = Path(__file__).parent.parent
LEAST = 0.9
ROUNDS = 10
MORE = 3
"""So many times as many rounds at most, before a tree is called slower: what else the machine does comes in waves."""
SECONDS = 1.5
CLIENTS = (1, 8)
PROCESSES = {"SQLite": 1, "PostgreSQL": 2}
SIDES = ("before", "now")
_MEASURED = ("service", "scripts", "bpmn", "forms", "letter_templates", "profiles", "constraints.txt")


class SideEndedError(Exception):
    """A side stopped before it was told to."""


@dataclass(frozen=True, slots=True)
class Side:
    """A running side; it answers one line for each line it is told."""

    process: "subprocess.Popen[str]"

    def round(self, clients: int, seconds: float) -> dict[str, float]:
        """Completions per second and processor time of one round."""
        return self._ask(f"{clients} {seconds}\n")

    def wait_until_ready(self) -> None:
        """Wait for its servers; raises SideEndedError when it does not come up."""
        self._ask("")

    def _ask(self, text: str) -> Any:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(text)
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise SideEndedError
        return json.loads(answer)


def main(arguments: Sequence[str]) -> int:
    """Compare, print the table; answers 1 when this tree is slower, 2 when the comparison cannot be made."""
    wishes = _parser().parse_args(arguments)
    revision = _resolved(wishes.revision or _commit_before())
    if revision is None:
        print(f"nothing to compare with: {wishes.revision or 'there is no commit before'}", file=sys.stderr)
        return 2 if wishes.revision else 0
    try:
        measures = _compared(revision, wishes.databases, wishes.rounds)
    except SideEndedError:
        print("one side did not serve; what it said stands above", file=sys.stderr)
        return 2
    print(table(measures))
    return 1 if any(each.met is False for each in measures) else 0


def _compared(revision: str, databases: Sequence[str], wanted: int) -> list[Measure]:
    with tempfile.TemporaryDirectory(prefix="zhuanjie-compare-") as folder, ExitStack() as stack:
        tree = stack.enter_context(_worktree(revision, Path(folder) / "tree"))
        _use_bench_of_this_tree(tree)
        measures: list[Measure] = []
        for kind in databases:
            rounds = _rounds(kind, {"before": tree, "now": ROOT}, Path(folder) / kind, wanted)
            measures += _figures(kind, rounds, revision)
        return measures


def _rounds(kind: str, trees: dict[str, Path], folder: Path, wanted: int) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    with ExitStack() as stack:
        urls = {name: f"sqlite:///{folder}/{name}/zhuanjie.db" for name in trees}
        if kind != "SQLite":
            cluster = stack.enter_context(running_cluster())
            urls = {name: cluster.create(f"compare_{name}") for name in trees}
        sides = {
            name: stack.enter_context(_side(tree, folder / name, urls[name], PROCESSES[kind]))
            for name, tree in trees.items()
        }
        for clients in CLIENTS:
            for number in range(wanted * MORE):
                if number >= wanted and _ratio(found[clients]) >= LEAST:
                    break
                order = SIDES if number % 2 else SIDES[::-1]
                found[clients].append({name: sides[name].round(clients, SECONDS) for name in order})
    return found


def _ratio(pairs: list[dict[str, Any]]) -> float:
    # Of each pair, not of the medians: both halves of a pair met the same load.
    return statistics.median(pair["now"]["per_second"] / pair["before"]["per_second"] for pair in pairs)


def _figures(kind: str, rounds: dict[int, list[dict[str, Any]]], revision: str) -> Iterator[Measure]:
    for clients, pairs in rounds.items():
        name = f"{kind}, {clients} client{'s' if clients > 1 else ''}"
        for what, unit in (("per_second", "/s"), ("cpu_ms", "ms")):
            now, before = (statistics.median(pair[side][what] for pair in pairs) for side in ("now", "before"))
            title = "completions" if unit == "/s" else "processor time"
            yield Measure("compare", f"{name}, {title}", now, unit, before, revision[:8])
        yield Measure("compare", f"{name}, ratio of {len(pairs)} rounds", _ratio(pairs), "", goal=f">= {LEAST}")


@contextmanager
def _side(tree: Path, folder: Path, database_url: str, processes: int) -> Iterator[Side]:
    folder.mkdir(parents=True)
    command = [sys.executable, "-m", "bench.compared_side", str(folder), database_url, str(processes)]
    process = subprocess.Popen(command, cwd=tree, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        side = Side(process)
        side.wait_until_ready()
        yield side
    finally:
        process.communicate()


@contextmanager
def _worktree(revision: str, folder: Path) -> Iterator[Path]:
    _git("worktree", "add", "--quiet", "--detach", str(folder), revision)
    try:
        yield folder
    finally:
        _git("worktree", "remove", "--force", str(folder))


def _use_bench_of_this_tree(tree: Path) -> None:
    """Drive both sides alike; where the earlier service is not fit for it, its own bench drives it."""
    own = tree / "bench-of-its-time"
    (tree / "bench").rename(own)
    shutil.copytree(ROOT / "bench", tree / "bench", ignore=shutil.ignore_patterns("results", "__pycache__"))
    with tempfile.TemporaryDirectory(prefix="zhuanjie-compare-") as folder:
        url = f"sqlite:///{folder}/zhuanjie.db"
        command = [sys.executable, "-m", "bench.compared_side", folder, url, "1"]
        tried = subprocess.run(command, cwd=tree, input="", capture_output=True, text=True, check=False)
    if tried.returncode:
        print("the earlier revision is driven by its own benchmark: today's does not fit it", file=sys.stderr)
        shutil.rmtree(tree / "bench")
        own.rename(tree / "bench")
        shutil.copy(ROOT / "bench" / "compared_side.py", tree / "bench")


def _commit_before() -> str:
    """The last commit when this tree differs from it, else the one before that."""
    changed = subprocess.run(["git", "diff", "--quiet", "HEAD", "--", *_MEASURED], cwd=ROOT, check=False).returncode
    return "HEAD" if changed == 1 else "HEAD~1"


def _resolved(revision: str) -> str | None:
    command = ["git", "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return found.stdout.strip() or None


def _git(*words: str) -> None:
    subprocess.run(["git", *words], cwd=ROOT, check=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench compare", description=__doc__)
    parser.add_argument("revision", nargs="?", default="", help="a commit, tag or branch; default: the commit before")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--databases", nargs="+", choices=tuple(PROCESSES), default=list(PROCESSES))
    return parser
