"""What a person cut and faded of a take: where the clip begins and ends, and how it comes and goes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.domain.export_settings import FadeShape


@dataclass(frozen=True, slots=True)
class ClipEdit:
    """Trim and fades of one take, in its frames. The take itself stays as it is.

    Everything that moves an end or a fade takes the frames of the take, and gives an edit that fits it: at least one
    frame long, with fades that never overlap.

    Attributes:
        start: First frame of the clip.
        end: The frame after its last; None is the end of the take.
        fade_in: Length of the fade at its start.
        fade_out: Length of the fade at its end.
        shape: Of both fades.

    Raises:
        ValueError: It begins before the take, is empty, or a fade has a length below 0.
    """

    start: int = 0
    end: int | None = None
    fade_in: int = 0
    fade_out: int = 0
    shape: FadeShape = FadeShape.EQUAL_POWER

    def __post_init__(self) -> None:
        if self.start < 0 or (self.end is not None and self.end <= self.start):
            raise ValueError("a clip starts at or after 0 and before its end")
        if self.fade_in < 0 or self.fade_out < 0:
            raise ValueError("a fade is 0 frames long or longer")

    @property
    def is_plain(self) -> bool:
        """Whether it leaves the take whole and untouched."""
        return not self.is_trimmed and not self.is_faded

    @property
    def is_trimmed(self) -> bool:
        return self.start > 0 or self.end is not None

    @property
    def is_faded(self) -> bool:
        return self.fade_in > 0 or self.fade_out > 0

    def end_in(self, total: int) -> int:
        """The frame after the last of the clip, in a take of so many frames."""
        return total if self.end is None else min(self.end, total)

    def frames_in(self, total: int) -> int:
        """How long the clip is."""
        return max(0, self.end_in(total) - self.start)

    def within(self, total: int) -> ClipEdit:
        """The same for a take of so many frames: ends inside it, and fades with room for both."""
        if total < 1:
            return ClipEdit(shape=self.shape)
        start = min(self.start, total - 1)
        end = None if self.end is None or self.end >= total else max(self.end, start + 1)
        room = (total if end is None else end) - start
        fade_in = min(self.fade_in, room)
        return replace(self, start=start, end=end, fade_in=fade_in, fade_out=min(self.fade_out, room - fade_in))

    def with_start(self, frame: float, total: int) -> ClipEdit:
        """It begins elsewhere, at most one frame before its end. The fade out gives way only to what is left."""
        last = max(self.end_in(total) - 1, 0)
        start = min(max(round(frame), 0), last)
        room = self.end_in(total) - start
        fade_out = min(self.fade_out, room)
        moved = replace(self, start=start, fade_in=min(self.fade_in, room - fade_out), fade_out=fade_out)
        return moved.within(total)

    def with_end(self, frame: float, total: int) -> ClipEdit:
        """It ends elsewhere, at least one frame after its start; at the end of the take it follows that."""
        end = min(max(round(frame), self.start + 1), total)
        return replace(self, end=None if end >= total else end).within(total)

    def with_fade_in(self, frames: float, total: int) -> ClipEdit:
        """A fade in of another length, at most up to the fade out."""
        room = self.frames_in(total) - self.fade_out
        return replace(self, fade_in=max(0, min(round(frames), room))).within(total)

    def with_fade_out(self, frames: float, total: int) -> ClipEdit:
        """A fade out of another length, at most back to the fade in."""
        room = self.frames_in(total) - self.fade_in
        return replace(self, fade_out=max(0, min(round(frames), room))).within(total)

    def with_shape(self, shape: FadeShape) -> ClipEdit:
        return replace(self, shape=shape)

    def selected(self, start: int, end: int, total: int) -> ClipEdit | None:
        """What a selection takes of the clip: the part of it that lies inside; None where they don't meet.

        A fade comes along with the end of the clip that it belongs to. A selection that begins within a fade has
        an end of its own there, and that isn't faded.
        """
        first, last = max(start, self.start), min(end, self.end_in(total))
        if first >= last:
            return None
        part = ClipEdit(
            first,
            last,
            self.fade_in if first == self.start else 0,
            self.fade_out if last == self.end_in(total) else 0,
            self.shape,
        )
        return part.within(total)


WHOLE = ClipEdit()
"""Nothing cut and nothing faded."""
