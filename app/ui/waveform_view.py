"""The waveform of a take: lanes, ruler, playhead and the part that loops. It announces wishes and shows values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy, QWidget

from app.ui.channel_names import channel_names
from app.ui.lane_painter import LanePainter
from app.ui.loop_region import LoopRegion
from app.ui.theme import Theme
from app.ui.time_ruler import TimeRuler
from app.ui.view_span import ViewSpan
from app.ui.wave_keys import LONG_NUDGE_S, NUDGE_S, WaveKeys
from app.ui.wave_layers import Grips, Layer
from app.ui.wave_mouse import WaveMouse
from app.ui.wave_wheel import pinched, turned

if TYPE_CHECKING:
    from app.audio.peaks import Floats, Peaks

KEY_ZOOM = 2.0
_CAP_PX = 7  # half of the playhead's cap, rounded up
_LANES_PX = 64
_DESCRIPTION = "Position in milliseconds. Left and Right move 10 milliseconds, with Shift one second."


class WaveformView(QAbstractSlider):
    """Paints peaks column by column; a click seeks, a drag selects, the wheel zooms at the pointer.

    To assistive technology it is a slider: its value is the position in milliseconds. Everything else counts in
    frames of the take.
    """

    seek_wanted = Signal(int)
    region_changed = Signal(object)  # LoopRegion | None, by the user's hand
    samples_wanted = Signal(int, int)  # first frame and how many: the zoom is closer than the peaks are
    span_changed = Signal(object)  # ViewSpan, by the user's hand or because the playhead left the view
    scrub_started = Signal(int)  # the playhead is dragged: from which frame
    scrubbed = Signal(int)  # the frame below the pointer
    scrub_ended = Signal()
    picture_shown = Signal(bool)  # whether a picture lies below the wave, dark in any scheme
    pointed = Signal(object)  # QPointF: where the mouse is; None: it has left

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._ruler = TimeRuler(theme)
        self._rate_hz = 48_000
        self._span = ViewSpan.whole(1)
        self._region: LoopRegion | None = None
        self._position = 0
        self._painter = LanePainter(theme, self)
        self._mouse = WaveMouse(self)
        self._keys = WaveKeys(self)
        self._is_empty = True
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Waveform")
        self.setProperty("ringRadius", 4)
        self.valueChanged.connect(self._on_value)
        theme.changed.connect(self._refresh_from_theme)
        self._refresh_from_theme()

    # what is shown

    def show_take(self, frames: int, sample_rate_hz: int, channels: int) -> None:
        """Make room for another take: all of it, without peaks or a region, at its start."""
        self._is_empty = frames <= 0
        self._rate_hz = max(sample_rate_hz, 1)
        self._painter.show_channels(channel_names(channels))
        self._describe()
        self._region = None
        self._mouse.let_go()
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
        self._painter.show(peaks)
        self._ask_for_samples()
        self.update()

    def show_samples(self, start: int, samples: Floats) -> None:
        """Single samples of the take that is on show, shape (channels, frames); asked for with `samples_wanted`."""
        from app.ui.wave_samples import block_of  # NumPy, which the start of the window doesn't need

        self._painter.show_samples(block_of(start, samples))
        self.update()

    def show_region(self, region: LoopRegion | None) -> None:
        """Mark another part; announces nothing."""
        if region != self._region:
            self._region = region
            self.update()

    def show_position(self, frame: int, *, follow: bool = False) -> None:
        """Move the playhead; with `follow` the view turns the page when the playhead leaves it."""
        before, self._position = self._playhead_column(), frame
        if follow and not self._mouse.is_busy and not self._span.start <= frame <= self._span.end:
            self._set_span(self._span.paged_to(frame))
            return
        after = self._playhead_column()
        if before != after:
            self._update_column(before)
            self._update_column(after)

    def announce_position(self) -> None:
        """Tell assistive technology where the playhead is; too often would be a flood while playing."""
        with QSignalBlocker(self):
            self.setValue(self._milliseconds(self._position))

    def show_span(self, span: ViewSpan) -> None:
        """Show another part of the take; one of another take is ignored."""
        if span.total == self._span.total:
            self._set_span(span)

    # what others put on it

    def add_layer(self, layer: Layer, *, below_wave: bool = False, below_others: bool = False) -> None:
        """Have something painted on the lanes with every frame, above the wave or below it.

        Args:
            below_others: Also below the layers there that were added before.
        """
        self._painter.add_layer(layer, below_wave=below_wave, below_others=below_others)
        self.update()

    def add_grips(self, grips: Grips) -> None:
        """Ask these handles first when the mouse is pressed on the lanes."""
        self._mouse.add_grips(grips)

    def show_wave(self, opacity: float) -> None:
        """How strong the wave is: 0 isn't there at all, 1 is as usual, between them it lies over what is below."""
        self._painter.set_opacity(min(max(opacity, 0.0), 1.0))
        self.picture_shown.emit(opacity < 1)
        self.update()

    def lanes(self) -> list[QRectF]:
        """Where each channel is drawn, in pixels of this widget."""
        return self._painter.lanes(self.lane_area)

    @property
    def lane_area(self) -> QRectF:
        """All lanes together: everything below the ruler."""
        top = self._ruler.height_px
        return QRectF(0, top, self.width(), max(self.height() - top, 1))

    def x_of(self, frame: float) -> float:
        """Where a frame is, in pixels; outside the widget when it isn't visible."""
        return self._span.x_of(frame, self.width())

    def frame_at(self, point: QPointF) -> float:
        """The frame at a point, kept inside the take."""
        return self._span.frame_at(point.x(), self.width())

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
        self.choose_region(LoopRegion.between(self._position, end, self._span.total))

    def end_loop_here(self) -> None:
        """The region ends at the playhead; it begins at its old start, or at the start of the take."""
        start = self._region.start if self._region and self._region.start < self._position else 0
        self.choose_region(LoopRegion.between(start, self._position, self._span.total))

    def clear_region(self) -> None:
        self.choose_region(None)

    def nudge(self, seconds: float) -> None:
        """Move the playhead by a bit."""
        self.seek(self._position + seconds * self._rate_hz)

    # keys, wheel and mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        act = None if self._is_empty else self._keys.act_of(event)
        if act is None:
            event.ignore()
        else:
            act()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._set_span(turned(event, self._span, self.width()))
        event.accept()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent) and event.gestureType() is Qt.NativeGestureType.ZoomNativeGesture:
            self._set_span(pinched(event, self._span, self.width()))
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and not self._is_empty:
            extends = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._mouse.press(event.position(), extends=extends)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._mouse.move(event.position())
        if not self._mouse.is_busy:
            self._show_cursor(event.position())
        if not self._is_empty:
            self.pointed.emit(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._mouse.release(event.position())
            self._show_cursor(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and not self._is_empty:
            self._mouse.double_click(event.position())

    def leaveEvent(self, event: QEvent) -> None:
        self.pointed.emit(None)
        super().leaveEvent(event)

    def _show_cursor(self, point: QPointF) -> None:
        self.setCursor(Qt.CursorShape.ArrowCursor if self._is_empty else self._mouse.cursor_at(point))

    # wishes

    def seek(self, frame: float) -> None:
        """Ask for the playhead to be somewhere in the take."""
        self.seek_wanted.emit(round(min(max(frame, 0), self._span.total)))

    def choose_region(self, region: LoopRegion | None) -> None:
        """Select another part, by the user's hand."""
        self.show_region(region)
        self.region_changed.emit(region)

    def _on_value(self, milliseconds: int) -> None:
        # Our own changes are silent: this is a screen reader that moved the slider.
        self.seek(milliseconds * self._rate_hz / 1000)

    def _set_span(self, span: ViewSpan) -> None:
        if span != self._span:
            self._span = span
            self._ask_for_samples()
            self.update()
            self.span_changed.emit(span)

    def _ask_for_samples(self) -> None:
        if not self._painter.has_peaks:
            return
        from app.ui.wave_samples import stretch_wanted  # NumPy, which the start of the window doesn't need

        stretch = stretch_wanted(self._span, self._painter.columns, self._painter.block)
        if stretch is not None:
            self.samples_wanted.emit(*stretch)

    def _zoom_centre(self) -> float:
        is_in_sight = self._span.start <= self._position <= self._span.end
        return self._position if is_in_sight else (self._span.start + self._span.end) / 2

    def _milliseconds(self, frames: int) -> int:
        return round(frames * 1000 / self._rate_hz)

    def _playhead_column(self) -> int:
        return self._painter.column_of(self._position, self._span)

    def _update_column(self, column: int) -> None:
        """Have what hangs on a device pixel column painted anew."""
        x = int(column / self._painter.ratio)
        self.update(QRect(x - _CAP_PX, 0, 2 * _CAP_PX + 2, self.height()))

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setClipRegion(event.region())
        ruler = QRectF(0, 0, self.width(), self._ruler.height_px)
        area, ratio = self.lane_area, self._painter.ratio
        self._painter.paint_ground(painter, area)
        if self._is_empty:
            return
        self._painter.paint(painter, area, self._span, self._region)
        self._ruler.paint_scale(painter, ruler, self._span, self._rate_hz, ratio)
        if self._region is not None:
            self._ruler.paint_brace(painter, ruler, self._span, self._region, ratio)
        column = self._playhead_column()
        if -_CAP_PX <= column / ratio <= self.width() + _CAP_PX:
            self._painter.paint_playhead(painter, area, column)
            self._ruler.paint_playhead(painter, ruler, column, ratio)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._describe()
        self._ask_for_samples()
        super().resizeEvent(event)

    def _describe(self) -> None:
        """Say what the value is and what keys do, and which channels are on show if not all."""
        note = self._painter.note(self.lane_area)
        description = f"{_DESCRIPTION} Shows the {note}." if note else _DESCRIPTION
        if description != self.accessibleDescription():
            self.setAccessibleDescription(description)

    def _refresh_from_theme(self) -> None:
        self._painter.forget()
        self.setMinimumHeight(self._theme.px(_LANES_PX) + self._ruler.height_px)
        self.update()
