"""A test that claims a rule, a scenario or a worked example claims one that exists."""

import ast

from tests.architecture import sources

MARKERS = {"requirement", "scenario", "example"}


def _claimed() -> dict[str, str]:
    claims = {}
    for module in sources.modules("tests"):
        for node in ast.walk(sources.parsed(module)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in MARKERS:
                for word in node.args:
                    if isinstance(word, ast.Constant) and isinstance(word.value, str):
                        claims[word.value] = sources.place(module, node)
    return claims


def test_every_claimed_number_exists() -> None:
    lines = (sources.ROOT / "docs/requirements.txt").read_text(encoding="utf-8").splitlines()
    known = {line.split()[0] for line in lines if not line.startswith("#")}
    assert {number: where for number, where in _claimed().items() if number not in known} == {}
