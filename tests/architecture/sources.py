"""The Python files that the rules of the house are proved on."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
SHIPPED = ("service", "scripts", "bpmn", "forms", "letter_templates", "profiles", "data")
EVERYTHING = (*SHIPPED, "tests", "bench", "tools")


def modules(*folders: str) -> list[Path]:
    """Every Python file below these folders, relative to the root; migrations are a record and follow no rule."""
    found = (path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))
    return [path.relative_to(ROOT) for path in found if "migrations/versions" not in path.as_posix()]


@cache
def parsed(module: Path) -> ast.Module:
    """The file as a tree, read once."""
    return ast.parse((ROOT / module).read_text(encoding="utf-8"), filename=str(module))


def place(module: Path, node: ast.stmt | ast.expr) -> str:
    """Where something stands, as path:line."""
    return f"{module}:{node.lineno}"
