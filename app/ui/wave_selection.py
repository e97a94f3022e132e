"""The selected part of a take: its ends, what moves them, and where they come to rest."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal

from app.ui.loop_region import Edge, LoopRegion


class WaveSelection(QObject):
    """What is marked, and what of it was announced. While snapping is on, an end that was moved by hand is announced
    where it is, and once more where the sound passes through zero, as soon as that is known.

    Everything counts in frames of the take; `total` is how many there are.
    """

    shown = Signal()  # other frames are marked
    chosen = Signal(object)  # LoopRegion | None, by the user's hand
    crossings_wanted = Signal(tuple)  # frames, near which to look for a place to cut
    snapping_changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._region: LoopRegion | None = None
        self._announced: LoopRegion | None = None
        self._total = 1
        self._is_snapping = False
        self._unsnapped: LoopRegion | None = None

    @property
    def region(self) -> LoopRegion | None:
        return self._region

    @property
    def is_snapping(self) -> bool:
        """Whether ends go to zero crossings."""
        return self._is_snapping

    def set_snapping(self, is_snapping: bool) -> None:
        """Take ends to zero crossings from now on, or leave them where they are put."""
        if is_snapping != self._is_snapping:
            self._is_snapping = is_snapping
            self.snapping_changed.emit(is_snapping)

    def set_total(self, total: int) -> None:
        """The take has so many frames."""
        self._total = max(total, 1)

    def show(self, region: LoopRegion | None) -> None:
        """Mark another part; announces nothing."""
        self._announced = region
        self._unsnapped = None
        self._mark(region)

    def drag_to(self, region: LoopRegion | None) -> None:
        """Mark what is under the user's hand; announced once it is chosen."""
        self._mark(region)

    def take_back(self) -> None:
        """What was dragged but not chosen is as it was."""
        self._mark(self._announced)

    def choose(self, region: LoopRegion | None, *, is_inverted: bool = False, can_snap: bool = True) -> None:
        """Select a part, by the user's hand.

        Args:
            is_inverted: Snap although that is off, or don't although it is on.
            can_snap: Whether this is a movement after which ends snap at all.
        """
        before, self._announced = self._announced, region
        self._mark(region)
        self.chosen.emit(region)
        self._unsnapped = None
        if region is None or not can_snap or self._is_snapping == is_inverted:
            return
        known = () if before is None else (before.start, before.end)
        moved = tuple(end for end in (region.start, region.end) if end not in (0, self._total, *known))
        if moved:
            self._unsnapped = region
            self.crossings_wanted.emit(moved)

    def snap(self, crossings: Mapping[int, int]) -> None:
        """Take the ends to the crossings that were asked for, unless they have moved on.

        What was found near other frames is for somebody else, or late.
        """
        region = self._unsnapped
        if region is None or not {region.start, region.end} & crossings.keys():
            return
        self._unsnapped = None
        if region != self._region:
            return
        start, end = (crossings.get(end, end) for end in (region.start, region.end))
        snapped = LoopRegion.between(start, end, self._total)
        if snapped is not None and snapped != region:
            self.choose(snapped, can_snap=False)

    # by keys

    def start_at(self, frame: int, *, is_inverted: bool = False) -> None:
        """It begins here; it reaches to its old end, or to the end of the take."""
        end = self._region.end if self._region and self._region.end > frame else self._total
        self.choose(LoopRegion.between(frame, end, self._total), is_inverted=is_inverted)

    def end_at(self, frame: int, *, is_inverted: bool = False) -> None:
        """It ends here; it begins at its old start, or at the start of the take."""
        start = self._region.start if self._region and self._region.start < frame else 0
        self.choose(LoopRegion.between(start, frame, self._total), is_inverted=is_inverted)

    def nudge(self, edge: Edge, frames: int) -> None:
        """Move one end by a little, exactly; the other stays."""
        if self._region is not None:
            moved, _edge = self._region.with_edge(edge, self._region.frame_of(edge) + frames, self._total)
            self.choose(moved, can_snap=False)

    def clear(self) -> None:
        self.choose(None)

    def _mark(self, region: LoopRegion | None) -> None:
        if region != self._region:
            self._region = region
            self.shown.emit()
