"""The waveform of a take: lanes, ruler, playhead and the part that loops. It announces wishes and shows values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractSlider, QApplication, QSizePolicy, QWidget

from app.ui.lane_painter import LanePainter
from app.ui.loop_region import Edge, LoopRegion
from app.ui.theme import Theme
from app.ui.time_ruler import TimeRuler
from app.ui.view_span import ViewSpan

if TYPE_CHECKING:
    from app.audio.peaks import Floats, Peaks

NUDGE_S, LONG_NUDGE_S = 0.01, 1.0
KEY_ZOOM, WHEEL_ZOOM = 2.0, 1.25
_WHEEL_NOTCH = 120
_SCROLLED_SHARE = 0.1  # of the visible part, for one notch of the wheel
_GRAB_PX = 7  # to either side of an edge
_CAP_PX = 7  # half of the playhead's cap, rounded up
_LANES_PX = 64


@dataclass(slots=True)
class _Drag:
    """The left button is down: since where, and on which edge of the region if on any."""

    x: float
    frame: float
    edge: Edge | None
    is_moving: bool = False


class WaveformView(QAbstractSlider):
    """Paints peaks column by column; a click seeks, a drag selects, the wheel zooms at the pointer.

    To assistive technology it is a slider: its value is the position in milliseconds. Everything else counts in
    frames of the take.
    """

    seek_wanted = Signal(int)
    region_changed = Signal(object)  # LoopRegion | None, by the user's hand
    samples_wanted = Signal(int, int)  # first frame and how many: the zoom is closer than the peaks are
    span_changed = Signal(object)  # ViewSpan, by the user's hand or because the playhead left the view

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._ruler = TimeRuler(theme)
        self._rate_hz = 48_000
        self._span = ViewSpan.whole(1)
        self._region: LoopRegion | None = None
        self._position = 0
        self._painter = LanePainter(theme, self)
        self._drag: _Drag | None = None
        self._is_empty = True
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Waveform")
        self.setAccessibleDescription(
            "Position in milliseconds. Left and Right move 10 milliseconds, with Shift one second."
        )
        self.setProperty("ringRadius", 4)
        self.valueChanged.connect(self._on_value)
        theme.changed.connect(self._refresh_from_theme)
        self._refresh_from_theme()

    # what is shown

    def show_take(self, frames: int, sample_rate_hz: int, channels: int) -> None:
        """Make room for another take: all of it, without peaks or a region, at its start."""
        self._is_empty = frames <= 0
        self._rate_hz = max(sample_rate_hz, 1)
        self._painter.show(None, channels)
        self._region, self._drag = None, None
        self._position = 0
        with QSignalBlocker(self):
            self.setRange(0, self._milliseconds(max(frames, 0)))
            self.setSingleStep(round(NUDGE_S * 1000))
            self.setPageStep(round(LONG_NUDGE_S * 1000))
            self.setValue(0)
        self._set_span(ViewSpan.whole(max(frames, 1)))
        self.update()

    def grow(self, frames: int) -> None:
        """The take on show has become longer. Position and region stay; if all of it was in view, all of it is."""
        self._is_empty = frames <= 0
        with QSignalBlocker(self):
            self.setRange(0, self._milliseconds(max(frames, 0)))
        total = max(frames, 1)
        self._set_span(ViewSpan.whole(total) if self._span.is_whole else self._span.grown_to(total))
        self.update()

    def show_nothing(self) -> None:
        self.show_take(0, self._rate_hz, 2)

    def show_peaks(self, peaks: Peaks) -> None:
        """The peaks of the take that is on show."""
        self._painter.show(peaks, peaks.channels)
        self._ask_for_samples()
        self.update()

    def show_samples(self, start: int, samples: Floats) -> None:
        """Single samples of the take that is on show, shape (channels, frames); asked for with `samples_wanted`."""
        from app.ui.peak_columns import SampleBlock  # NumPy, which the start of the window doesn't need

        self._painter.show_samples(SampleBlock(start, samples))
        self.update()

    def show_region(self, region: LoopRegion | None) -> None:
        """Mark another part; announces nothing."""
        if region != self._region:
            self._region = region
            self.update()

    def show_position(self, frame: int, *, follow: bool = False) -> None:
        """Move the playhead; with `follow` the view turns the page when the playhead leaves it."""
        before, self._position = self._playhead_x(), frame
        if follow and self._drag is None and not self._span.start <= frame <= self._span.end:
            self._set_span(self._span.paged_to(frame))
            return
        after = self._playhead_x()
        if before != after:
            for x in (before, after):
                self.update(QRect(x - _CAP_PX, 0, 2 * _CAP_PX + 1, self.height()))

    def announce_position(self) -> None:
        """Tell assistive technology where the playhead is; too often would be a flood while playing."""
        with QSignalBlocker(self):
            self.setValue(self._milliseconds(self._position))

    def show_span(self, span: ViewSpan) -> None:
        """Show another part of the take; one of another take is ignored."""
        if span.total == self._span.total:
            self._set_span(span)

    @property
    def span(self) -> ViewSpan:
        return self._span

    @property
    def region(self) -> LoopRegion | None:
        return self._region

    @property
    def position(self) -> int:
        return self._position

    # what a person can do here; also for menus and shortcuts

    def zoom_in(self) -> None:
        """Closer, at the playhead if it is in sight, else in the middle."""
        self._set_span(self._span.zoomed(KEY_ZOOM, self._zoom_centre()))

    def zoom_out(self) -> None:
        self._set_span(self._span.zoomed(1 / KEY_ZOOM, self._zoom_centre()))

    def zoom_to_fit(self) -> None:
        """All of the take."""
        self._set_span(ViewSpan.whole(self._span.total))

    def start_loop_here(self) -> None:
        """The region begins at the playhead; it reaches to its old end, or to the end of the take."""
        end = self._region.end if self._region and self._region.end > self._position else self._span.total
        self._choose_region(LoopRegion.between(self._position, end, self._span.total))

    def end_loop_here(self) -> None:
        """The region ends at the playhead; it begins at its old start, or at the start of the take."""
        start = self._region.start if self._region and self._region.start < self._position else 0
        self._choose_region(LoopRegion.between(start, self._position, self._span.total))

    def clear_region(self) -> None:
        self._choose_region(None)

    def nudge(self, seconds: float) -> None:
        """Move the playhead by a bit."""
        self._seek(self._position + seconds * self._rate_hz)

    # keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._is_empty or event.modifiers() & (
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
        ):
            event.ignore()
            return
        with_shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        act = self._act_of(event.key(), LONG_NUDGE_S if with_shift else NUDGE_S)
        if act is None:
            event.ignore()  # up, down and digits belong to the list and the takes
        else:
            act()

    def _act_of(self, key: int, step_s: float) -> Callable[[], None] | None:
        acts: dict[int, Callable[[], None]] = {
            Qt.Key.Key_Left: lambda: self.nudge(-step_s),
            Qt.Key.Key_Right: lambda: self.nudge(step_s),
            Qt.Key.Key_Home: lambda: self._seek(0),
            Qt.Key.Key_End: lambda: self._seek(self._span.total),
            Qt.Key.Key_Plus: self.zoom_in,
            Qt.Key.Key_Equal: self.zoom_in,
            Qt.Key.Key_Minus: self.zoom_out,
            Qt.Key.Key_0: self.zoom_to_fit,
            Qt.Key.Key_I: self.start_loop_here,
            Qt.Key.Key_O: self.end_loop_here,
        }
        return acts.get(key)

    # wheel and touch pad

    def wheelEvent(self, event: QWheelEvent) -> None:
        pixels, notches = event.pixelDelta(), event.angleDelta()
        sideways = abs(notches.x()) > abs(notches.y())
        if sideways or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            if pixels.isNull():
                turn = notches.x() or notches.y()
                frames = -turn / _WHEEL_NOTCH * _SCROLLED_SHARE * self._span.length
            else:
                frames = -(pixels.x() or pixels.y()) / max(self.width(), 1) * self._span.length
            self._set_span(self._span.scrolled(frames))
        elif notches.y():
            around = self._span.frame_at(event.position().x(), self.width())
            self._set_span(self._span.zoomed(WHEEL_ZOOM ** (notches.y() / _WHEEL_NOTCH), around))
        event.accept()

    def event(self, event: QEvent) -> bool:
        is_pinch = (
            isinstance(event, QNativeGestureEvent) and event.gestureType() is Qt.NativeGestureType.ZoomNativeGesture
        )
        if is_pinch and isinstance(event, QNativeGestureEvent):
            around = self._span.frame_at(event.position().x(), self.width())
            self._set_span(self._span.zoomed(max(0.1, 1 + event.value()), around))
            return True
        return super().event(event)

    # the mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton or self._is_empty:
            return
        x = event.position().x()
        self._drag = _Drag(x, self._span.frame_at(x, self.width()), self._edge_at(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        drag = self._drag
        if drag is None:
            self._show_cursor(event.position())
            return
        if not drag.is_moving and abs(x - drag.x) < QApplication.startDragDistance() / 2:
            return
        drag.is_moving = True
        frame = self._span.frame_at(x, self.width())
        if drag.edge is not None and self._region is not None:
            region, drag.edge = self._region.with_edge(drag.edge, frame, self._span.total)
            self.show_region(region)
        else:
            self.show_region(LoopRegion.between(drag.frame, frame, self._span.total))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        drag, self._drag = self._drag, None
        if drag is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        if drag.is_moving:
            self.region_changed.emit(self._region)
        elif drag.edge is None:
            self._seek(drag.frame)
        self._show_cursor(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Twice: forget the region."""
        if event.button() is Qt.MouseButton.LeftButton and not self._is_empty:
            self.clear_region()

    def _edge_at(self, point: QPointF) -> Edge | None:
        if self._region is None:
            return None
        width = self.width()
        distances = {edge: abs(point.x() - self._span.x_of(self._region.frame_of(edge), width)) for edge in Edge}
        nearest = min(distances, key=lambda edge: distances[edge])
        return nearest if distances[nearest] <= _GRAB_PX else None

    def _show_cursor(self, point: QPointF) -> None:
        at_edge = not self._is_empty and self._edge_at(point) is not None
        self.setCursor(Qt.CursorShape.SizeHorCursor if at_edge else Qt.CursorShape.ArrowCursor)

    # wishes

    def _seek(self, frame: float) -> None:
        self.seek_wanted.emit(round(min(max(frame, 0), self._span.total)))

    def _choose_region(self, region: LoopRegion | None) -> None:
        self.show_region(region)
        self.region_changed.emit(region)

    def _on_value(self, milliseconds: int) -> None:
        # Our own changes are silent: this is a screen reader that moved the slider.
        self._seek(milliseconds * self._rate_hz / 1000)

    def _set_span(self, span: ViewSpan) -> None:
        if span != self._span:
            self._span = span
            self._ask_for_samples()
            self.update()
            self.span_changed.emit(span)

    def _ask_for_samples(self) -> None:
        if self._painter.lacks_samples(self._span):
            from app.ui.peak_columns import stretch_around

            self.samples_wanted.emit(*stretch_around(self._span))

    def _zoom_centre(self) -> float:
        is_in_sight = self._span.start <= self._position <= self._span.end
        return self._position if is_in_sight else (self._span.start + self._span.end) / 2

    def _milliseconds(self, frames: int) -> int:
        return round(frames * 1000 / self._rate_hz)

    def _playhead_x(self) -> int:
        x = round(self._span.x_of(self._position, self.width()))
        # The very end lies one pixel outside.
        return x - 1 if x == self.width() and self._position <= self._span.end else x

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setClipRegion(event.region())
        ruler = QRectF(0, 0, self.width(), self._ruler.height_px)
        area = QRectF(0, ruler.height(), self.width(), max(self.height() - ruler.height(), 1))
        self._painter.paint_ground(painter, area)
        if self._is_empty:
            return
        self._painter.paint(painter, area, self._span, self._region)
        self._ruler.paint_scale(painter, ruler, self._span, self._rate_hz)
        if self._region is not None:
            self._ruler.paint_brace(painter, ruler, self._span, self._region)
        x = self._playhead_x()
        if -_CAP_PX <= x <= self.width() + _CAP_PX:
            self._painter.paint_playhead(painter, area, x)
            painter.fillRect(x, 6, 1, round(ruler.height()) - 6, self._theme.color("playhead"))
            self._ruler.paint_cap(painter, ruler, x)

    def _refresh_from_theme(self) -> None:
        self._painter.forget()
        self.setMinimumHeight(self._theme.px(_LANES_PX) + self._ruler.height_px)
        self.update()
