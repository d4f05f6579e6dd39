"""Removes rules one at a time and looks whether a test that carries the rule's number notices.

`python tools/mutations.py [WORD ...]` – all mutations of tools/mutations.toml, or those whose name or rule holds a word.
Each is one exact replacement in a temporary copy of this tree; then the tests that carry its number run there, but for
the slow ones, the browser, PostgreSQL and random play. Exit 1 when one survives, does not apply, or has no test.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

ROOT = Path(__file__).parent.parent
LIST = ROOT / "tools" / "mutations.toml"
LONGEST_SECONDS = 600
NOTICED = "noticed"
_PASSED_OVER = ("tests/random_play", "tests/browser", "tests/architecture", "tests/cli")
_QUICK = ("tests/domain", "tests/varieties", "tests/definitions", "tests/engine", "tests/storage")
_COLLECT = """
import sys, pytest
class Numbers:
    def pytest_collection_finish(self, session):
        for item in session.items:
            for mark in item.iter_markers("requirement"):
                for rule in mark.args:
                    print("RULE", rule, item.nodeid.partition("[")[0])
sys.exit(pytest.main(["--collect-only", "-qq", "-m", "not slow", "tests"], plugins=[Numbers()]))
"""


@dataclass(frozen=True, slots=True)
class Mutation:
    """One rule taken away: `find` stands exactly once in `file` and becomes `replace`."""

    name: str
    rule: str
    file: str
    find: str
    replace: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a mutation; `by` is the first test that failed."""

    mutation: Mutation
    outcome: str
    by: str = ""
    seconds: float = 0.0


def main() -> int:
    """Try the mutations asked for and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("words", nargs="*")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    wishes = parser.parse_args()
    known = [Mutation(**each) for each in tomllib.loads(LIST.read_text("utf-8"))["mutation"]]
    chosen = [each for each in known if not wishes.words or any(w in (each.name, each.rule) for w in wishes.words)]
    with ExitStack() as stack:
        copies: SimpleQueue[Path] = SimpleQueue()
        for _ in range(wishes.jobs):
            copies.put(_copied(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="zhuanjie-mutation-")))))
        tests = _tests_by_rule(copies)
        with ThreadPoolExecutor(wishes.jobs) as pool:
            verdicts = list(pool.map(lambda each: _told(_tried(each, tests, copies)), chosen))
    missed = [each for each in verdicts if each.outcome != NOTICED]
    print(f"\n{len(verdicts) - len(missed)} of {len(verdicts)} mutations noticed")
    for each in missed:
        print(f"  {each.mutation.rule} {each.mutation.name}: {each.outcome}")
    return 1 if missed or not verdicts else 0


def _copied(folder: Path) -> Path:
    """This tree as it stands, without what git ignores."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    return folder


def _tests_by_rule(copies: "SimpleQueue[Path]") -> Mapping[str, Sequence[str]]:
    """Test functions by the number they carry, quick ones first."""
    copy = copies.get()
    done = subprocess.run([sys.executable, "-c", _COLLECT], cwd=copy, capture_output=True, text=True, check=False)
    copies.put(copy)
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    found: dict[str, set[str]] = defaultdict(set)
    for line in done.stdout.splitlines():
        if line.startswith("RULE "):
            _, rule, test = line.split(" ")
            if not test.startswith(_PASSED_OVER):
                found[rule].add(test)
    return {rule: sorted(tests, key=lambda test: (not test.startswith(_QUICK), test)) for rule, tests in found.items()}


def _tried(mutation: Mutation, tests: Mapping[str, Sequence[str]], copies: "SimpleQueue[Path]") -> Verdict:
    if not tests.get(mutation.rule):
        return Verdict(mutation, "no test carries its number")
    copy = copies.get()
    file = copy / mutation.file
    before = file.read_text("utf-8")
    begun = time.monotonic()
    try:
        if before.count(mutation.find) != 1:
            return Verdict(mutation, f"does not apply: found {before.count(mutation.find)} times in {mutation.file}")
        file.write_text(before.replace(mutation.find, mutation.replace), "utf-8")
        return _run(mutation, tests[mutation.rule], copy, begun)
    finally:
        file.write_text(before, "utf-8")
        copies.put(copy)


def _run(mutation: Mutation, tests: Sequence[str], copy: Path, begun: float) -> Verdict:
    options = ["-x", "-q", "--no-header", "--tb=no", "-p", "no:cacheprovider", "-k", "not postgresql", "-m", "not slow"]
    command = [sys.executable, "-m", "pytest", *options, *tests]
    try:
        done = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False, timeout=LONGEST_SECONDS)
    except subprocess.TimeoutExpired:
        return Verdict(mutation, NOTICED, "it never ends", time.monotonic() - begun)
    failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    by = failed[0].split(" ")[1] if failed else ""
    outcome = {0: "survived", 1: NOTICED}.get(done.returncode, f"pytest ended with {done.returncode}")
    return Verdict(mutation, outcome, by, time.monotonic() - begun)


def _told(verdict: Verdict) -> Verdict:
    mutation = verdict.mutation
    print(
        f"{verdict.outcome:10.40} {mutation.rule}  {mutation.name:60} {verdict.seconds:5.0f} s  {verdict.by}",
        flush=True,
    )
    return verdict


if __name__ == "__main__":
    sys.exit(main())
