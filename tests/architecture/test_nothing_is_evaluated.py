"""Text never becomes code: not in a diagram, not in a profile, not by the back door of a library."""

import ast

from tests.architecture import sources

EVALUATORS = {"exec", "eval", "compile", "__import__"}
UNPACKERS = {"pickle", "marshal", "shelve", "dill"}


def test_nothing_is_evaluated() -> None:
    calls = [
        f"{sources.place(module, node)} {node.id}"
        for module in sources.modules(*sources.SHIPPED, "tools", "bench")
        for node in ast.walk(sources.parsed(module))
        if isinstance(node, ast.Name) and node.id in EVALUATORS
    ]
    assert calls == []


def test_nothing_stored_can_carry_code() -> None:
    imports = [
        f"{sources.place(module, node)} {name}"
        for module in sources.modules(*sources.SHIPPED)
        for node in ast.walk(sources.parsed(module))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in _names(node)
        if name.split(".")[0] in UNPACKERS
    ]
    assert imports == []


def _names(node: ast.Import | ast.ImportFrom) -> list[str]:
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
