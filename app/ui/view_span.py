"""Which part of a take is on show: zoom, scroll and the way from pixels to frames and back. Pure arithmetic."""

from __future__ import annotations

from dataclasses import dataclass

SHORTEST_FRAMES = 16


@dataclass(frozen=True, slots=True)
class ViewSpan:
    """The visible frames of a take, always inside it.

    Attributes:
        start: First visible frame; a fraction while zooming.
        end: The frame after the last visible one; above `start`.
        total: Frames of the take, at least 1.
    """

    start: float
    end: float
    total: int

    @classmethod
    def whole(cls, total: int) -> ViewSpan:
        """All of a take of `total` frames; an empty take counts as one frame."""
        return cls(0.0, float(max(total, 1)), max(total, 1))

    @property
    def length(self) -> float:
        """Visible frames."""
        return self.end - self.start

    @property
    def is_whole(self) -> bool:
        return self.length >= self.total

    def frame_at(self, x: float, width: float) -> float:
        """The frame below pixel `x` of `width`, kept inside the take."""
        frame = self.start + self.length * x / max(width, 1.0)
        return min(max(frame, 0.0), float(self.total))

    def x_of(self, frame: float, width: float) -> float:
        """The pixel of a frame; outside 0 to `width` when the frame isn't visible."""
        return (frame - self.start) / self.length * width

    def zoomed(self, factor: float, around: float) -> ViewSpan:
        """Closer by `factor` (below 1: farther), while frame `around` stays where it is.

        Raises:
            ValueError: The factor isn't above 0.
        """
        if factor <= 0:
            raise ValueError("a zoom factor is above 0")
        length = min(max(self.length / factor, self._shortest), float(self.total))
        fraction = min(max((around - self.start) / self.length, 0.0), 1.0)
        return self._placed(around - fraction * length, length)

    def scrolled(self, frames: float) -> ViewSpan:
        """Moved by `frames`, to the right when positive; stops at both ends."""
        return self._placed(self.start + frames, self.length)

    def between(self, start: float, end: float) -> ViewSpan:
        """From one frame to another, in either order; at least the shortest span there is."""
        low, high = min(start, end), max(start, end)
        length = min(max(high - low, self._shortest), float(self.total))
        return self._placed(low, length)

    def paged_to(self, frame: float) -> ViewSpan:
        """The same zoom with `frame` in sight: a whole page on, so that a playhead runs into view at the left."""
        if self.start <= frame < self.end:
            return self
        return self._placed(frame, self.length)

    def grown_to(self, total: int) -> ViewSpan:
        """The same frames in sight of a take that has become longer."""
        return ViewSpan(self.start, self.end, max(total, self.total))

    @property
    def _shortest(self) -> float:
        return float(min(SHORTEST_FRAMES, self.total))

    def _placed(self, start: float, length: float) -> ViewSpan:
        start = min(max(start, 0.0), self.total - length)
        return ViewSpan(start, min(start + length, float(self.total)), self.total)
