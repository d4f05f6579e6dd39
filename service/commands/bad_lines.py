"""What is wrong with the lines of a file, said so that both people and scripts can find the line."""

from collections.abc import Sequence
from dataclasses import dataclass

SHOWN = 100


@dataclass(frozen=True, slots=True)
class BadLine:
    """One defect: line number (the header is line 1), field, value as written, code and reason."""

    line: int
    field: str
    value: str
    code: str
    reason: str

    def __str__(self) -> str:
        value = self.value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'line {self.line}: field={self.field or "-"} value="{value}" {self.code} {self.reason}'


class BadFile(Exception):
    """A file of which nothing was taken; `lines` holds every defect found."""

    def __init__(self, lines: Sequence[BadLine]) -> None:
        super().__init__(f"{len(lines)} bad lines")
        self.lines = tuple(lines)
