"""What a button of the mouse that is held down can be doing on a waveform."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Protocol

from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication

from app.ui.loop_region import Edge, LoopRegion
from app.ui.wave_layers import Grips

if TYPE_CHECKING:
    from app.ui.waveform_view import WaveformView

_OTHERWISE = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


class Gesture(Protocol):
    """What goes on from the press of the button to its release.

    Attributes:
        is_selecting: Whether ends of the selection are being moved.
        scrolls_at_ends: Whether the view scrolls while the mouse is beside it.
    """

    scrolls_at_ends: ClassVar[bool]

    @property
    def is_selecting(self) -> bool: ...

    def move(self, point: QPointF) -> None: ...

    def end(self, held: Qt.KeyboardModifier) -> None: ...

    def abandon(self) -> None: ...


class Drag:
    """A press that becomes a drag once the mouse has left the place."""

    scrolls_at_ends: ClassVar[bool] = True

    def __init__(self, view: WaveformView, point: QPointF) -> None:
        self._view = view
        self._pressed_x = point.x()
        self._pressed_frame = view.frame_at(point)
        self._is_moving = False
        self._snaps_otherwise = False

    @property
    def is_selecting(self) -> bool:
        return False

    def move(self, point: QPointF) -> None:
        is_far = abs(point.x() - self._pressed_x) >= QApplication.startDragDistance() / 2
        if not self._is_moving and is_far:
            self._is_moving = True
            self._begin()
        if self._is_moving:
            self._follow(self._view.frame_at(point))

    def end(self, held: Qt.KeyboardModifier) -> None:
        self._snaps_otherwise = bool(held & _OTHERWISE)
        if self._is_moving:
            self._finish()
        else:
            self._click()

    def abandon(self) -> None:
        """Nothing was decided, so there is nothing to take back."""

    def _begin(self) -> None:
        """It is a drag."""

    def _follow(self, frame: float) -> None:
        """The mouse is over a frame."""

    def _finish(self) -> None:
        """The drag is over."""

    def _click(self) -> None:
        """It was none."""


class Select(Drag):
    """Marks from here to there; with Shift from the end of the selection that lies farther away."""

    def __init__(self, view: WaveformView, point: QPointF, *, extends: bool) -> None:
        super().__init__(view, point)
        self._extends = extends
        region = view.region
        self._anchor = self._pressed_frame
        if extends:
            ends: Sequence[float] = (view.position,) if region is None else (region.start, region.end)
            self._anchor = max(ends, key=lambda end: abs(end - self._pressed_frame))

    @property
    def is_selecting(self) -> bool:
        return self._is_moving

    def abandon(self) -> None:
        self._view.selection.take_back()

    def _follow(self, frame: float) -> None:
        self._view.selection.drag_to(self._between(frame))

    def _finish(self) -> None:
        self._view.selection.choose(self._view.region, is_inverted=self._snaps_otherwise)

    def _click(self) -> None:
        if self._extends:
            self._view.selection.choose(self._between(self._pressed_frame), is_inverted=self._snaps_otherwise)
        else:
            self._view.seek(self._pressed_frame)

    def _between(self, frame: float) -> LoopRegion | None:
        return LoopRegion.between(self._anchor, frame, self._view.span.total)


class MoveEdge(Drag):
    """Moves one end of the selection; a click leaves it where it is."""

    def __init__(self, view: WaveformView, point: QPointF, edge: Edge) -> None:
        super().__init__(view, point)
        self._edge = edge

    @property
    def is_selecting(self) -> bool:
        return True

    def abandon(self) -> None:
        self._view.selection.take_back()

    def _follow(self, frame: float) -> None:
        region = self._view.region
        if region is not None:
            moved, self._edge = region.with_edge(self._edge, frame, self._view.span.total)
            self._view.selection.drag_to(moved)

    def _finish(self) -> None:
        self._view.selection.choose(self._view.region, is_inverted=self._snaps_otherwise)


class Scrub(Drag):
    """Drags the playhead along; a click sends it there."""

    def _begin(self) -> None:
        self._view.scrub_started.emit(round(self._pressed_frame))

    def _follow(self, frame: float) -> None:
        self._view.show_position(round(frame))
        self._view.scrubbed.emit(round(frame))

    def _finish(self) -> None:
        self._view.scrub_ended.emit()

    def abandon(self) -> None:
        if self._is_moving:
            self._view.scrub_ended.emit()

    def _click(self) -> None:
        self._view.seek(self._pressed_frame)


class Hold:
    """The mouse belongs to somebody else's grips."""

    scrolls_at_ends: ClassVar[bool] = True

    def __init__(self, view: WaveformView, grips: Grips) -> None:
        self._view = view
        self._grips = grips

    @property
    def is_selecting(self) -> bool:
        return False

    def move(self, point: QPointF) -> None:
        self._grips.drag(point, self._view.lane_area, self._view.span)

    def end(self, _held: Qt.KeyboardModifier) -> None:
        self._grips.release()

    def abandon(self) -> None:
        self._grips.release()


class Pan:
    """Takes the take along, so that the frame that was pressed stays under the mouse."""

    scrolls_at_ends: ClassVar[bool] = False

    def __init__(self, view: WaveformView, point: QPointF) -> None:
        self._view = view
        self._frame = view.frame_at(point)

    @property
    def is_selecting(self) -> bool:
        return False

    def move(self, point: QPointF) -> None:
        span = self._view.span
        under = span.start + point.x() / max(self._view.width(), 1) * span.length
        self._view.show_span(span.scrolled(self._frame - under))

    def end(self, _held: Qt.KeyboardModifier) -> None:
        """The take stays where it is."""

    def abandon(self) -> None:
        """Nothing was decided."""
