"""One measured figure, and the table of them."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure with its unit; `baseline` was measured in the same run, `goal` is "<= 1" or ">= 200"."""

    group: str
    name: str
    value: float
    unit: str
    baseline: float | None = None
    baseline_name: str = ""
    goal: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times better than the baseline; over 1 is better, whichever way the unit counts."""
        if not self.baseline or not self.value:
            return None
        return self.value / self.baseline if self.unit.endswith("/s") else self.baseline / self.value

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None where there is none."""
        if not self.goal:
            return None
        sign, _, limit = self.goal.partition(" ")
        return self.value <= float(limit) if sign == "<=" else self.value >= float(limit)

    def plain(self) -> dict[str, object]:
        """As JSON."""
        names = ("group", "name", "value", "unit", "baseline", "baseline_name", "goal", "ratio", "met")
        return {name: getattr(self, name) for name in names}


def table(measures: Sequence[Measure]) -> str:
    """All measures as a table of text."""
    head = ("", "measured", "unit", "baseline", "ratio", "goal", "")
    rows = [head]
    for each in measures:
        baseline = f"{_figure(each.baseline)} {each.baseline_name}".strip() if each.baseline else ""
        ratio = f"{each.ratio:.2f}x" if each.ratio else ""
        verdict = {True: "met", False: "MISSED", None: ""}[each.met]
        rows.append((f"{each.group}: {each.name}", _figure(each.value), each.unit, baseline, ratio, each.goal, verdict))
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    lines = [
        "  ".join(_fit(cell, width, column) for column, (cell, width) in enumerate(zip(row, widths, strict=True)))
        for row in rows
    ]
    lines.insert(1, "-" * len(lines[0]))
    return "\n".join(line.rstrip() for line in lines)


def _figure(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _fit(cell: str, width: int, column: int) -> str:
    return cell.rjust(width) if column == 1 else cell.ljust(width)
