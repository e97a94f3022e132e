"""What was measured, beside what it is measured against and what it may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_HEADS = ("what", "measured", "baseline", "ratio", "budget", "")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table.

    Attributes:
        measured: In `unit`; the median of several.
        baseline: What it is measured against, in the same unit; None where the budget is a number of its own.
        budget: The most that may be measured, in `unit`; with a baseline the highest ratio. None: only told.
    """

    what: str
    measured: float
    unit: str
    baseline: float | None = None
    budget: float | None = None

    @property
    def ratio(self) -> float | None:
        return self.measured / self.baseline if self.baseline else None

    @property
    def verdict(self) -> str:
        if self.budget is None:
            return ""
        reached = self.measured if self.ratio is None else self.ratio
        return "met" if reached <= self.budget else "missed"

    @property
    def cells(self) -> tuple[str, ...]:
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}x"
        baseline = "" if self.baseline is None else self._text(self.baseline)
        budget = "" if self.budget is None else f"{self.budget:g}x" if self.baseline else self._text(self.budget)
        return (self.what, self._text(self.measured), baseline, ratio, budget, self.verdict)

    def _text(self, number: float) -> str:
        return f"{number:,.0f} {self.unit}" if number >= 20 else f"{number:,.2f} {self.unit}"


def printed(rows: Sequence[Row]) -> str:
    """The table as text, one line a row."""
    lines = [_HEADS, *(row.cells for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEADS))]
    text = ""
    for line in lines:
        first, *rest, last = (cell.rjust(width) for cell, width in zip(line, widths, strict=True))
        text += "  ".join((line[0].ljust(len(first)), *rest, last.strip())).rstrip() + "\n"
    return text
