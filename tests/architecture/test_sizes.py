"""Small: a file fits a few screens, a function one, a call a line."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture import sources

MOST_LINES_OF_A_FILE = 300
MOST_LINES_OF_A_FUNCTION = 40
MOST_PARAMETERS = 7

# Tables, one row per thing; cutting them in two would make them harder to read.
TABLES = {"tests/reference/examples.py"}


def _functions() -> Iterator[tuple[Path, ast.FunctionDef]]:
    for module in sources.modules(*sources.EVERYTHING):
        for node in ast.walk(sources.parsed(module)):
            if isinstance(node, ast.FunctionDef):
                yield module, node


def test_no_file_is_longer_than_its_limit() -> None:
    lengths = {
        str(module): len((sources.ROOT / module).read_text(encoding="utf-8").splitlines())
        for module in sources.modules(*sources.EVERYTHING)
        if str(module) not in TABLES
    }
    assert {name: length for name, length in lengths.items() if length > MOST_LINES_OF_A_FILE} == {}


def test_no_function_is_longer_than_its_limit() -> None:
    lengths = {
        f"{sources.place(module, node)} {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for module, node in _functions()
    }
    assert {name: length for name, length in lengths.items() if length > MOST_LINES_OF_A_FUNCTION} == {}


def _parameters(node: ast.FunctionDef) -> int:
    named = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    return len([argument for argument in named if argument.arg not in {"self", "cls"}])


def test_no_function_takes_more_parameters_than_its_limit() -> None:
    numbers = {f"{sources.place(module, node)} {node.name}": _parameters(node) for module, node in _functions()}
    assert {name: number for name, number in numbers.items() if number > MOST_PARAMETERS} == {}
