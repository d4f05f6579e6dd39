"""Reads the administrative divisions from which the demonstration and the benchmark grow their trees.

Statistics fill gaps between levels with placeholders (市辖区, 省直辖县级行政区划, 直辖村级区划, a city's only county
of the same name). No Party organisation stands behind those: they are passed over, and what lies below them
belongs to the next real division.
"""

import csv
import gzip
import io
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources

_FILE = "divisions.csv.gz"
_PLACEHOLDERS = frozenset({"市辖区", "县"})
_MARK = "直辖"


@dataclass(frozen=True, slots=True)
class Division:
    """One real division; `level` is province, city, county, township or village; `above` is empty for provinces."""

    code: str
    level: str
    above: str
    name: str


def read_divisions(province: str = "") -> Iterator[Division]:
    """Yield the real divisions, superiors first: of one province by its two digits, or of the country."""
    names: dict[str, str] = {}
    passed: dict[str, str] = {}
    for code, level, parent, name in _rows():
        if not code.startswith(province):
            continue
        above = passed.get(parent, parent)
        if is_placeholder(name, level, above=names.get(above, "")):
            passed[code] = above
            continue
        if level != "village":
            names[code] = name
        yield Division(code, level, above, name)


def is_placeholder(name: str, level: str, *, above: str) -> bool:
    """Whether the row only fills a gap between levels."""
    if level in ("province", "village"):
        return False
    return name in _PLACEHOLDERS or _MARK in name or name == above


def _rows() -> Iterator[list[str]]:
    packed = resources.files("data").joinpath(_FILE).read_bytes()
    with gzip.open(io.BytesIO(packed), "rt", encoding="utf-8", newline="") as text:
        rows = csv.reader(text)
        next(rows)
        yield from rows
