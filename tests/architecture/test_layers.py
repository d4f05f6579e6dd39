"""Imports point down only, and there is one door to each foreign thing (contracts in setup.cfg)."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture import sources

PURE = ("service/domain", "scripts")


def test_every_contract_is_kept(tmp_path: Path) -> None:
    # In a process of its own: the linter silences every logger of the process it runs in.
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [program, "--cache-dir", tmp_path], cwd=sources.ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def _imported(tree: ast.Module) -> list[tuple[ast.stmt, str]]:
    plain = [(node, name.name) for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names]
    named = [(node, node.module or "") for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return [*plain, *named]


@pytest.mark.parametrize("folder", PURE)
def test_rules_use_the_standard_library_only(folder: str) -> None:
    permitted = sys.stdlib_module_names | {"service", "scripts"}
    foreign = [
        f"{sources.place(module, node)} {name}"
        for module in sources.modules(folder)
        for node, name in _imported(sources.parsed(module))
        if name.split(".")[0] not in permitted
    ]
    assert foreign == []


CLOCKS = {"now", "utcnow", "today", "time", "time_ns", "monotonic"}


@pytest.mark.parametrize("folder", [*PURE, "service/definitions", "service/engine", "service/use_cases"])
def test_rules_never_read_the_clock(folder: str) -> None:
    readings = [
        sources.place(module, node)
        for module in sources.modules(folder)
        for node in ast.walk(sources.parsed(module))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CLOCKS
        and isinstance(node.func.value, ast.Name | ast.Attribute)
        and ast.unparse(node.func.value) in {"datetime", "datetime.datetime", "date", "datetime.date", "time"}
    ]
    assert readings == []


def test_every_package_says_why_it_exists() -> None:
    silent = [
        str(module) for module in sources.modules(*sources.SHIPPED) if ast.get_docstring(sources.parsed(module)) is None
    ]
    assert silent == []
