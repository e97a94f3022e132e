"""Paints the lanes of a waveform: the wave as a kept picture, and around it whatever is quick to draw."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QWidget

from app.domain.clip_edit import WHOLE, ClipEdit
from app.ui.controls.painting import fill_rounded
from app.ui.device_pixels import device_pixels, hairline
from app.ui.lane_guides import LaneGuides
from app.ui.lane_place import LanePlace, lanes_for, places_in
from app.ui.loop_region import LoopRegion
from app.ui.theme import Theme
from app.ui.tokens import DARK
from app.ui.view_span import ViewSpan
from app.ui.wave_layers import Depth, Layer
from app.ui.wave_scale import WaveScale

if TYPE_CHECKING:
    from app.audio.peaks import Peaks
    from app.ui.peak_columns import SampleBlock

_RADIUS_PX = 4
_LEAST_LANE_PX = 22
_OUT_OF_SIGHT = 1000  # columns
_BORDER, _TINT, _SHADE = 0.9, 0.12, 0.75  # how opaque


class LanePainter:
    """Draws into a rectangle of `canvas`. While only the playhead moves the wave isn't drawn anew."""

    def __init__(self, theme: Theme, canvas: QWidget) -> None:
        self._theme = theme
        self._canvas = canvas
        self._guides = LaneGuides(theme)
        self._peaks: Peaks | None = None
        self._block: SampleBlock | None = None
        self._names: tuple[str, ...] = ("L", "R")
        self._scale = WaveScale.LINEAR
        self._edit = WHOLE
        self._opacity = 1.0
        self._layers: dict[Depth, list[Layer]] = {depth: [] for depth in Depth}
        self._wave: QImage | None = None
        self._wave_of: object = None

    # what is shown

    def show(self, peaks: Peaks | None) -> None:
        """Show other peaks, or empty lanes."""
        self._peaks = peaks
        self.forget()

    def show_channels(self, names: tuple[str, ...]) -> None:
        """Show another take, with a lane for each of its channels where there is room for all."""
        self._names = names
        self._edit = WHOLE
        self._block = None
        self.show(None)

    def show_samples(self, block: SampleBlock | None) -> None:
        """Single samples, for a close zoom."""
        self._block = block
        self.forget()

    @property
    def block(self) -> SampleBlock | None:
        return self._block

    @property
    def has_peaks(self) -> bool:
        return self._peaks is not None

    @property
    def scale(self) -> WaveScale:
        return self._scale

    def set_scale(self, scale: WaveScale) -> None:
        self._scale = scale
        self.forget()

    def set_edit(self, edit: ClipEdit) -> None:
        """What is cut and faded: the wave is drawn as it will sound."""
        self._edit = edit

    def add_layer(self, layer: Layer, depth: Depth) -> None:
        """Paint this too, on top of what is there already at this depth."""
        self._layers[depth].append(layer)

    def set_opacity(self, opacity: float) -> None:
        """How strong the wave is, from 0 to 1; below 1 it makes room for what is painted below it."""
        if (self._opacity == 1) != (opacity == 1):
            self.forget()
        self._opacity = opacity

    def forget(self) -> None:
        """Draw the wave anew: colours have changed."""
        self._wave_of = None

    # where things are

    @property
    def columns(self) -> int:
        """How many device pixels the canvas is wide."""
        return max(1, round(self._canvas.width() * self.ratio))

    @property
    def ratio(self) -> float:
        return self._canvas.devicePixelRatioF()

    def lanes(self, area: QRectF) -> list[QRectF]:
        """The lanes in an area, with a line between two."""
        ratio = self.ratio
        return [
            QRectF(area.left(), area.top() + place.top / ratio, area.width(), place.height / ratio)
            for place in self._places(area)
        ]

    def note(self, area: QRectF) -> str:
        """What has to be said about the channels that are on show; mostly nothing."""
        shown = len(self._places(area))
        return f"first {shown} of {len(self._names)} channels" if shown < len(self._names) else ""

    def column_of(self, frame: float, span: ViewSpan) -> int:
        """The device pixel column at which the line of a frame begins; that of the very end is inside too.

        However far out of sight a frame is, its column isn't: Qt counts pixels in 32 bits.
        """
        column = min(max(round(span.x_of(frame, self.columns)), -_OUT_OF_SIGHT), self.columns + _OUT_OF_SIGHT)
        return min(column, self.columns - hairline(self.ratio)) if frame <= span.end else column

    def _places(self, area: QRectF) -> tuple[LanePlace, ...]:
        lanes = lanes_for(len(self._names), area.height(), self._theme.px(_LEAST_LANE_PX))
        return places_in(max(1, round(area.height() * self.ratio)), lanes, hairline(self.ratio))

    # painting

    def paint_ground(self, painter: QPainter, area: QRectF) -> None:
        """The empty well."""
        fill_rounded(painter, area, _RADIUS_PX, self._theme.color("canvas"))

    def paint(self, painter: QPainter, area: QRectF, span: ViewSpan, region: LoopRegion | None) -> None:
        """Region, guides, wave, names of the lanes, and what others put below the playhead."""
        color, ratio = self._theme.color, self.ratio
        lanes, places, line = self.lanes(area), self._places(area), hairline(ratio)
        width, height = self.columns, round(area.height() * ratio)
        marked = None if region is None else self._columns_of(region, span)
        if self._opacity == 1:
            with device_pixels(painter, area.topLeft(), ratio):
                if marked is not None:
                    painter.fillRect(marked[0], 0, marked[1] - marked[0], height, color("wsel"))
                self._guides.paint_lines(painter, width, places, self._scale, line, ratio)
        self._paint_layers(painter, Depth.BELOW_WAVE, lanes, span)
        with device_pixels(painter, area.topLeft(), ratio):
            if self._opacity < 1 and marked is not None:
                painter.fillRect(marked[0], 0, marked[1] - marked[0], height, _with_alpha(self._accent, _TINT))
            wave = self._wave_image(span, places, (width, height))
            if wave is not None:
                painter.setOpacity(self._opacity)
                painter.drawImage(0, 0, wave)
                painter.setOpacity(1)
            for place in places[:-1]:
                painter.fillRect(0, place.top + place.height, width, line, color("line_field"))
            if marked is not None:
                border = _with_alpha(self._accent, _BORDER)
                painter.fillRect(marked[0], 0, line, height, border)
                painter.fillRect(marked[1] - line, 0, line, height, border)
        if self._opacity > 0:
            self._guides.paint_labels(painter, lanes, self._scale, ratio, is_over_picture=self._opacity < 1)
        names = self._names if len(self._names) > 1 else ()
        self._guides.paint_names(painter, lanes, names, self.note(area), is_over_picture=self._opacity < 1)
        self._paint_layers(painter, Depth.ABOVE_WAVE, lanes, span)

    def paint_top(self, painter: QPainter, area: QRectF, span: ViewSpan) -> None:
        """What others put above the playhead."""
        self._paint_layers(painter, Depth.ABOVE_PLAYHEAD, self.lanes(area), span)

    def _paint_layers(self, painter: QPainter, depth: Depth, lanes: Sequence[QRectF], span: ViewSpan) -> None:
        for layer in self._layers[depth]:
            painter.save()
            try:
                layer.paint(painter, lanes, span)
            finally:
                painter.restore()

    @property
    def _accent(self) -> QColor:
        """Of the region; the picture below a faint wave is dark in any scheme."""
        return self._theme.color("accent") if self._opacity == 1 else QColor(DARK.accent)

    def paint_playhead(self, painter: QPainter, area: QRectF, column: int) -> None:
        """A line on a shade that keeps it visible on the wave, in a device pixel column."""
        line = hairline(self.ratio)
        height = round(area.height() * self.ratio)
        with device_pixels(painter, area.topLeft(), self.ratio):
            shade = _with_alpha(self._theme.color("canvas"), _SHADE)
            painter.fillRect(column - line, 0, 3 * line, height, shade)
            painter.fillRect(column, 0, line, height, self._theme.color("playhead"))

    def _columns_of(self, region: LoopRegion, span: ViewSpan) -> tuple[int, int] | None:
        """The columns that a region covers, at least a line; None when it is out of sight."""
        left = round(span.x_of(region.start, self.columns))
        right = max(round(span.x_of(region.end, self.columns)), left + hairline(self.ratio))
        return None if right < 0 or left > self.columns else (max(left, -4), min(right, self.columns + 4))

    def _wave_image(self, span: ViewSpan, places: tuple[LanePlace, ...], size: tuple[int, int]) -> QImage | None:
        if self._peaks is None or self._opacity == 0:
            return None
        wanted = (span, places, size, self.ratio, self._scale, self._edit)
        if self._wave_of != wanted:
            self._wave = self._render(self._peaks, span, places, size)
            self._wave_of = wanted
        return self._wave

    def _render(self, peaks: Peaks, span: ViewSpan, places: tuple[LanePlace, ...], size: tuple[int, int]) -> QImage:
        from app.ui.wave_picture import WaveColors, wave_picture  # NumPy, which the start of the window doesn't need

        color = self._theme.color
        if self._opacity == 1:
            plain = ("wpeak", "wcore", "wpeakoff", "err", "wpeakoff", "wcoreoff")
            colors = WaveColors(*(color(name) for name in plain))
        else:  # white stands out from all colours that the picture below may have
            over = (DARK.text2, DARK.playhead, DARK.wpeakoff, DARK.err)
            colors = WaveColors(*(QColor(each) for each in over))
        return wave_picture(
            peaks,
            self._block,
            span,
            places,
            size,
            colors,
            scale=self._scale,
            ratio=self.ratio,
            edit=self._edit,
            reuse=self._wave,
        )


def _with_alpha(color: QColor, alpha: float) -> QColor:
    color.setAlphaF(alpha)
    return color
