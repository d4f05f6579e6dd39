"""Prints every rule, scenario and worked example with the tests that carry its number, or `no test`.

A test carries a number by its marker (`requirement`, `scenario`, `example`) or in its own name.
"""

import contextlib
import io
import re
import sys
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MARKERS = ("requirement", "scenario", "example")
NUMBER = re.compile(r"(?<![A-Za-z])([RSW])[-_]?(\d{2,3})(?!\d)")


class Collector:
    """A pytest plugin that remembers which tests carry which number."""

    def __init__(self) -> None:
        self.tests: dict[str, set[str]] = defaultdict(set)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Read markers and names of everything collected."""
        for item in session.items:
            for number in _numbers(item):
                self.tests[number].add(item.nodeid.split("[")[0])


def _numbers(item: pytest.Item) -> set[str]:
    marked = {str(word) for name in MARKERS for mark in item.iter_markers(name) for word in mark.args}
    return marked | {f"{letter}-{digits}" for letter, digits in NUMBER.findall(item.name)}


def _collect() -> dict[str, set[str]]:
    collector = Collector()
    with contextlib.redirect_stdout(io.StringIO()) as output:
        status = pytest.main(["--collect-only", "-q", str(ROOT / "tests")], plugins=[collector])
    if status != pytest.ExitCode.OK:
        sys.exit(output.getvalue())
    return collector.tests


def main() -> None:
    """Print the list, then one line of totals per kind."""
    tests = _collect()
    wanted = [line.split("  ", 1) for line in (ROOT / "docs/requirements.txt").read_text(encoding="utf-8").splitlines()]
    wanted = [pair for pair in wanted if not pair[0].startswith("#")]
    for number, title in wanted:
        print(f"{number}  {title}")
        for test in sorted(tests[number]) or ["no test"]:
            print(f"       {test}")
    for letter, kind in (("R", "rules"), ("S", "scenarios"), ("W", "worked examples")):
        numbers = [number for number, _ in wanted if number.startswith(letter)]
        print(f"{sum(bool(tests[number]) for number in numbers)} of {len(numbers)} {kind} have a test")


if __name__ == "__main__":
    main()
