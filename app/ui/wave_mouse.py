"""What the mouse does on a waveform: a click seeks, a drag selects, the ruler and the playhead's cap scrub."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication

from app.ui.loop_region import Edge, LoopRegion
from app.ui.wave_layers import Grips

if TYPE_CHECKING:
    from app.ui.waveform_view import WaveformView

_OTHERWISE = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
GRAB_PX = 7  # to either side of an edge, and of the playhead's cap


class _Gesture(Protocol):
    """What goes on from the press of the button to its release.

    Attributes:
        is_selecting: Whether ends of the selection are being moved.
    """

    @property
    def is_selecting(self) -> bool: ...

    def move(self, point: QPointF) -> None: ...

    def end(self, held: Qt.KeyboardModifier) -> None: ...

    def abandon(self) -> None: ...


class WaveMouse:
    """Decides at each press what it means, and carries it through; whoever has grips is asked first."""

    def __init__(self, view: WaveformView) -> None:
        self._view = view
        self._grips: list[Grips] = []
        self._gesture: _Gesture | None = None
        self._at = QPointF()

    @property
    def selects_at(self) -> QPointF | None:
        """Where the mouse is while it moves an end of the selection."""
        return self._at if self._gesture is not None and self._gesture.is_selecting else None

    @property
    def is_busy(self) -> bool:
        """Whether the button is down."""
        return self._gesture is not None

    def add_grips(self, grips: Grips) -> None:
        self._grips.append(grips)

    def press(self, point: QPointF, held: Qt.KeyboardModifier) -> None:
        """The left button went down; with Shift the selection is made longer or shorter up to there."""
        self._gesture = self._gesture_at(point, extends=bool(held & Qt.KeyboardModifier.ShiftModifier))

    def move(self, point: QPointF) -> None:
        self._at = point
        if self._gesture is not None:
            self._gesture.move(point)

    def release(self, held: Qt.KeyboardModifier) -> None:
        """With Ctrl or Alt the ends that were moved snap although they don't, or don't although they do."""
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            self._view.update()
            gesture.end(held)

    def double_click(self, point: QPointF) -> None:
        """Twice, and nowhere special: forget the selection; where there is none, select what is in sight."""
        view = self._view
        if view.lane_area.contains(point) and any(
            grips.double_click(point, view.lane_area, view.span) for grips in self._grips
        ):
            return
        if view.region is None:
            view.select_visible()
        else:
            view.clear_region()

    def let_go(self) -> None:
        """Another take is on show: what was begun is over, and changes nothing any more."""
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.abandon()

    def cursor_at(self, point: QPointF) -> Qt.CursorShape:
        """What the cursor looks like over a point."""
        view = self._view
        if self._is_on_cap(point):
            return Qt.CursorShape.SizeHorCursor
        if view.lane_area.contains(point):
            for grips in self._grips:
                shape = grips.cursor_at(point, view.lane_area, view.span)
                if shape is not None:
                    return shape
        return Qt.CursorShape.ArrowCursor if self._edge_at(point) is None else Qt.CursorShape.SizeHorCursor

    def _gesture_at(self, point: QPointF, *, extends: bool) -> _Gesture:
        view = self._view
        if self._is_on_cap(point):
            return _Scrub(view, point)
        if view.lane_area.contains(point):
            for grips in self._grips:
                if grips.press(point, view.lane_area, view.span):
                    return _Hold(view, grips)
        edge = self._edge_at(point)
        if edge is not None:
            return _MoveEdge(view, point, edge)
        if point.y() < view.lane_area.top():
            return _Scrub(view, point)
        return _Select(view, point, extends=extends)

    def _edge_at(self, point: QPointF) -> Edge | None:
        view = self._view
        if view.region is None:
            return None
        distances = {edge: abs(point.x() - view.x_of(view.region.frame_of(edge))) for edge in Edge}
        nearest = min(distances, key=lambda edge: distances[edge])
        return nearest if distances[nearest] <= GRAB_PX else None

    def _is_on_cap(self, point: QPointF) -> bool:
        """The lower half of the ruler belongs to the ends of the loop, wherever the playhead is."""
        view = self._view
        return point.y() < view.lane_area.top() / 2 and abs(point.x() - view.x_of(view.position)) <= GRAB_PX


class _Drag:
    """A press that becomes a drag once the mouse has left the place."""

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


class _Select(_Drag):
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


class _MoveEdge(_Drag):
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


class _Scrub(_Drag):
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


class _Hold:
    """The mouse belongs to somebody else's grips."""

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
