"""The environment has one door, and every setting that comes through it is described for the operator."""

import ast
import dataclasses
import importlib
from pathlib import Path

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


def _variables_read() -> set[str]:
    """Every name of the environment that the configuration mentions."""
    strings = (node.value for node in ast.walk(sources.parsed(DOOR)) if isinstance(node, ast.Constant))
    return {
        text for text in strings if isinstance(text, str) and text.isupper() and text.isidentifier() and "_" in text
    }


def test_every_setting_is_documented() -> None:
    manual = (sources.ROOT / "docs/operating.md").read_text(encoding="utf-8")
    names = _variables_read()
    assert "DATABASE_URL" in names
    assert {name for name in names if f"`{name}`" not in manual} == set()


def test_every_documented_setting_exists() -> None:
    manual = (sources.ROOT / "docs/operating.md").read_text(encoding="utf-8")
    described = {word.strip("`|,.()") for word in manual.split() if word.strip("`|,.()").startswith("ZHUANJIE_")}
    assert described - _variables_read() == set()


def test_a_setting_is_a_field_with_a_type() -> None:
    settings = importlib.import_module("service.config").Settings
    assert dataclasses.is_dataclass(settings)
    assert all(field.type for field in dataclasses.fields(settings))
