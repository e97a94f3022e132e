"""The selected part of a take, which is also what loops."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Edge(Enum):
    """Which end of a region."""

    START = "start"
    END = "end"


@dataclass(frozen=True, slots=True)
class LoopRegion:
    """Frames from `start` up to, not including, `end`; never empty."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError("a region starts at or after 0 and before its end")

    @classmethod
    def between(cls, one: float, other: float, total: int) -> LoopRegion | None:
        """The region that a drag from one frame to another marks in a take; None when nothing lies between."""
        low, high = sorted((round(one), round(other)))
        low, high = max(low, 0), min(high, total)
        return cls(low, high) if low < high else None

    @property
    def frames(self) -> int:
        return self.end - self.start

    def frame_of(self, edge: Edge) -> int:
        return self.start if edge is Edge.START else self.end

    def with_edge(self, edge: Edge, frame: float, total: int) -> tuple[LoopRegion, Edge]:
        """One end moved to `frame`. An end pulled over the other swaps roles with it, so the second value says
        which end is held from now on."""
        fixed = self.end if edge is Edge.START else self.start
        moved = min(max(round(frame), 0), total)
        if moved == fixed:  # keep one frame, on the side that the end came from
            moved = fixed - 1 if edge is Edge.START else fixed + 1
            if not 0 <= moved <= total:
                return self, edge
        return (LoopRegion(moved, fixed), Edge.START) if moved < fixed else (LoopRegion(fixed, moved), Edge.END)
