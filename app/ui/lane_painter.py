"""Paints the lanes of a waveform: the wave as a kept picture, and around it whatever is quick to draw."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from app.ui.controls.painting import fill_rounded
from app.ui.loop_region import LoopRegion
from app.ui.theme import Theme
from app.ui.view_span import ViewSpan
from app.ui.wave_layers import Layer

if TYPE_CHECKING:
    from app.audio.peaks import Peaks
    from app.ui.peak_columns import SampleBlock

MOST_LANES = 2
_RADIUS_PX = 4
_GUIDE_DBFS = -6.0
_BORDER, _TINT, _SHADE = 0.9, 0.12, 0.75  # how opaque


class LanePainter:
    """Draws into a rectangle of `canvas`. While only the playhead moves the wave isn't drawn anew."""

    def __init__(self, theme: Theme, canvas: QWidget) -> None:
        self._theme = theme
        self._canvas = canvas
        self._peaks: Peaks | None = None
        self._block: SampleBlock | None = None
        self._lanes = MOST_LANES
        self._wave: tuple[ViewSpan, QPixmap] | None = None
        self._opacity = 1.0
        self._below: list[Layer] = []
        self._above: list[Layer] = []

    def add_layer(self, layer: Layer, *, below_wave: bool) -> None:
        """Paint this too, above all lanes or below the wave."""
        (self._below if below_wave else self._above).append(layer)

    def set_opacity(self, opacity: float) -> None:
        """How strong the wave is, from 0 to 1; below 1 it makes room for what is painted below it."""
        self._opacity = opacity

    def lanes(self, area: QRectF) -> list[QRectF]:
        """The lanes in an area, with a line of 1 px between two."""
        height = max(int((area.height() - (self._lanes - 1)) / self._lanes), 1)
        return [
            QRectF(area.left(), area.top() + number * (height + 1), area.width(), height)
            for number in range(self._lanes)
        ]

    def show(self, peaks: Peaks | None, channels: int) -> None:
        """Show other peaks, or empty lanes; one lane a channel, two at the most."""
        self._peaks, self._block = peaks, None
        self._lanes = min(max(channels, 1), MOST_LANES)
        self.forget()

    def show_samples(self, block: SampleBlock) -> None:
        """Single samples, for a close zoom."""
        self._block = block
        self.forget()

    def lacks_samples(self, span: ViewSpan) -> bool:
        """Whether the zoom is closer than the peaks are, and the samples of this part aren't there."""
        if self._peaks is None:
            return False
        from app.ui.peak_columns import needs_samples

        columns = max(1, round(self._canvas.width() * self._canvas.devicePixelRatioF()))
        has_them = self._block is not None and self._block.covers(span)
        return needs_samples(span, columns) and not has_them

    def forget(self) -> None:
        """Draw the wave anew: colours have changed."""
        self._wave = None

    def paint_ground(self, painter: QPainter, area: QRectF) -> None:
        """The empty well."""
        fill_rounded(painter, area, _RADIUS_PX, self._theme.color("canvas"))

    def paint(self, painter: QPainter, area: QRectF, span: ViewSpan, region: LoopRegion | None) -> None:
        """Region, guides, wave, names of the lanes, and what others put on them."""
        color = self._theme.color
        marked = None if region is None else _place_of(region, span, area)
        places = self.lanes(area)
        if self._opacity == 1:
            if marked is not None:
                painter.fillRect(marked.toRect(), color("wsel"))
            for place in places:
                self._paint_guides(painter, place)
        _paint_layers(painter, self._below, places, span)
        if self._opacity < 1 and marked is not None:
            painter.fillRect(marked.toRect(), _with_alpha(color("accent"), _TINT))
        if self._opacity > 0:
            self._paint_wave(painter, area, span)
        for place in places[:-1]:
            painter.fillRect(QRectF(area.left(), place.bottom(), area.width(), 1).toRect(), color("line_field"))
        if len(places) > 1:
            self._paint_names(painter, places)
        if marked is not None:
            border = _with_alpha(color("accent"), _BORDER)
            painter.fillRect(QRectF(marked.left(), area.top(), 1, area.height()).toRect(), border)
            painter.fillRect(QRectF(marked.right() - 1, area.top(), 1, area.height()).toRect(), border)
        _paint_layers(painter, self._above, places, span)

    def paint_playhead(self, painter: QPainter, area: QRectF, x: float) -> None:
        """A line one pixel wide, on a shade that keeps it visible on the wave."""
        shade = _with_alpha(self._theme.color("canvas"), _SHADE)
        painter.fillRect(QRectF(x - 1, area.top(), 3, area.height()).toRect(), shade)
        painter.fillRect(QRectF(x, area.top(), 1, area.height()).toRect(), self._theme.color("playhead"))

    def _paint_guides(self, painter: QPainter, place: QRectF) -> None:
        middle = place.center().y()
        reach = place.height() / 2 * 0.98 * 10 ** (_GUIDE_DBFS / 20)
        for y in (middle - reach, middle + reach):
            painter.fillRect(QRectF(place.left(), round(y), place.width(), 1).toRect(), self._theme.color("line"))
        painter.fillRect(QRectF(place.left(), int(middle), place.width(), 1).toRect(), self._theme.color("wzero"))

    def _paint_names(self, painter: QPainter, places: list[QRectF]) -> None:
        painter.setPen(self._theme.color("text3" if self._opacity == 1 else "text"))
        painter.setFont(self._theme.font("caption", bold=True))
        line = self._theme.line_height("caption")
        for name, place in zip("LR", places, strict=True):
            text = QRectF(place.left() + 8, place.top() + 4, 20, line)
            painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, name)

    def _paint_wave(self, painter: QPainter, area: QRectF, span: ViewSpan) -> None:
        wave = self._wave_pixmap(area, span)
        if wave is not None:
            painter.setOpacity(self._opacity)
            painter.drawPixmap(area.topLeft(), wave)
            painter.setOpacity(1)

    def _wave_pixmap(self, area: QRectF, span: ViewSpan) -> QPixmap | None:
        if self._peaks is None:
            return None
        ratio = self._canvas.devicePixelRatioF()
        size = (max(1, round(area.width() * ratio)), max(1, round(area.height() * ratio)))
        if self._wave is not None:
            kept_span, kept = self._wave
            is_same_size = (kept.width(), kept.height()) == size and kept.devicePixelRatio() == ratio
            if kept_span == span and is_same_size:
                return kept
        pixmap = self._render(self._peaks, area, span, size, ratio)
        self._wave = (span, pixmap)
        return pixmap

    def _render(self, peaks: Peaks, area: QRectF, span: ViewSpan, size: tuple[int, int], ratio: float) -> QPixmap:
        from app.ui.peak_columns import lane_columns  # NumPy, which the start of the window doesn't need
        from app.ui.waveform_painter import LanePlace, wave_image

        places = [
            LanePlace(round((place.top() - area.top()) * ratio), max(1, int(place.height() * ratio)))
            for place in self.lanes(area)
        ]
        lanes = list(zip(lane_columns(peaks, span, size[0], self._block), places, strict=False))
        color = self._theme.color
        pixmap = QPixmap.fromImage(wave_image(lanes, size, envelope=color("wpeak"), core=color("wcore")))
        pixmap.setDevicePixelRatio(ratio)
        return pixmap


def _paint_layers(painter: QPainter, layers: Sequence[Layer], lanes: Sequence[QRectF], span: ViewSpan) -> None:
    for layer in layers:
        painter.save()
        layer.paint(painter, lanes, span)
        painter.restore()


def _with_alpha(color: QColor, alpha: float) -> QColor:
    color.setAlphaF(alpha)
    return color


def _place_of(region: LoopRegion, span: ViewSpan, area: QRectF) -> QRectF | None:
    """Where a region lies, at least one pixel wide; None when it is out of sight."""
    left = round(span.x_of(region.start, area.width()))
    right = max(round(span.x_of(region.end, area.width())), left + 1)
    if right < 0 or left > area.width():
        return None
    return QRectF(area.left() + left, area.top(), right - left, area.height())
