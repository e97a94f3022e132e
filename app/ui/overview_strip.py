"""The whole take in a narrow strip, with a frame around what the waveform below shows."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.controls.painting import fill_rounded
from app.ui.device_pixels import device_pixels, hairline
from app.ui.loop_region import LoopRegion
from app.ui.theme import Theme
from app.ui.view_span import ViewSpan
from app.ui.wave_wheel import turned

if TYPE_CHECKING:
    from app.audio.peaks import Floats, Peaks

OVERVIEW_PX, SMALL_OVERVIEW_PX = 28, 22
_GRAB_PX = 7  # to either side of an edge
_GAIN = 1.25  # the strip is low: quiet takes would be a line
_VEIL = 0.55


class _Held(Enum):
    """What a drag moves."""

    NOTHING = 0
    FRAME = 1
    LEFT_EDGE = 2
    RIGHT_EDGE = 3


class OverviewStrip(QWidget):
    """Dragging moves the view, its edges zoom; `span_wanted` carries the `ViewSpan` that was asked for."""

    span_wanted = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._peaks: Peaks | None = None
        self._samples: Floats | None = None
        self._span = ViewSpan.whole(1)
        self._region: LoopRegion | None = None
        self._position = 0
        self._wave: QImage | None = None
        self._held = _Held.NOTHING
        self._grabbed_at = 0.0
        self._is_small = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setAccessibleName("Overview")
        theme.changed.connect(self._refresh_from_theme)

    def set_small(self, is_small: bool) -> None:
        """Lower, for a small window."""
        if is_small != self._is_small:
            self._is_small = is_small
            self.updateGeometry()

    def show_peaks(self, peaks: Peaks | None) -> None:
        self._peaks = peaks
        if peaks is None:
            self._samples = None
        self._wave = None
        self.update()

    def show_samples(self, samples: Floats) -> None:
        """All samples of a take that is short, shape (channels, frames)."""
        self._samples = samples
        self._wave = None
        self.update()

    def show_span(self, span: ViewSpan) -> None:
        if span.total != self._span.total:
            self._wave = None
        self._span = span
        self.update()

    def show_region(self, region: LoopRegion | None) -> None:
        self._region = region
        self.update()

    def show_position(self, frame: int) -> None:
        """Move the playhead; repaints the two places alone."""
        before, after = self._playhead_x(), self._x(frame)
        self._position = frame
        if before != after:
            for x in (before, after):
                self.update(x - 1, 0, 3, self.height())

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(200), self._theme.px(SMALL_OVERVIEW_PX if self._is_small else OVERVIEW_PX))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(60), self.sizeHint().height())

    # the mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton or self._peaks is None:
            return
        x = event.position().x()
        self._held = self._at(x)
        if self._held is _Held.NOTHING:  # beside the frame: bring its middle here
            self._held = _Held.FRAME
            self._want(self._span.scrolled(self._frame(x) - (self._span.start + self._span.end) / 2))
        self._grabbed_at = self._frame(x) - self._span.start

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        match self._held:
            case _Held.NOTHING:
                self._show_cursor(x)
            case _Held.FRAME:
                self._want(self._span.scrolled(self._frame(x) - self._grabbed_at - self._span.start))
            case _Held.LEFT_EDGE:
                self._want(self._span.between(min(self._frame(x), self._span.end), self._span.end))
            case _Held.RIGHT_EDGE:
                self._want(self._span.between(self._span.start, max(self._frame(x), self._span.start)))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._held = _Held.NOTHING
        self._show_cursor(event.position().x())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """As on the waveform below: zoom at the pointer, sideways or with Shift scroll."""
        if self._peaks is not None:
            self._want(turned(event, self._span, self.width(), self._frame(event.position().x())))
        event.accept()

    def _want(self, span: ViewSpan) -> None:
        self._span = span
        self.update()
        self.span_wanted.emit(span)

    def _at(self, x: float) -> _Held:
        left, right = self._x(self._span.start), self._x(self._span.end)
        inside = min(_GRAB_PX, (right - left) // 3)  # a narrow frame keeps a middle to be moved by
        if left - _GRAB_PX <= x <= left + inside:
            return _Held.LEFT_EDGE
        if right - inside <= x <= right + _GRAB_PX:
            return _Held.RIGHT_EDGE
        return _Held.FRAME if left < x < right else _Held.NOTHING

    def _show_cursor(self, x: float) -> None:
        held = self._at(x) if self._peaks is not None else _Held.NOTHING
        edge = held in (_Held.LEFT_EDGE, _Held.RIGHT_EDGE)
        inside = held is _Held.FRAME and not self._span.is_whole
        self.setCursor(
            Qt.CursorShape.SizeHorCursor
            if edge
            else Qt.CursorShape.OpenHandCursor
            if inside
            else Qt.CursorShape.ArrowCursor
        )

    def _frame(self, x: float) -> float:
        return ViewSpan.whole(self._span.total).frame_at(x, self.width())

    def _x(self, frame: float) -> int:
        return round(frame / self._span.total * self.width())

    def _playhead_x(self) -> int:
        return min(self._x(self._position), self.width() - 1)

    # painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = self._theme
        area = QRectF(self.rect())
        fill_rounded(painter, area, 4, theme.color("canvas"))
        if self._peaks is None:
            return
        ratio = self.devicePixelRatioF()
        width, height, line = round(self.width() * ratio), round(self.height() * ratio), hairline(ratio)
        if self._wave is None or (self._wave.width(), self._wave.height()) != (max(width, 1), max(height, 1)):
            self._wave = self._render(self._peaks, (width, height), line)
        left, right = self._column(self._span.start, width), self._column(self._span.end, width)
        veil = theme.color("panel")
        veil.setAlphaF(_VEIL)
        with device_pixels(painter, QPointF(0, 0), ratio):
            painter.drawImage(0, 0, self._wave)
            painter.fillRect(0, 0, left, height, veil)
            painter.fillRect(right, 0, width - right, height, veil)
            if self._region is not None:
                start, end = self._column(self._region.start, width), self._column(self._region.end, width)
                painter.fillRect(start, height - 2 * line, max(end - start, line), 2 * line, theme.color("accent"))
        frame = QRectF(left / ratio, 0, max((right - left) / ratio, 4.0), area.height())
        fill_rounded(painter, frame, 4, None, theme.color("text2"))
        with device_pixels(painter, QPointF(0, 0), ratio):
            playhead = min(self._column(self._position, width), width - line)
            painter.fillRect(playhead, line, line, height - 2 * line, theme.color("playhead"))

    def _column(self, frame: float, width: int) -> int:
        """The device pixel in which a frame lies."""
        return round(frame / self._span.total * width)

    def _render(self, peaks: Peaks, size: tuple[int, int], line: int) -> QImage:
        from app.ui.lane_place import LanePlace
        from app.ui.peak_columns import mixed_columns
        from app.ui.waveform_painter import WaveColors, wave_image

        width, height = max(size[0], 1), max(size[1], 1)
        margin = min(2 * line, (height - 1) // 2)
        columns = mixed_columns(peaks, width, self._span.total, self._samples)
        color = self._theme.color
        colors = WaveColors(color("wpeak"), color("wpeak"), color("wpeakoff"), color("err"))
        place = LanePlace(margin, height - 2 * margin)
        return wave_image([(columns, place)], (width, height), colors, gain=_GAIN, thickness=line)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._wave = None
        super().resizeEvent(event)

    def _refresh_from_theme(self) -> None:
        self._wave = None
        self.updateGeometry()
        self.update()
