"""What is wrong with a file that was to be imported, line by line."""

from collections.abc import Iterable
from dataclasses import dataclass

SHOWN = 100
_VALUE_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Defect:
    """One defect: `line` counts from 1 (the header); `value` as it was written, cut where it is long."""

    line: int
    field: str
    value: str
    code: str
    reason: str

    def __str__(self) -> str:
        value = visible(self.value.replace("\\", "\\\\").replace('"', '\\"'))
        return f'line {self.line}: field={self.field or "-"} value="{value}" {self.code} {self.reason}'


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What came of an import: `imported` rows, or nothing and the first 100 of `found` defects."""

    imported: int
    found: int = 0
    defects: tuple[Defect, ...] = ()

    @property
    def is_accepted(self) -> bool:
        """Whether everything was taken over."""
        return self.found == 0


class Defects:
    """Collects defects; of a file that is wrong throughout only the first hundred are kept."""

    def __init__(self) -> None:
        self.found = 0
        self._kept: list[Defect] = []

    def add(self, line: int, field: str, value: str, code: str, reason: str) -> None:
        """Note one defect."""
        self.found += 1
        if len(self._kept) < SHOWN or line < self._kept[-1].line:
            cut = value if len(value) <= _VALUE_LENGTH else f"{value[:_VALUE_LENGTH]}…"
            self._kept.append(Defect(line, field, cut, code, reason))
            self._kept.sort(key=lambda defect: defect.line)
            del self._kept[SHOWN:]

    def join(self, report: ImportReport) -> None:
        """Note what was found elsewhere in the same file."""
        self.found += report.found
        self._kept = sorted([*self._kept, *report.defects], key=lambda defect: defect.line)[:SHOWN]

    def report(self) -> ImportReport:
        """Tell of a file that was not taken."""
        return ImportReport(0, self.found, tuple(self._kept))


class Rejected(Exception):
    """The file is not taken; raised inside the transaction so that nothing of it stays."""


def visible(text: str) -> str:
    """The text with whatever a terminal would obey or hide written as an escape: a file must not command it."""
    return "".join(each if each.isprintable() else repr(each)[1:-1] for each in text)


def among(words: Iterable[str]) -> str:
    """The reason for a value that is none of these."""
    return f"可选 / permitted: {', '.join(words)}"
