"""The environment has one door, and every setting that comes through it is described for the operator."""

import ast
import dataclasses
import re
from pathlib import Path

from service.config import VARIABLES, Settings
from tests.architecture import sources

DOOR = Path("service/config.py")
ENVIRONMENT = {"environ", "environb", "getenv"}


def test_only_the_configuration_reads_the_environment() -> None:
    readers = [
        sources.place(module, node)
        for module in sources.modules(*sources.SHIPPED)
        if module != DOOR
        for node in ast.walk(sources.parsed(module))
        if (isinstance(node, ast.Attribute) and node.attr in ENVIRONMENT and ast.unparse(node.value) == "os")
        or (isinstance(node, ast.ImportFrom) and node.module == "os" and ENVIRONMENT & {a.name for a in node.names})
    ]
    assert readers == []


def test_every_setting_has_a_variable() -> None:
    assert set(VARIABLES) == {field.name for field in dataclasses.fields(Settings)}


def test_every_variable_is_documented() -> None:
    assert {name for name in VARIABLES.values() if f"`{name}`" not in _manual()} == set()


def test_every_documented_variable_exists() -> None:
    assert set(re.findall(r"ZHUANJIE_[A-Z_]+", _manual())) - set(VARIABLES.values()) == set()


def _manual() -> str:
    return (sources.ROOT / "docs/operating.md").read_text(encoding="utf-8")
