"""What the mouse does on a waveform: a click seeks, a drag selects, the ruler and the playhead's cap scrub."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt

from app.ui.edge_scroll import EdgeScroll
from app.ui.loop_region import Edge
from app.ui.wave_gestures import Gesture, Hold, MoveEdge, Pan, Scrub, Select
from app.ui.wave_layers import Grips

if TYPE_CHECKING:
    from app.ui.waveform_view import WaveformView

GRAB_PX = 7  # to either side of an edge, and of the playhead's cap


class WaveMouse:
    """Decides at each press what it means, and carries it through; whoever has grips is asked first."""

    def __init__(self, view: WaveformView) -> None:
        self._view = view
        self._grips: list[Grips] = []
        self._gesture: Gesture | None = None
        self._at = QPointF()
        self._edge_scroll = EdgeScroll(view, self._drag_to)

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
        self.let_go()  # it may never have heard of a release
        self._gesture = self._gesture_at(point, extends=bool(held & Qt.KeyboardModifier.ShiftModifier))

    def press_middle(self, point: QPointF) -> None:
        """The wheel was pressed: what is under it is taken along."""
        self.let_go()
        self._gesture = Pan(self._view, point)

    def move(self, point: QPointF) -> None:
        self._at = point
        if self._gesture is not None:
            if self._gesture.scrolls_at_ends:
                self._edge_scroll.follow(point)
            self._gesture.move(point)

    def _drag_to(self, point: QPointF) -> None:
        if self._gesture is not None:
            self._gesture.move(point)

    def release(self, held: Qt.KeyboardModifier) -> None:
        """With Ctrl or Alt the ends that were moved snap although they don't, or don't although they do."""
        self._edge_scroll.stop()
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            self._view.update()
            gesture.end(held)

    def double_click(self, point: QPointF) -> None:
        """Twice, and nowhere special: forget the selection; where there is none, select what is in sight.

        On the ruler its ends are typed.
        """
        view = self._view
        if point.y() < view.lane_area.top():
            view.typing_wanted.emit()
            return
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
        self._edge_scroll.stop()
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

    def _gesture_at(self, point: QPointF, *, extends: bool) -> Gesture:
        view = self._view
        if self._is_on_cap(point):
            return Scrub(view, point)
        if view.lane_area.contains(point):
            for grips in self._grips:
                if grips.press(point, view.lane_area, view.span):
                    return Hold(view, grips)
        edge = self._edge_at(point)
        if edge is not None:
            return MoveEdge(view, point, edge)
        if point.y() < view.lane_area.top():
            return Scrub(view, point)
        return Select(view, point, extends=extends)

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
